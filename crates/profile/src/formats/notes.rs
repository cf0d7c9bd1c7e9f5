//! Notes: repairs that a reader made to its input, shown to the user. Nothing is changed silently.

use std::collections::BTreeMap;
use std::fmt;

/// A repair of the input, made instead of rejecting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Normalised {
    /// Bytes that are not UTF-8, replaced by U+FFFD.
    InvalidUtf8,
    /// A name over [`crate::limits::MAX_SYMBOL_BYTES`], cut.
    LongName,
    /// A stack over [`crate::limits::MAX_STACK_DEPTH`], cut at the root end.
    DeepStack,
    /// A location in a mapping that the profile does not have.
    UnknownMapping,
    /// A line at a location that names no function, omitted.
    LineWithoutFunction,
    /// A sample label without a key, omitted.
    LabelWithoutKey,
    /// A line of text that is not a stack, omitted.
    BadLine,
    /// A number too large for 64 bits, set to the largest there is.
    Overflow,
    /// A number with a fraction, rounded.
    Fraction,
    /// Frames still open at the end of a recording, closed there.
    OpenFrame,
    /// A sample whose stack is not in the file, kept with an empty one.
    UnknownStack,
    /// A file that ends early, read as far as it goes.
    CutOff,
    /// The end of something that never began, omitted.
    UnmatchedEnd,
    /// Something that ends after what it is part of, cut there.
    CrossingSpan,
}

impl Normalised {
    fn describe(self) -> &'static str {
        match self {
            Normalised::InvalidUtf8 => "invalid UTF-8: replaced by U+FFFD",
            Normalised::LongName => "name longer than 65 535 bytes: truncated",
            Normalised::DeepStack => "stack deeper than 10 000 frames: truncated at the root",
            Normalised::UnknownMapping => "location with an unknown mapping: mapping ignored",
            Normalised::LineWithoutFunction => "source line without a function: skipped",
            Normalised::LabelWithoutKey => "sample label without a key: skipped",
            Normalised::BadLine => "line that is not a stack and a number: skipped",
            Normalised::Overflow => "number out of range: clamped",
            Normalised::Fraction => "fractional number: rounded",
            Normalised::OpenFrame => "frame still open at the end: closed",
            Normalised::UnknownStack => "sample with an unknown stack: kept with an empty stack",
            Normalised::CutOff => "truncated file: read up to the truncation",
            Normalised::UnmatchedEnd => "span end without a start: skipped",
            Normalised::CrossingSpan => "span that ends after its parent: truncated",
        }
    }
}

/// Number of repairs of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes(BTreeMap<Normalised, u64>);

impl Notes {
    /// Counts `times` more of `what`; nothing for 0.
    pub fn add(&mut self, what: Normalised, times: u64) {
        if times > 0 {
            *self.0.entry(what).or_default() += times;
        }
    }

    /// Number of repairs of kind `what`.
    pub fn count(&self, what: Normalised) -> u64 {
        self.0.get(&what).copied().unwrap_or(0)
    }

    /// True when the input was taken as it is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One sentence for each kind, such as `3 × name longer than 65 535 bytes: truncated`.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(what, times)| format!("{times} × {}", what.describe()))
    }
}

/// All sentences, joined by `; `.
impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, line) in self.lines().enumerate() {
            let semicolon = if i == 0 { "" } else { "; " };
            write!(f, "{semicolon}{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_notes_and_joins_them() {
        let mut notes = Notes::default();
        notes.add(Normalised::BadLine, 0);
        assert!(notes.is_empty());
        notes.add(Normalised::BadLine, 2);
        notes.add(Normalised::LabelWithoutKey, 1);
        notes.add(Normalised::BadLine, 1);
        assert_eq!(notes.count(Normalised::BadLine), 3);
        let text = notes.to_string();
        assert_eq!(
            text,
            "1 × sample label without a key: skipped; 3 × line that is not a stack and a number: skipped"
        );
    }
}
