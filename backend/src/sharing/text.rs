//! Untrusted text (names from profiles, titles, notes) prepared for display.

use std::borrow::Cow;

/// A text as one line, truncated with `…` to `most` characters: without invisible characters and direction marks, with runs
/// of whitespace collapsed and trimmed.
pub(super) fn one_line(text: &str, most: usize) -> Cow<'_, str> {
    let printable = text.bytes().all(|b| (b' '..=b'~').contains(&b));
    if text.len() <= most && printable && !text.contains("  ") && text.trim().len() == text.len() {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len().min(4 * most));
    let (mut count, mut blank) = (0, true);
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        let is_blank = c.is_whitespace() || c.is_control();
        if is_blank && blank {
            continue;
        }
        blank = is_blank;
        if count == most {
            line.truncate(line.trim_end().len());
            line.push('…');
            return Cow::Owned(line);
        }
        line.push(if is_blank { ' ' } else { c });
        count += 1;
    }
    line.truncate(line.trim_end().len());
    Cow::Owned(line)
}

/// A text in parts: each of `wanted` that occurs, by its index, and what is between. Leftmost, and of those at one place the
/// longest. Empty ones are ignored.
pub(super) fn split_at<'t>(text: &'t str, wanted: &[String]) -> Vec<(&'t str, Option<usize>)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        let here =
            wanted.iter().enumerate().filter(|(_, one)| !one.is_empty() && rest.starts_with(one.as_str()));
        let Some((index, one)) = here.max_by_key(|(_, one)| one.len()) else {
            at += next.len_utf8();
            continue;
        };
        if start < at {
            parts.push((&text[start..at], None));
        }
        parts.push((&rest[..one.len()], Some(index)));
        at += one.len();
        start = at;
    }
    if start < at {
        parts.push((&text[start..], None));
    }
    parts
}

/// Invisible characters: joiners, direction marks, variation selectors, tags, noncharacters.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Where a function's name begins after the path before it: `github.com/x/pkg.F` is `pkg.F` from there.
pub(super) fn path_end(name: &str) -> usize {
    name[..head_end(name)].rfind('/').map_or(0, |slash| slash + 1)
}

/// Where types and arguments begin, in which a slash is no path.
pub(super) fn head_end(name: &str) -> usize {
    name.find(['(', '<', ' ', '[']).unwrap_or(name.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn removes_invisible_characters() {
        assert_eq!(one_line(" a\u{202e}b\r\n\n c\u{200b}d\0\u{ffff}", 99), "ab cd");
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("größer", 4), "größ…");
        assert_eq!(one_line("a b  ", 9), "a b");
    }

    #[test]
    fn paths_end_before_arguments() {
        let name = "github.com/acme/cart.(*Cart[github.com/x/y.T]).Add";
        assert_eq!(&name[path_end(name)..], "cart.(*Cart[github.com/x/y.T]).Add");
        assert_eq!(path_end("plain"), 0);
    }

    #[test]
    fn the_longest_of_those_at_a_place_is_found() {
        let wanted = ["`a`", "`a`b`", "", "é"].map(str::to_owned);
        assert_eq!(
            split_at("x `a`b` é`a`", &wanted),
            [("x ", None), ("`a`b`", Some(1)), (" ", None), ("é", Some(3)), ("`a`", Some(0)),]
        );
        assert_eq!(split_at("", &wanted), []);
    }

    proptest! {
        #[test]
        fn one_line_is_bounded_and_idempotent(text: String, most in 1..60usize) {
            let line = one_line(&text, most);
            prop_assert!(line.chars().count() <= most + 1);
            prop_assert!(!line.chars().any(char::is_control));
            let again = one_line(&line, most + 1);
            prop_assert_eq!(&again, &line);
        }
    }
}
