//! Pyroscope's binary `tree`: one node a frame, with the value spent in the frame itself. The body of an
//! `/ingest?format=tree`. Layout: [`super::prefix_tree`].

use super::builder::ProfileBuilder;
use super::prefix_tree::{PrefixTreeError, walk};
use super::room::Room;
use super::{Normalised, Notes, clean_text};
use crate::profile::Profile;

/// Reads a tree into sample type `samples` in `count`. Frames without a name, such as the root, are omitted.
///
/// # Errors
/// [`PrefixTreeError`].
pub fn read(bytes: &[u8]) -> Result<(Profile, Notes), PrefixTreeError> {
    let mut builder = ProfileBuilder::new(&[("samples", "count")]).within(Room::of(bytes.len()));
    // The frame of each open node; none if it has no name.
    let mut path = Vec::new();
    walk(bytes, |node| {
        path.truncate(node.depth);
        path.push(match node.name {
            [] => None,
            name => {
                let name = clean_text(name, &mut builder.notes);
                Some(builder.frame(&name))
            }
        });
        if node.value > 0 {
            let value = clamp(node.value, &mut builder.notes);
            builder.sample(path.iter().rev().copied().flatten(), &[value], &[])?;
        }
        Ok(())
    })?;
    if builder.samples() == 0 {
        return Err(PrefixTreeError::Empty);
    }
    Ok(builder.finish())
}

/// The value as a sample has it.
pub(super) fn clamp(value: u64, notes: &mut Notes) -> i64 {
    i64::try_from(value).unwrap_or_else(|_| {
        notes.add(Normalised::Overflow, 1);
        i64::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::folded;

    /// root → a → { b: 1, c: 2 → d: 3 }, e: 4
    const TREE: &[u8] = b"\x00\x00\x02\x01a\x00\x02\x01b\x01\x00\x01c\x02\x01\x01d\x03\x00\x01e\x04\x00";

    #[test]
    fn reads_nodes_as_stacks() {
        let (profile, notes) = read(TREE).unwrap();
        assert!(notes.is_empty());
        let (expected, _) = folded::read(b"a;b 1\na;c 2\na;c;d 3\ne 4\n").unwrap();
        assert_eq!(profile.samples.len(), 4);
        for i in 0..4 {
            let names = |p: &Profile| -> Vec<String> {
                let stack = p.stacks.get(p.samples.stack(i)).iter();
                let lines = stack.map(|l| p.locations.get(l.index()).lines[0]);
                lines.map(|l| p.str(p.functions[l.function.index()].name).to_owned()).collect()
            };
            assert_eq!(names(&profile), names(&expected));
            assert_eq!(profile.samples.values(i), expected.samples.values(i));
        }
    }

    #[test]
    fn tree_errors_have_an_offset() {
        for end in 0..TREE.len() {
            assert!(read(&TREE[..end]).is_err(), "{end}");
        }
        assert_eq!(read(&[TREE, b"x"].concat()), Err(PrefixTreeError::Trailing { offset: TREE.len() }));
        assert_eq!(read(b"\x00\x00\x00"), Err(PrefixTreeError::Empty));
        let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert!(matches!(read(&huge), Err(PrefixTreeError::Name { node: 0, length: u64::MAX, .. })));
        assert!(matches!(read(&[0, 0, 99]), Err(PrefixTreeError::Children { node: 0, count: 99, .. })));
    }

    #[test]
    fn depth_is_bounded_without_recursion() {
        let mut bytes = b"\x00\x00\x01".to_vec();
        for _ in 0..50_000 {
            bytes.extend(b"\x01a\x00\x01");
        }
        bytes.extend(b"\x01z\x05\x00");
        let (profile, notes) = read(&bytes).unwrap();
        assert_eq!(notes.count(Normalised::DeepStack), 1);
        assert_eq!(profile.samples.total(0), 5);
    }
}
