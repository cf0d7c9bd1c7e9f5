//! Sizes counted on the wire, against what prost decodes.

use super::*;
use proptest::prelude::*;
use prost::Message as _;

const NO_LIMIT: usize = usize::MAX;

fn size_of_message(bytes: &[u8], shape: &'static Shape) -> usize {
    decoded_size(bytes, shape, NO_LIMIT).unwrap()
}

/// `content` as field `number`.
fn field_of(number: u64, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    varint::put(&mut bytes, number << 3 | 2);
    varint::put(&mut bytes, content.len() as u64);
    bytes.extend(content);
    bytes
}

/// Every field that a decoder keeps is one that the shape counts, whatever is added to the message later.
fn counts_all_that_is_kept<M: prost::Message + Default>(shape: &'static Shape) {
    const TIMES: usize = 1000;
    for number in 1..64 {
        for content in [&[][..], &[1]] {
            let bytes = field_of(number, content).repeat(TIMES);
            let Ok(message) = M::decode(&bytes[..]) else { continue };
            if message.encoded_len() >= TIMES {
                assert!(size_of_message(&bytes, shape) >= TIMES * 2, "field {number} of {}", size_of::<M>());
            }
        }
    }
}

#[test]
fn shapes_have_every_list_of_their_messages() {
    counts_all_that_is_kept::<CreateShareRequest>(&CREATE_SHARE);
    counts_all_that_is_kept::<ShareSource>(&SHARE_SOURCE);
    counts_all_that_is_kept::<Snapshot>(&SNAPSHOT);
    counts_all_that_is_kept::<SnapshotSide>(&SIDE);
    counts_all_that_is_kept::<CallTreeColumns>(&COLUMNS);
    counts_all_that_is_kept::<FlameChart>(&CHART);
    counts_all_that_is_kept::<OffsetCells>(&OFFSETS);
    counts_all_that_is_kept::<HeatmapResponse>(&HEATMAP);
    counts_all_that_is_kept::<HeatmapRow>(&ROW);
    counts_all_that_is_kept::<Facts>(&FACTS);
    counts_all_that_is_kept::<Gap>(&GAP);
    counts_all_that_is_kept::<TopMover>(&MOVER);
    counts_all_that_is_kept::<SanitizeReport>(&REPORT);
    counts_all_that_is_kept::<ReportLine>(&LINE);
    counts_all_that_is_kept::<VerdictResponse>(&VERDICT);
    counts_all_that_is_kept::<VerdictSide>(&VERDICT_SIDE);
    counts_all_that_is_kept::<VerdictSelection>(&SELECTION);
    counts_all_that_is_kept::<VerdictFigure>(&FIGURE);
    counts_all_that_is_kept::<VerdictFunction>(&FUNCTION);
    counts_all_that_is_kept::<VerdictMissing>(&MISSING);
    counts_all_that_is_kept::<VerdictMethod>(&METHOD);
    counts_all_that_is_kept::<VerdictNumber>(&NUMBER);
    counts_all_that_is_kept::<OwnCodePattern>(&OWN_CODE);
}

#[test]
fn empty_elements_count_as_their_structs() {
    let sides = [0x1a, 0].repeat(1000);
    let request = field_of(9, &sides);
    let counted = size_of_message(&request, &CREATE_SHARE);
    assert!(counted > 1000 * 3 * size_of::<SnapshotSide>(), "{counted}");
    assert_eq!(decoded_size(&request, &CREATE_SHARE, 100_000), Err(TooLarge { limit: 100_000 }));
}

#[test]
fn numbers_count_by_their_width() {
    let tree = |column, count| field_of(9, &field_of(3, &field_of(8, &field_of(column, &vec![0; count]))));
    let of = |column, count| size_of_message(&tree(column, count), &CREATE_SHARE);
    assert_eq!(of(7, 10_000) - of(7, 0), 2 * 4 * 10_000);
    assert_eq!(of(9, 10_000) - of(9, 0), 2 * 8 * 10_000);
}

#[test]
fn counts_what_precedes_a_mistake() {
    // Elements, and then a tag of zero: a decoder has made the elements before it fails.
    let mut sides = [0x1a, 0].repeat(1000);
    sides.push(0);
    assert!(size_of_message(&field_of(9, &sides), &CREATE_SHARE) > 1000 * size_of::<SnapshotSide>());
}

#[test]
fn groups_hide_nothing() {
    // A group of field 99, which a decoder skips, before the elements.
    let group = [0x9b, 6, 0x08, 1, 0x9c, 6];
    let elements = [0x1a, 0].repeat(1000);
    let message = [&group[..], &elements].concat();
    assert_eq!(Snapshot::decode(&message[..]).unwrap().sides.len(), 1000);
    assert!(size_of_message(&message, &SNAPSHOT) >= size_of_message(&elements, &SNAPSHOT));
}

#[test]
fn messages_of_unknown_shape_count_their_elements_at_every_depth() {
    let elements = [0x0a, 0].repeat(1000);
    let flat = size_of_message(&elements, &ANY);
    assert!(flat > 1000 * ANY_MESSAGE);
    assert!(size_of_message(&field_of(5, &field_of(3, &elements)), &ANY) > flat);
    let text = field_of(1, "{service_name=\"checkout\", region=~\"eu-.*\"}".as_bytes());
    assert!(size_of_message(&text, &ANY) < 10 * ANY_MESSAGE);
}

proptest! {
    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for shape in [&ANY, &CREATE_SHARE] {
            prop_assert!(decoded_size(&bytes, shape, 50_000).is_err() || size_of_message(&bytes, shape) <= 50_000);
        }
    }
}
