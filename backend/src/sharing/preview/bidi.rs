//! Visual order of text with right-to-left scripts (Unicode Standard Annex #9), without shaping: Arabic letters are not joined.

use std::borrow::Cow;
use unicode_bidi::BidiInfo;

/// The characters of a one-line text in the order in which they are drawn, from left to right.
pub(super) fn visual_order(text: &str) -> Cow<'_, str> {
    let bidi = BidiInfo::new(text, None);
    let Some(line) = bidi.paragraphs.first().filter(|_| bidi.has_rtl()) else { return Cow::Borrowed(text) };
    let (levels, runs) = bidi.visual_runs(line, line.range.clone());
    let mut out = String::with_capacity(text.len());
    for run in runs {
        let part = &text[run.clone()];
        match levels[run.start].is_rtl() {
            true => out.extend(part.chars().rev().map(mirrored)),
            false => out.push_str(part),
        }
    }
    Cow::Owned(out)
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '<' => '>',
        '>' => '<',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_to_right_text_is_unchanged() {
        assert_eq!(visual_order("main (größe)"), "main (größe)");
        assert_eq!(visual_order(""), "");
    }

    #[test]
    fn right_to_left_parts_are_reversed_and_numbers_are_not() {
        assert_eq!(visual_order("a שלום (12) עולם b"), "a םלוע (12) םולש b");
    }

    #[test]
    fn right_to_left_lines_are_reversed_as_a_whole() {
        assert_eq!(visual_order("שלום (12)"), "(12) םולש");
    }
}
