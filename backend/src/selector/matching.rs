//! [`Matching`]: a selector matched against many label sets.
//!
//! Thousands of series share few values of most labels. So all matchers of one label are evaluated together, once for each
//! distinct value of it, and not once for each series.

use super::{CompiledSelector, holds};
use flarepath_profile::labels::Labels;
use flarepath_profile::selector::Matcher;
use regex::Regex;
use rustc_hash::FxHashMap;

/// The matchers of a selector by label, with what is known of values seen so far. Borrows the labels it has seen.
pub(crate) struct Matching<'s, 'l> {
    labels: Vec<OfLabel<'s, 'l>>,
}

struct OfLabel<'s, 'l> {
    name: &'s str,
    matchers: Vec<(&'s Matcher, Option<&'s Regex>)>,
    /// Whether the matchers hold for a value.
    known: FxHashMap<&'l str, bool>,
}

impl<'s, 'l> Matching<'s, 'l> {
    pub(crate) fn new(selector: &'s CompiledSelector) -> Self {
        let mut labels: Vec<OfLabel<'s, 'l>> = Vec::new();
        for (matcher, pattern) in selector.matchers() {
            match labels.iter_mut().find(|label| label.name == matcher.name) {
                Some(label) => label.matchers.push((matcher, pattern)),
                None => labels.push(OfLabel {
                    name: &matcher.name,
                    matchers: vec![(matcher, pattern)],
                    known: FxHashMap::default(),
                }),
            }
        }
        Matching { labels }
    }

    /// Whether all matchers hold for `labels`.
    pub(crate) fn matches(&mut self, labels: &'l Labels) -> bool {
        self.labels.iter_mut().all(|label| label.holds(labels.get(label.name).unwrap_or_default()))
    }

    /// How often the matchers of a label were evaluated.
    pub(crate) fn evaluations(&self) -> usize {
        self.labels.iter().map(|label| label.known.len()).sum()
    }
}

impl<'l> OfLabel<'_, 'l> {
    fn holds(&mut self, value: &'l str) -> bool {
        if let Some(&known) = self.known.get(value) {
            return known;
        }
        let result = self.matchers.iter().all(|(matcher, pattern)| holds(matcher, *pattern, value));
        self.known.insert(value, result);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series(count: usize) -> Vec<Labels> {
        let labels =
            |i: usize| [("pod", format!("pod-{}", i % 7)), ("id", i.to_string())].into_iter().collect();
        (0..count).map(labels).collect()
    }

    #[test]
    fn patterns_are_evaluated_once_for_each_distinct_value() {
        let all = series(1000);
        let selector = r#"{pod=~"pod-[0-3]", pod!~"pod-2", region=~"|eu"}"#.parse().unwrap();
        let compiled = CompiledSelector::new(&selector).unwrap();
        let mut matching = Matching::new(&compiled);
        let found = all.iter().filter(|labels| matching.matches(labels)).count();
        assert_eq!(found, all.iter().filter(|labels| compiled.matches(labels)).count());
        // Seven pods, and the absent region.
        assert_eq!(matching.evaluations(), 8);
    }

    proptest! {
        #[test]
        fn agrees_with_matching_one_by_one(
            matchers in prop::collection::vec(("[ab]", "(=|!=|=~|!~)", "[xy.]{0,2}"), 0..5),
            sets in prop::collection::vec(prop::collection::vec(("[ab]", "[xy]{0,2}"), 0..3), 0..20),
        ) {
            let text: Vec<String> = matchers.iter().map(|(n, op, v)| format!(r#"{n}{op}"{v}""#)).collect();
            let compiled = CompiledSelector::new(&format!("{{{}}}", text.join(",")).parse().unwrap()).unwrap();
            let sets: Vec<Labels> = sets.into_iter().map(|pairs| pairs.into_iter().collect()).collect();
            let mut matching = Matching::new(&compiled);
            for labels in &sets {
                prop_assert_eq!(matching.matches(labels), compiled.matches(labels));
            }
        }
    }
}
