//! Pyroscope's binary `trie`: folded stacks with their common beginnings shared, cut anywhere, also inside a
//! name. The body of an `/ingest?format=trie`. Layout: [`super::prefix_tree`].

use super::builder::ProfileBuilder;
use super::folded::push_frames;
use super::prefix_tree::{PrefixTreeError, walk};
use super::room::Room;
use super::tree::clamp;
use super::{Notes, TooMuch};
use crate::profile::Profile;

/// Bytes of all stacks when spelled out. A few megabytes of trie can stand for any number of them.
const MAX_SPELLED_OUT: usize = 512 << 20;

/// Reads a trie into sample type `samples` in `count`.
///
/// # Errors
/// [`PrefixTreeError`].
pub fn read(bytes: &[u8]) -> Result<(Profile, Notes), PrefixTreeError> {
    read_within(bytes, MAX_SPELLED_OUT)
}

fn read_within(bytes: &[u8], limit: usize) -> Result<(Profile, Notes), PrefixTreeError> {
    let mut builder = ProfileBuilder::new(&[("samples", "count")]).within(Room::of(bytes.len()));
    let mut key = Vec::new();
    // Where the key of each open node ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut stack = Vec::new();
    let mut left = limit;
    walk(bytes, |node| {
        ends.truncate(node.depth);
        key.truncate(ends.last().copied().unwrap_or(0));
        key.extend_from_slice(node.name);
        ends.push(key.len());
        if node.value > 0 {
            let too_much = TooMuch { what: "bytes of stacks when spelled out", limit };
            left = left.checked_sub(key.len()).ok_or(too_much)?;
            push_frames(&key, &mut builder, &mut stack);
            let value = clamp(node.value, &mut builder.notes);
            builder.sample(stack.iter().rev().copied(), &[value], &[])?;
        }
        Ok(())
    })?;
    if builder.samples() == 0 {
        return Err(PrefixTreeError::Empty);
    }
    Ok(builder.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stacks(profile: &Profile) -> Vec<(String, i64)> {
        (0..profile.samples.len())
            .map(|i| {
                let stack = profile.stacks.get(profile.samples.stack(i)).iter().rev();
                let lines = stack.map(|l| profile.locations.get(l.index()).lines[0]);
                let names: Vec<_> =
                    lines.map(|l| profile.str(profile.functions[l.function.index()].name)).collect();
                (names.join(";"), profile.samples.values(i)[0])
            })
            .collect()
    }

    /// The keys `main;foo` 1, `main;foobar` 2, `main;foo;x` 3 and `other` 4; `ö` is cut in half.
    #[test]
    fn reads_keys_as_stacks() {
        let bytes =
            b"\x00\x00\x02\x08main;foo\x01\x02\x03bar\x02\x00\x02;x\x03\x00\x02o\xc3\x00\x01\x01\xb6\x04\x00";
        let (profile, notes) = read(bytes).unwrap();
        assert!(notes.is_empty(), "{notes}");
        let expected = [("main;foo", 1), ("main;foobar", 2), ("main;foo;x", 3), ("oö", 4)];
        assert_eq!(stacks(&profile), expected.map(|(s, v)| (s.to_owned(), v)));
    }

    #[test]
    fn bounds_expansion_of_shared_prefixes() {
        // A name of 128 bytes, then 127 leaves below it.
        let mut bytes = b"\x00\x00\x01\x80\x01".to_vec();
        bytes.extend([b'x'; 128]);
        bytes.extend(b"\x00\x7f");
        bytes.extend(b"\x01a\x01\x00".repeat(127));
        assert_eq!(read(&bytes).unwrap().0.samples.len(), 127);
        assert!(matches!(read_within(&bytes, 129 * 126), Err(PrefixTreeError::TooMuch(_))));
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(prop_oneof![0u8..4, any::<u8>()], 0..200)) {
            let _ = read(&bytes);
            let _ = crate::formats::tree::read(&bytes);
        }
    }
}
