//! The meaning of the field's words, for somebody who opens a profile for the first time. All pages take these texts.

use std::ops::Range;

pub(crate) const SELF: &str = "What the function itself cost, without what it called.";
pub(crate) const TOTAL: &str = "What the function cost together with everything it called.";
pub(crate) const DELTA_SELF: &str =
    "Change of the cost of the function itself, and of its share of the total in percentage points (pp).";
pub(crate) const DELTA_TOTAL: &str = "Change of the cost of the function with everything it called, and of its share of the total in percentage points (pp).";
pub(crate) const PART_OF_CHANGE: &str = "The change of this function as a part of the change of the total. None where the total has not changed significantly, or the function changed in the opposite direction.";

/// Words that texts explain, in the singular.
const TERMS: [(&str, &str); 8] = [
    ("self", SELF),
    ("total", TOTAL),
    ("pp", "Percentage points, the difference of two shares: from 10 % to 15 % is +5 pp."),
    (
        "core",
        "One CPU core that is busy all the time. 0.25 cores: a quarter of one, or all of one for a quarter of the time.",
    ),
    (
        "covered",
        "The time that profiles were recorded for, of all replicas together. Rates are per second of it: time without profiles does not count.",
    ),
    ("replica", "One running instance of the service: a process, container or pod."),
    (
        "baseline",
        "What the comparison is compared with: an earlier time, the version before, or another selection.",
    ),
    ("unsymbolized", "Cost of functions that have no name, as their debug symbols are missing."),
];

/// The first word of a text that has a meaning to tell: where it is, and the meaning.
pub(crate) fn find(text: &str) -> Option<(Range<usize>, &'static str)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-';
    let mut start = 0;
    for word in text.split_inclusive(|c: char| !is_part(c)) {
        let bare = word.trim_end_matches(|c: char| !is_part(c));
        if let Some(meaning) = meaning(bare) {
            return Some((start..start + bare.len(), meaning));
        }
        start += word.len();
    }
    None
}

fn meaning(word: &str) -> Option<&'static str> {
    let is = |term: &str| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        word.eq_ignore_ascii_case(term) || singular.eq_ignore_ascii_case(term)
    };
    TERMS.iter().find(|(term, _)| is(term)).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_word_is_found() {
        let word = |text: &'static str| find(text).map(|(at, _)| &text[at]);
        assert_eq!(word("0.0745 cores per replica"), Some("cores"));
        assert_eq!(word("3 replicas"), Some("replicas"));
        assert_eq!(word("Self"), Some("Self"));
        assert_eq!(word("1.11 h covered by all together"), Some("covered"));
        assert_eq!(word("total ± 4.1 %, one function"), Some("total"));
        assert_eq!([word("4.97 core-hours"), word("240 profiles"), word("")], [None; 3]);
    }
}
