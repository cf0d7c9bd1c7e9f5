//! Rules for the own code of a service, and their text form: a pattern a line, such as `name: shop::`.

/// What counts as own code of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnCode {
    pub(crate) service: String,
    /// Whether it is set; otherwise it is guessed.
    pub(crate) is_set: bool,
    pub(crate) patterns: Vec<OwnPattern>,
    /// Name of the account that set it.
    pub(crate) changed_by: String,
    /// When it was set, in milliseconds since the epoch.
    pub(crate) changed_ms: i64,
    /// Whether the person may change it.
    pub(crate) editable: bool,
}

/// Functions that are own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnPattern {
    /// `name`, `package` or `file`.
    pub(crate) of: String,
    pub(crate) text: String,
}

/// The patterns as text.
pub(crate) fn to_text(patterns: &[OwnPattern]) -> String {
    patterns.iter().map(pattern_text).collect::<Vec<_>>().join("\n")
}

/// A pattern as text, such as `name: shop::`.
pub(crate) fn pattern_text(pattern: &OwnPattern) -> String {
    format!("{}: {}", pattern.of, pattern.text)
}

/// The patterns of a text. A line without a kind is the beginning of names.
pub(crate) fn from_text(text: &str) -> Vec<OwnPattern> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let pattern = |line: &str| {
        let known = ["name", "package", "file"].into_iter().find_map(|of| {
            let rest = line.strip_prefix(of)?.strip_prefix(':')?;
            // `file::` begins a name.
            (!rest.starts_with(':')).then(|| (of, rest.trim()))
        });
        let (of, text) = known.unwrap_or(("name", line));
        OwnPattern { of: of.to_owned(), text: text.to_owned() }
    };
    lines.map(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_survive_the_text() {
        let all = from_text(" name: shop::\npackage:github.com/us\n\nfile: /app/src/\nfile::read\nhandle_");
        let pairs: Vec<(&str, &str)> = all.iter().map(|p| (p.of.as_str(), p.text.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("name", "shop::"),
                ("package", "github.com/us"),
                ("file", "/app/src/"),
                ("name", "file::read"),
                ("name", "handle_"),
            ]
        );
        assert_eq!(from_text(&to_text(&all)), all);
    }
}
