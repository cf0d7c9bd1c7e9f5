//! Right-to-left scripts, as far as a line on a picture needs them: parts written from right to left are turned around, and
//! Arabic letters take the shapes in which they join.
//!
//! This is not the whole of Unicode's algorithms (annex 9 and the shaping of OpenType): numbers within such parts are kept
//! in their order, brackets are mirrored, and that is all. Good for a name or a title; nothing else is written here.

use std::borrow::Cow;

/// A text in the order and in the shapes in which it is seen, from left to right.
pub(super) fn as_seen(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_rtl) {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = shaped(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if !is_rtl(chars[at]) {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        // A part reaches to its last letter before a letter that is written the other way.
        let other = chars[at..].iter().position(|&c| c.is_alphabetic() && !is_rtl(c));
        let limit = other.map_or(chars.len(), |offset| at + offset);
        let last = chars[at..limit].iter().rposition(|&c| is_rtl(c)).map_or(at + 1, |last| at + last + 1);
        // A line without any such letter is turned around as a whole.
        let end = if at == 0 && other.is_none() { limit } else { last };
        turn(&chars[at..end], &mut out);
        at = end;
    }
    Cow::Owned(out)
}

/// Appends a part from its end; digits keep their order.
fn turn(part: &[char], out: &mut String) {
    for run in part.chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit()).rev() {
        out.extend(run.iter().map(|&c| mirrored(c)));
    }
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

fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// The letters from U+0621 on that have shapes of their own from U+FE80 on, in the same order, and how many each has: alone,
/// at the end, at the beginning, in the middle. Two means that a letter never joins the one after it.
const LETTERS: [(char, u8); 36] = [
    ('ء', 1),
    ('آ', 2),
    ('أ', 2),
    ('ؤ', 2),
    ('إ', 2),
    ('ئ', 4),
    ('ا', 2),
    ('ب', 4),
    ('ة', 2),
    ('ت', 4),
    ('ث', 4),
    ('ج', 4),
    ('ح', 4),
    ('خ', 4),
    ('د', 2),
    ('ذ', 2),
    ('ر', 2),
    ('ز', 2),
    ('س', 4),
    ('ش', 4),
    ('ص', 4),
    ('ض', 4),
    ('ط', 4),
    ('ظ', 4),
    ('ع', 4),
    ('غ', 4),
    ('ف', 4),
    ('ق', 4),
    ('ك', 4),
    ('ل', 4),
    ('م', 4),
    ('ن', 4),
    ('ه', 4),
    ('و', 2),
    ('ى', 2),
    ('ي', 4),
];

/// The first shape of a letter and how many there are.
fn shapes(c: char) -> Option<(u32, u8)> {
    let at = LETTERS.iter().position(|(letter, _)| *letter == c)?;
    let before: u32 = LETTERS[..at].iter().map(|(_, count)| u32::from(*count)).sum();
    Some((0xfe80 + before, LETTERS[at].1))
}

/// Marks above and below letters, which join nothing and part nothing.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// The characters of a text, Arabic letters in the shapes that their neighbours ask for.
fn shaped(text: &str) -> Vec<char> {
    let chars: Vec<char> = text.chars().filter(|c| !is_mark(*c)).collect();
    let joins_on = |c: Option<&char>| c.is_some_and(|&c| c == 'ـ' || shapes(c).is_some_and(|s| s.1 == 4));
    let can_be_joined = |c: Option<&char>| c.is_some_and(|&c| c == 'ـ' || shapes(c).is_some_and(|s| s.1 > 1));
    let shape = |(i, &c): (usize, &char)| {
        let Some((first, count)) = shapes(c) else { return c };
        let joined = count > 1 && i > 0 && joins_on(chars.get(i - 1));
        let joins = count == 4 && can_be_joined(chars.get(i + 1));
        let offset = match (joined, joins) {
            (false, false) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (true, true) => 3,
        };
        char::from_u32(first + offset).unwrap_or(c)
    };
    chars.iter().enumerate().map(shape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_to_right_stays() {
        assert_eq!(as_seen("main (größe)"), "main (größe)");
    }

    #[test]
    fn right_to_left_is_turned_around() {
        assert_eq!(as_seen("a שלום (12) עולם b"), "a םלוע (12) םולש b");
    }

    #[test]
    fn a_line_of_one_direction_is_turned_as_a_whole() {
        assert_eq!(as_seen("שלום (12)"), "(12) םולש");
    }

    #[test]
    fn arabic_letters_join() {
        // beh at the beginning, reh at its end, which joins nothing: so the second beh stands alone.
        assert_eq!(as_seen("برب"), "\u{fe8f}\u{fead}\u{fe91}".replace('\u{fead}', "\u{feae}"));
        assert_eq!(shapes('ي'), Some((0xfef1, 4)));
        assert_eq!(shapes('ء'), Some((0xfe80, 1)));
    }
}
