//! Patterns of label matchers in the syntax of RE2, ClickHouse's engine.
//!
//! Matchers are in the syntax of the crate `regex`. Bounds of a caller are matchers, so a pattern must not match more there than
//! here: what both engines read alike is passed on, what they read differently is written out, and what cannot be written
//! out is refused.
//!
//! - `\d \s \w` and their opposites know all of Unicode here and only ASCII in RE2: they become categories. `\w` is what is in
//!   the categories of letters, marks, digits and connectors; beyond them it has only some circled letters.
//! - `\b` differs in the same way and has no other form; `\<` is a plain character there. `&&`, `--`, `~~` and a class in a class are sets here and plain
//!   characters there. Of the flags, RE2 has `i`, `m`, `s` and `U`.

use crate::store::StoreError;
use std::iter::Peekable;
use std::str::Chars;

const WORD_BOUNDARY: StoreError = StoreError::Unsupported("word boundaries (`\\b`) in patterns of labels");
const SETS: StoreError =
    StoreError::Unsupported("sets of characters (`&&`, `--`, `~~`, `[[`) in patterns of labels");
const FLAGS: StoreError =
    StoreError::Unsupported("flags other than `i`, `m`, `s` and `U` in patterns of labels");

/// A pattern that is known to be valid here, anchored at both ends, for the function `match`.
///
/// # Errors
/// [`StoreError::Unsupported`].
pub(super) fn anchored(pattern: &str) -> Result<String, StoreError> {
    let mut written = String::with_capacity(pattern.len() + 8);
    written.push_str("^(?s:");
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, false, &mut written)?,
            '[' => class(&mut chars, &mut written)?,
            '(' => group(&mut chars, &mut written)?,
            c => written.push(c),
        }
    }
    written.push_str(")$");
    Ok(written)
}

/// Copies what follows a backslash; in a class, categories go without brackets.
fn escape(chars: &mut Peekable<Chars<'_>>, in_class: bool, written: &mut String) -> Result<(), StoreError> {
    let Some(c) = chars.next() else { return Ok(()) };
    let (space, word) = (r"\t-\r\x{85}\p{Z}", r"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200C}\x{200D}");
    let bracketed = |inner: &str, is_negated: bool| match (in_class, is_negated) {
        (true, false) => Ok(inner.to_owned()),
        // The opposite of several categories within a class.
        (true, true) => Err(SETS),
        (false, is_negated) => Ok(format!("[{}{inner}]", if is_negated { "^" } else { "" })),
    };
    match c {
        'd' => written.push_str(r"\p{Nd}"),
        'D' => written.push_str(r"\P{Nd}"),
        's' | 'S' => written.push_str(&bracketed(space, c == 'S')?),
        'w' | 'W' => written.push_str(&bracketed(word, c == 'W')?),
        'b' | 'B' | '<' | '>' => return Err(WORD_BOUNDARY),
        // `\u{…}` and `\U…` are unknown there, and `\x…` the same.
        'u' | 'U' => return Err(StoreError::Unsupported("`\\u` in patterns of labels; write `\\x{…}`")),
        'p' | 'P' => category(c, chars, written)?,
        c => written.extend(['\\', c]),
    }
    Ok(())
}

/// Copies `\p{…}` or `\pL`. Only categories of one or two letters are spelled alike; `\p{Greek}` is passed on, as RE2 has the
/// same scripts or refuses their names.
fn category(p: char, chars: &mut Peekable<Chars<'_>>, written: &mut String) -> Result<(), StoreError> {
    written.extend(['\\', p]);
    if chars.peek() != Some(&'{') {
        return Ok(());
    }
    let name: String = chars.by_ref().take_while(|c| *c != '}').skip(1).collect();
    if !name.chars().all(|c| c.is_ascii_alphabetic()) {
        return Err(StoreError::Unsupported("properties other than `\\p{Name}` in patterns of labels"));
    }
    written.push_str(&format!("{{{name}}}"));
    Ok(())
}

/// Copies the rest of a class.
fn class(chars: &mut Peekable<Chars<'_>>, written: &mut String) -> Result<(), StoreError> {
    written.push('[');
    if let Some(negation) = chars.next_if_eq(&'^') {
        written.push(negation);
    }
    // A bracket that comes first is itself.
    if let Some(bracket) = chars.next_if_eq(&']') {
        written.extend(['\\', bracket]);
    }
    while let Some(c) = chars.next() {
        match c {
            ']' => {
                written.push(c);
                return Ok(());
            }
            '\\' => escape(chars, true, written)?,
            '[' if chars.next_if_eq(&':').is_some() => {
                let name: String = chars.by_ref().take_while(|c| *c != ']').collect();
                written.push_str(&format!("[:{name}]"));
            }
            '[' => return Err(SETS),
            '&' | '-' | '~' if chars.peek() == Some(&c) => return Err(SETS),
            c => written.push(c),
        }
    }
    Ok(())
}

/// Copies the beginning of a group.
fn group(chars: &mut Peekable<Chars<'_>>, written: &mut String) -> Result<(), StoreError> {
    written.push('(');
    if chars.next_if_eq(&'?').is_none() {
        return Ok(());
    }
    if chars.next_if_eq(&'P').is_some() || chars.peek() == Some(&'<') {
        // Nothing reads its name.
        chars.by_ref().take_while(|c| *c != '>').for_each(drop);
        return Ok(());
    }
    written.push('?');
    for c in chars.by_ref() {
        written.push(c);
        match c {
            ':' | ')' => break,
            'i' | 'm' | 's' | 'U' | '-' => {}
            _ => return Err(FLAGS),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("cart|shop.*", "^(?s:cart|shop.*)$")]
    #[case("a)|(b", "^(?s:a)|(b)$")]
    #[case(r"pod-\d+\.x", r"^(?s:pod-\p{Nd}+\.x)$")]
    #[case(r"[\d\\]\s", r"^(?s:[\p{Nd}\\][\t-\r\x{85}\p{Z}])$")]
    #[case(r"\W[\w-]", r"^(?s:[^\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200C}\x{200D}][\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200C}\x{200D}-])$")]
    #[case("[]a][^]]", r"^(?s:[\]a][^\]])$")]
    #[case("[[:alpha:]_]", "^(?s:[[:alpha:]_])$")]
    #[case(r"\p{Greek}\pL", r"^(?s:\p{Greek}\pL)$")]
    #[case("(?P<x>a)(?<y>b)(?:c)(?i)d(?i-s:e)", "^(?s:(a)(b)(?:c)(?i)d(?i-s:e))$")]
    fn what_both_engines_read_alike_is_passed_on(#[case] pattern: &str, #[case] written: &str) {
        assert_eq!(anchored(pattern).unwrap(), written);
    }

    #[rstest]
    #[case(r"\bx")]
    #[case(r"\<x")]
    #[case(r"[\b]")]
    #[case("[a&&b]")]
    #[case("[a--b]")]
    #[case("[a~~b]")]
    #[case("[a[b]]")]
    #[case(r"[^\W]")]
    #[case("(?x)a")]
    #[case("(?-u:a)")]
    #[case(r"\u0041")]
    #[case(r"\p{sc=Greek}")]
    fn what_they_read_differently_is_refused(#[case] pattern: &str) {
        assert!(matches!(anchored(pattern), Err(StoreError::Unsupported(_))), "{pattern}");
    }
}
