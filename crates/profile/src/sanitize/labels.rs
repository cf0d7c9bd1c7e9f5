//! Labels of a share: kept, hashed or dropped by what their names mean.
//!
//! Only labels with a known meaning stay; unknown labels are dropped.

use super::field::Field;
use super::policy::{LabelRule, Policy};
use super::report::Report;
use super::scan::Rule;
use super::text::clean;
use crate::labels::{Meaning, meaning};
use crate::selector::{MatchOp, Matcher, Selector};
use siphasher::sip::SipHasher24;

/// What a hash begins with.
const MARK: char = '#';
/// Characters of a hash: 50 bits, enough to tell millions of hosts apart.
const HASH_CHARACTERS: usize = 10;
/// Crockford's base 32 in lower case: no two look the same.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

enum Fate {
    Kept(Field),
    Hashed,
    Dropped,
}

/// What happens to a label, by its name in any spelling.
fn fate(policy: &Policy, name: &str) -> Fate {
    match (policy.labels, meaning(name)) {
        (_, Some(Meaning::Version)) => Fate::Kept(Field::Version),
        (LabelRule::All, _) => Fate::Kept(Field::LabelValue),
        (LabelRule::Listed, Some(Meaning::Instance | Meaning::Container)) => Fate::Hashed,
        (LabelRule::Listed, Some(_)) => Fate::Kept(Field::LabelValue),
        (LabelRule::Listed, None) => Fate::Dropped,
    }
}

/// The value as it stays; `None` when it does not.
pub(super) fn label_value(policy: &Policy, report: &mut Report, name: &str, value: &str) -> Option<String> {
    let shown = clean(policy, report, name, Field::LabelName).into_owned();
    match fate(policy, name) {
        Fate::Kept(field) => {
            report.labels_kept.insert(shown);
            Some(clean(policy, report, value, field).into_owned())
        }
        Fate::Hashed => {
            report.labels_hashed.insert(shown);
            Some(hashed(policy, report, value))
        }
        Fate::Dropped => {
            report.labels_dropped.insert(shown);
            None
        }
    }
}

/// A selector whose conditions on labels that do not stay are omitted. It then stands for what was asked, and no
/// longer asks the same.
pub(super) fn selector(policy: &Policy, report: &mut Report, text: &str) -> String {
    let Ok(parsed) = text.parse::<Selector>() else {
        let cleaned = clean(policy, report, text, Field::Selector).into_owned();
        return if policy.labels == LabelRule::All { cleaned } else { String::new() };
    };
    let mut matchers = Vec::with_capacity(parsed.matchers.len());
    for Matcher { name, op, value } in parsed.matchers {
        // The hash of a pattern matches nothing and says nothing.
        let pattern = matches!(op, MatchOp::Regex | MatchOp::NotRegex);
        if pattern && matches!(fate(policy, &name), Fate::Hashed) {
            let shown = clean(policy, report, &name, Field::LabelName).into_owned();
            report.labels_dropped.insert(shown);
            continue;
        }
        if let Some(value) = label_value(policy, report, &name, &value) {
            let name = clean(policy, report, &name, Field::LabelName).into_owned();
            matchers.push(Matcher { name, op, value });
        }
    }
    Selector { matchers }.to_string()
}

/// A keyed hash: without the key it neither tells the name nor can be found by hashing guesses.
fn hashed(policy: &Policy, report: &mut Report, value: &str) -> String {
    if value.is_empty() || is_hash(value) {
        return value.to_owned();
    }
    report.found(Rule::Host.name(), Field::LabelValue, 1);
    let mut hash = SipHasher24::new_with_key(&policy.salt).hash(value.as_bytes());
    let mut text = String::from(MARK);
    for _ in 0..HASH_CHARACTERS {
        text.push(char::from(DIGITS[(hash & 31) as usize]));
        hash >>= 5;
    }
    text
}

fn is_hash(value: &str) -> bool {
    let digits = value.strip_prefix(MARK).map(str::as_bytes);
    digits.is_some_and(|d| d.len() == HASH_CHARACTERS && d.iter().all(|b| DIGITS.contains(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of the paper "SipHash: a fast short-input PRF": key 00..0f, input 00..0e.
    #[test]
    fn host_hashes_are_siphash_2_4() {
        let hasher = SipHasher24::new_with_key(&std::array::from_fn(|i| i as u8));
        let input: [u8; 15] = std::array::from_fn(|i| i as u8);
        assert_eq!(hasher.hash(&input), 0xa129_ca61_49be_45e5);
        assert_eq!(hasher.hash(&[]), 0x726f_db47_dd0e_0e31);
        // The text that shares have for this host under this salt.
        let text = hashed(&Policy::strict([1; 16]), &mut Report::default(), "shop-0");
        assert_eq!(text, "#8msvpagc6a");
    }
}
