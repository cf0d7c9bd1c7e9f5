//! Kinds of text, by what a profile or a share uses them for.

use super::scan::Rule;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Name of a function.
    Function,
    /// Name of a function without a symbol, `file+0xaddress`.
    Address,
    /// Source file.
    File,
    /// Binary or library.
    Mapping,
    /// Name of a label.
    LabelName,
    /// Value of a label.
    LabelValue,
    /// Value of a label that names a version: a commit's hash is one.
    Version,
    /// What a person has written: a title, a note, the label of a side.
    Text,
    /// A selector.
    Selector,
}

impl Field {
    /// For examples in reports.
    pub(super) fn described(self) -> &'static str {
        match self {
            Field::Function => "a function name",
            Field::Address => "a function without a symbol",
            Field::File => "a source file",
            Field::Mapping => "a binary's path",
            Field::LabelName => "a label's name",
            Field::LabelValue => "a label's value",
            Field::Version => "a version",
            Field::Text => "a text",
            Field::Selector => "a selector",
        }
    }

    /// Whether a rule has no business here.
    pub(super) fn exempt(self, rule: Rule, text: &str) -> bool {
        match (self, rule) {
            // An address in a binary tells as much as a line in a file.
            (Field::Address, Rule::Id) => true,
            (Field::Version, Rule::Id) => true,
            (Field::Version, Rule::CardNumber) => text.len() == 14 && text.starts_with("20"),
            (Field::Version, Rule::IpAddress) => is_four_part_version(text),
            (Field::Version, Rule::RandomText) => is_commit(text),
            _ => false,
        }
    }
}

/// `3.10.2.4` and not `10.2.3.4`: hardly any machine has an address that begins with one digit.
fn is_four_part_version(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').next().is_some_and(|first| first.len() == 1)
}

/// 40 hexadecimal digits in lower case, as git has them.
fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
