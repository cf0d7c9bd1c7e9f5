//! Sanitization report for the person who shares: what was removed and what stays. Never contains removed text.

use super::field::Field;
use super::policy::Policy;
use std::collections::BTreeSet;

/// Examples that a rule keeps.
const EXAMPLES: usize = 3;
/// Names that are listed to be looked at: so many of the longest, and of the most random.
const NOTABLE: usize = 10;
/// Characters of a name that are shown.
const SHOWN_CHARACTERS: usize = 200;

/// What sanitising has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Name of the policy.
    pub policy: &'static str,
    /// Version of its rules.
    pub version: u32,
    /// What was found, in the order of the policy's rules as far as they found anything.
    pub lines: Vec<Line>,
    /// Functions in what stays, of all trees.
    pub functions: usize,
    /// Names that stay and are worth a look: the longest, then the most random.
    pub notable_names: Vec<String>,
    /// Names of labels that stay.
    pub labels_kept: BTreeSet<String>,
    /// Names of labels whose values stay as hashes.
    pub labels_hashed: BTreeSet<String>,
    /// Names of labels that are dropped.
    pub labels_dropped: BTreeSet<String>,
    /// Nodes that were merged because they were small.
    pub nodes_merged: usize,
}

/// What one rule has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The rule.
    pub rule: String,
    /// How often, in distinct texts.
    pub count: u64,
    /// Where, such as `e-mail address in a function name`.
    pub examples: Vec<String>,
}

impl Report {
    /// Nothing found yet.
    pub(super) fn new(policy: &Policy) -> Self {
        Report { policy: policy.name, version: policy.version, ..Report::default() }
    }

    pub(super) fn found(&mut self, rule: &str, field: Field, count: usize) {
        let at = self.lines.iter().position(|line| line.rule == rule).unwrap_or_else(|| {
            self.lines.push(Line { rule: rule.to_owned(), ..Line::default() });
            self.lines.len() - 1
        });
        let line = &mut self.lines[at];
        line.count += count as u64;
        let example = format!("{rule} in {}", field.described());
        if line.examples.len() < EXAMPLES && !line.examples.contains(&example) {
            line.examples.push(example);
        }
    }

    /// Takes note of names that stay.
    pub(super) fn keeps<'a>(&mut self, names: impl Iterator<Item = &'a str> + Clone) {
        let mut longest: Vec<(usize, &str)> = names.clone().map(|name| (name.len(), name)).collect();
        self.functions += longest.len();
        let mut most_random: Vec<(usize, &str)> =
            names.map(|name| (unlikeness_of_words(name), name)).collect();
        let order = |a: &(usize, &str), b: &(usize, &str)| b.0.cmp(&a.0).then(a.1.cmp(b.1));
        for ranked in [&mut longest, &mut most_random] {
            if ranked.len() > NOTABLE {
                ranked.select_nth_unstable_by(NOTABLE, order);
                ranked.truncate(NOTABLE);
            }
            ranked.sort_unstable_by(order);
        }
        for (_, name) in longest.into_iter().chain(most_random) {
            let shown: String = name.chars().take(SHOWN_CHARACTERS).collect();
            let shown = if shown.len() < name.len() { shown + "…" } else { shown };
            if !self.notable_names.contains(&shown) {
                self.notable_names.push(shown);
            }
        }
    }
}

/// How many neighbours are letter and digit, or small and capital letter the wrong way round.
fn unlikeness_of_words(name: &str) -> usize {
    let odd = |w: &[u8]| {
        let letter_and_digit = w[0].is_ascii_alphabetic() && w[1].is_ascii_digit();
        let digit_and_letter = w[0].is_ascii_digit() && w[1].is_ascii_alphabetic();
        letter_and_digit || digit_and_letter || (w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
    };
    name.as_bytes().windows(2).filter(|w| odd(w)).count()
}
