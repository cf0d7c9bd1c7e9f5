//! Name compression: `(3) main` defines 3, `(3)` then means main.

use rustc_hash::FxHashMap;

/// Names of one sort: files, objects or functions.
#[derive(Default)]
pub(super) struct Names<'a>(FxHashMap<u64, &'a [u8]>);

/// A name and, when it is written by number, the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) text: &'a [u8],
    pub(super) number: Option<u64>,
}

impl<'a> Names<'a> {
    /// Reads what stands after `fn=` and its like. A number that was never given a name stands for itself.
    pub(super) fn read(&mut self, value: &'a [u8]) -> Name<'a> {
        let value = value.trim_ascii();
        let Some((number, text)) = numbered(value) else { return Name { text: value, number: None } };
        if !text.is_empty() {
            self.0.insert(number, text);
        }
        Name { text: self.0.get(&number).copied().unwrap_or(value), number: Some(number) }
    }
}

fn numbered(value: &[u8]) -> Option<(u64, &[u8])> {
    let inside = value.strip_prefix(b"(")?;
    let end = inside.iter().position(|&b| b == b')')?;
    let number = std::str::from_utf8(&inside[..end]).ok()?.parse().ok()?;
    Some((number, inside[end + 1..].trim_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_compressed_names() {
        let mut names = Names::default();
        assert_eq!(names.read(b"main"), Name { text: b"main", number: None });
        assert_eq!(names.read(b"(2) b c"), Name { text: b"b c", number: Some(2) });
        assert_eq!(names.read(b"(2)"), Name { text: b"b c", number: Some(2) });
        assert_eq!(names.read(b"(3)").text, b"(3)");
        assert_eq!(names.read(b"(below main)"), Name { text: b"(below main)", number: None });
        assert_eq!(names.read(b""), Name::default());
    }
}
