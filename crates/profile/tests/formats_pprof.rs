//! pprof: round trips, errors with their position, and no panics.

mod formats_support;

use flarepath_profile::formats::pprof::{PprofError, WireError, read, write};
use flarepath_profile::formats::{Normalised, Notes};
use flarepath_profile::limits::{MAX_STACK_DEPTH, MAX_SYMBOL_BYTES};
use flarepath_profile::profile::Profile;
use flarepath_profile::sample::SampleLabelValue;
use formats_support::{Message, any_profile, describe, tiny};
use proptest::prelude::*;
use rstest::rstest;

fn ok(message: &Message) -> (Profile, Notes) {
    read(message.as_ref()).unwrap()
}

fn err(message: &Message) -> PprofError {
    read(message.as_ref()).unwrap_err()
}

#[test]
fn reads_every_field() {
    let (profile, notes) = ok(&tiny());
    assert!(notes.is_empty(), "{notes}");
    let types: Vec<_> =
        profile.sample_types.iter().map(|t| (profile.str(t.kind), profile.str(t.unit))).collect();
    assert_eq!(types, [("samples", "count"), ("cpu", "nanoseconds")]);
    assert_eq!((profile.time_nanos, profile.duration_nanos, profile.period), (7, 8, 10));
    assert_eq!(profile.str(profile.period_type.kind), "cpu");
    assert_eq!(profile.str(profile.default_sample_type), "cpu");
    assert_eq!(profile.comments.iter().map(|&c| profile.str(c)).collect::<Vec<_>>(), ["hello"]);
    let mapping = &profile.mappings[0];
    assert_eq!((mapping.start, mapping.limit, mapping.file_offset), (0x1000, 0x2000, 3));
    assert_eq!((profile.str(mapping.file), profile.str(mapping.build_id)), ("/bin/x", "beef"));
    assert!(mapping.has_functions);
    let leaf = profile.locations.get(profile.stacks.get(profile.samples.stack(0))[0].index());
    assert_eq!((leaf.mapping, leaf.address), (Some(0), 0x1010));
    let names: Vec<_> =
        leaf.lines.iter().map(|l| profile.str(profile.functions[l.function.index()].name)).collect();
    assert_eq!(names, ["inner", "main"]);
    assert_eq!((leaf.lines[0].line, leaf.lines[0].column), (12, 4));
    assert_eq!(profile.samples.values(0), [2, 20]);
    assert_eq!(profile.samples.values(1), [-1, i64::MIN]);
    let labels = profile.samples.labels(0);
    let bytes = SampleLabelValue::Number(-64, profile.strings.find("bytes").unwrap());
    assert_eq!((profile.str(labels[0].key), labels[0].value), ("size", bytes));
    assert!(matches!(labels[1].value, SampleLabelValue::Text(t) if profile.str(t) == "/cart"));
    assert_eq!(profile.samples.labels(1), []);
}

#[test]
fn reads_sparse_ids_and_unpacked_numbers() {
    let mut message = Message::default();
    message.message(1, |m| m.number(1, 1)).text(6, "").text(6, "a").text(6, "a");
    message.message(5, |m| m.number(1, u64::MAX).number(2, 1));
    message.message(5, |m| m.number(1, 7).number(2, 2));
    message.message(4, |m| m.number(1, 1 << 60).message(4, |l| l.number(1, 7)));
    message.message(4, |m| m.number(1, 3).message(4, |l| l.number(1, u64::MAX)));
    message.message(2, |m| m.number(1, 3).number(1, 1 << 60).packed(1, &[3]).number(2, 5));
    let (profile, notes) = ok(&message);
    assert!(notes.is_empty());
    assert_eq!(describe(&profile), ["a a a = 5"]);
    assert_eq!(profile.strings.len(), 2, "equal strings have one id");
    assert_eq!(profile.strings.find("a"), Some(profile.functions[0].name));
    assert_eq!(profile.functions[0].name, profile.functions[1].name);
}

#[test]
fn a_later_scalar_wins_and_unknown_fields_are_skipped() {
    let mut message = tiny();
    message.number(9, 99).number(150, 4).text(151, "?").text(8, "keep");
    assert_eq!(ok(&message).0.time_nanos, 99);
}

#[test]
fn repairs_and_notes_minor_defects() {
    let mut message = Message::default();
    message.message(1, |m| m.number(1, 1)).text(6, "").text(6, &"x".repeat(MAX_SYMBOL_BYTES + 1));
    message.bytes(6, b"\xfff");
    message.message(5, |m| m.number(1, 1).number(2, 2));
    message.message(4, |m| {
        m.number(1, 1).number(2, 9).message(4, |l| l.number(1, 1)).message(4, |l| l.number(2, 1))
    });
    let deep = vec![1; MAX_STACK_DEPTH + 5];
    message.message(2, |m| m.packed(1, &deep).packed(2, &[1]).message(3, |l| l.number(2, 1)));
    let (profile, notes) = ok(&message);
    assert_eq!(profile.str(profile.sample_types[0].kind).len(), MAX_SYMBOL_BYTES);
    assert_eq!(profile.str(profile.functions[0].name), "\u{fffd}f");
    assert_eq!(profile.stacks.get(profile.samples.stack(0)).len(), MAX_STACK_DEPTH);
    for what in [
        Normalised::LongName,
        Normalised::InvalidUtf8,
        Normalised::DeepStack,
        Normalised::UnknownMapping,
        Normalised::LineWithoutFunction,
        Normalised::LabelWithoutKey,
    ] {
        assert_eq!(notes.count(what), 1, "{what:?}");
    }
}

#[test]
fn deep_stacks_are_truncated_at_the_root() {
    let mut message = Message::default();
    message.message(1, |m| m.number(1, 1)).text(6, "").text(6, "leaf").text(6, "root");
    for id in [1, 2] {
        message.message(5, |m| m.number(1, id).number(2, id));
        let lines = if id == 2 { 4 } else { 1 };
        message.message(4, |m| {
            m.number(1, id);
            (0..lines).for_each(|_| {
                m.message(4, |l| l.number(1, id));
            });
            m
        });
    }
    let mut stack = vec![1; 3];
    stack.resize(MAX_STACK_DEPTH, 2);
    message.message(2, |m| m.packed(1, &stack).packed(2, &[1]));
    let (profile, notes) = ok(&message);
    assert_eq!(notes.count(Normalised::DeepStack), 1);
    let kept = profile.stacks.get(profile.samples.stack(0));
    assert_eq!(kept.len(), 3 + (MAX_STACK_DEPTH - 3) / 4, "a location with four lines counts as four frames");
    assert_eq!((kept[0].0, kept[3].0), (0, 1), "the leaf end is kept");
}

#[rstest]
#[case::no_types(|m: &mut Message| { m.text(6, ""); }, "has no sample type")]
#[case::no_strings(|m: &mut Message| { m.message(1, |v| v); }, "no string table")]
#[case::first_string(|m: &mut Message| { m.message(1, |v| v).text(6, "x"); }, "must be empty")]
#[case::string(|m: &mut Message| { m.message(1, |v| v.number(1, 5)).text(6, ""); }, "string 5, referenced before byte 4, is out of range: the string table has 1")]
#[case::location(|m: &mut Message| { base(m).message(2, |s| s.packed(1, &[4]).packed(2, &[1])); }, "location 4, referenced")]
#[case::no_location(|m: &mut Message| { base(m).message(2, |s| s.number(1, 0).packed(2, &[1])); }, "location 0, referenced")]
#[case::function(|m: &mut Message| { base(m).message(4, |l| l.number(1, 1).message(4, |l| l.number(1, 3))); }, "function 3, referenced")]
#[case::twice(|m: &mut Message| { base(m).message(5, |f| f.number(1, 1)).message(5, |f| f.number(1, 1)); }, "duplicate function id 1")]
#[case::no_id(|m: &mut Message| { base(m).message(3, |f| f.number(2, 1)); }, "mapping before byte 13 has no id")]
#[case::values(|m: &mut Message| { base(m).message(2, |s| s.packed(2, &[1, 2])); }, "has 2 values; expected 1")]
#[case::no_values(|m: &mut Message| { base(m).message(2, |s| s); }, "has 0 values; expected 1")]
#[case::wire_type(|m: &mut Message| { base(m).number(2, 1); }, "field 2 before byte 11 has the wrong type; expected length-delimited")]
fn rejects_invalid_input(#[case] build: fn(&mut Message), #[case] says: &str) {
    let mut message = Message::default();
    build(&mut message);
    let error = err(&message).to_string();
    assert!(error.contains(says), "{error}");
}

fn base(message: &mut Message) -> &mut Message {
    message.message(1, |v| v.number(1, 1)).text(6, "").text(6, "a")
}

#[rstest]
#[case(b"")]
#[case(b"{\"$schema\": \"x\"}")]
#[case(b"main;work 12\nmain 3\n")]
#[case(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")]
fn rejects_other_files(#[case] bytes: &[u8]) {
    assert!(read(bytes).is_err());
}

#[test]
fn truncated_files_are_rejected_or_complete() {
    let bytes = tiny();
    let bytes = bytes.as_ref();
    let whole = (0..bytes.len()).filter(|&end| read(&bytes[..end]).is_ok()).count();
    // Only the scalars at the very end can be lost unnoticed; everything else is referenced.
    assert!(whole <= 10, "{whole} truncations went unnoticed");
    assert!(matches!(read(&bytes[..bytes.len() - 1]), Err(PprofError::Wire(WireError::Truncated { .. }))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn round_trips_written_profiles(profile in any_profile()) {
        let bytes = write(&profile);
        let (again, notes) = read(&bytes).unwrap();
        prop_assert!(notes.is_empty(), "{}", notes);
        prop_assert_eq!(write(&again), bytes);
        prop_assert_eq!(again, profile);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn flipped_bits_never_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..6)) {
        let mut bytes = tiny().as_ref().to_vec();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if let Ok((profile, _)) = read(&bytes) {
            // Accepted profiles can be traversed and written.
            describe(&profile);
            prop_assert!(read(&write(&profile)).is_ok());
        }
    }
}
