//! Rewrites a selector within bounds as disjoint selectors, for stores that take one selector a question.
//!
//! Bounds are an OR of ANDs and may overlap: a series that two bounds match would be counted twice if each were asked by
//! itself and the answers were added up. So the second bound excludes the first, the third both, and so on. A conjunction
//! `a ∧ b` is excluded in disjoint parts, `¬a` and `a ∧ ¬b`, which stay conjunctions, as `= != =~ !~` are closed under
//! negation. For the bounds `{team="x", region="eu"}` and `{env="dev"}`:
//!
//! ```text
//! {team="x", region="eu"}
//! {env="dev", team!="x"}
//! {env="dev", team="x", region!="eu"}
//! ```

use flarepath_profile::selector::{MatchOp, Matcher, Selector};

/// Selectors that one question is split into at most. Bounds of a handful of teams need about as many as there are teams.
pub const MAX_SELECTORS: usize = 64;

/// The bounds overlap in too many ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the caller's bounds split into more than {MAX_SELECTORS} disjoint selectors; \
     grant fewer selectors, or selectors that exclude each other by `=` on one label"
)]
pub struct TooManySelectors;

/// Selectors that match together the series that `selector` and at least one of `bounds` match, and none of them twice.
///
/// # Errors
/// [`TooManySelectors`] beyond [`MAX_SELECTORS`].
pub fn disjoint(selector: &Selector, bounds: &[Selector]) -> Result<Vec<Selector>, TooManySelectors> {
    let mut found = Vec::new();
    for (i, bound) in bounds.iter().enumerate() {
        let mut parts: Vec<Conjunction> = Conjunction::default()
            .and_all(&selector.matchers)
            .and_then(|all| all.and_all(&bound.matchers))
            .into_iter()
            .collect();
        for earlier in &bounds[..i] {
            let mut rest = Vec::new();
            for part in parts {
                part.exclude(&earlier.matchers, &mut rest);
                if rest.len() > MAX_SELECTORS {
                    return Err(TooManySelectors);
                }
            }
            parts = rest;
        }
        found.extend(parts.into_iter().map(|part| Selector { matchers: part.0 }));
        if found.len() > MAX_SELECTORS {
            return Err(TooManySelectors);
        }
    }
    Ok(found)
}

/// Matchers that must all hold, none implied by another, as far as that shows without matching patterns.
#[derive(Clone, Default)]
struct Conjunction(Vec<Matcher>);

impl Conjunction {
    /// With one more matcher; none if both can never hold.
    fn and(mut self, matcher: &Matcher) -> Option<Conjunction> {
        let of_label = || self.0.iter().filter(|known| known.name == matcher.name);
        if of_label().any(|known| contradict(known, matcher)) {
            return None;
        }
        if !of_label().any(|known| implies(known, matcher)) {
            self.0.retain(|known| known.name != matcher.name || !implies(matcher, known));
            self.0.push(matcher.clone());
        }
        Some(self)
    }

    fn and_all(self, matchers: &[Matcher]) -> Option<Conjunction> {
        matchers.iter().try_fold(self, Conjunction::and)
    }

    /// Adds to `parts` the disjoint parts of this in which not all of `matchers` hold.
    fn exclude(self, matchers: &[Matcher], parts: &mut Vec<Conjunction>) {
        let mut held = Some(self);
        for matcher in matchers {
            let Some(so_far) = held else { return };
            parts.extend(so_far.clone().and(&negated(matcher)));
            held = so_far.and(matcher);
        }
    }
}

fn negated(matcher: &Matcher) -> Matcher {
    let op = match matcher.op {
        MatchOp::Equal => MatchOp::NotEqual,
        MatchOp::NotEqual => MatchOp::Equal,
        MatchOp::Regex => MatchOp::NotRegex,
        MatchOp::NotRegex => MatchOp::Regex,
    };
    Matcher { op, ..matcher.clone() }
}

/// Whether two matchers of one label can never hold together.
fn contradict(a: &Matcher, b: &Matcher) -> bool {
    match (a.op, b.op) {
        (MatchOp::Equal, MatchOp::Equal) => a.value != b.value,
        _ => *a == negated(b),
    }
}

/// Whether `b` holds wherever `a`, of the same label, does.
fn implies(a: &Matcher, b: &Matcher) -> bool {
    match (a.op, b.op) {
        (MatchOp::Equal, MatchOp::NotEqual) => a.value != b.value,
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selector::CompiledSelector;
    use flarepath_profile::labels::Labels;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn split(selector: &str, bounds: &[&str]) -> Vec<String> {
        let bounds: Vec<Selector> = bounds.iter().map(|bound| bound.parse().unwrap()).collect();
        disjoint(&selector.parse().unwrap(), &bounds).unwrap().iter().map(Selector::to_string).collect()
    }

    #[test]
    fn later_bounds_exclude_earlier_ones() {
        assert_eq!(
            split(r#"{service_name="cart"}"#, &[r#"{team="x", region="eu"}"#, r#"{env="dev"}"#]),
            [
                r#"{service_name="cart", team="x", region="eu"}"#,
                r#"{service_name="cart", env="dev", team!="x"}"#,
                r#"{service_name="cart", env="dev", team="x", region!="eu"}"#,
            ]
        );
    }

    #[test]
    fn bounds_that_exclude_each_other_stay_as_they_are() {
        let teams = [r#"{team="x"}"#, r#"{team="y"}"#, r#"{team="z"}"#];
        assert_eq!(split("{}", &teams), teams);
        assert_eq!(split(r#"{team="y"}"#, &teams), [r#"{team="y"}"#]);
    }

    #[test]
    fn no_bounds_select_nothing_and_an_unrestricted_one_covers_all_others() {
        assert_eq!(split("{}", &[]), [""; 0]);
        assert_eq!(split("{}", &["{}", r#"{team="x"}"#]), ["{}"]);
        assert_eq!(split("{}", &[r#"{team="x"}"#, r#"{team="x"}"#]), [r#"{team="x"}"#]);
    }

    #[test]
    fn refuses_bounds_that_overlap_in_too_many_ways() {
        let bound = |i: usize| format!(r#"{{a{i}="x", b{i}="x"}}"#).parse::<Selector>().unwrap();
        let bounds: Vec<Selector> = (0..8).map(bound).collect();
        assert_eq!(disjoint(&Selector::default(), &bounds), Err(TooManySelectors));
    }

    fn selector() -> impl Strategy<Value = Selector> {
        let op = prop_oneof![
            (Just(MatchOp::Equal), prop_oneof!["", "x", "y"]),
            (Just(MatchOp::NotEqual), prop_oneof!["", "x", "y"]),
            (
                Just(MatchOp::Regex),
                prop_oneof![Just("x|y".to_owned()), Just("x?".to_owned()), Just(".+".to_owned())]
            ),
            (
                Just(MatchOp::NotRegex),
                prop_oneof![Just("x|y".to_owned()), Just("x?".to_owned()), Just(".+".to_owned())]
            ),
        ];
        let matcher = ("[abc]", op).prop_map(|(name, (op, value))| Matcher { name, op, value });
        vec(matcher, 0..4).prop_map(|matchers| Selector { matchers })
    }

    /// All label sets over three labels, each absent or one of three values.
    fn label_sets() -> impl Iterator<Item = Labels> {
        const VALUES: [&str; 4] = ["", "x", "y", "z"];
        (0..64usize).map(|n| {
            let pairs = [("a", VALUES[n % 4]), ("b", VALUES[n / 4 % 4]), ("c", VALUES[n / 16])];
            pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
        })
    }

    proptest! {
        #[test]
        fn covers_the_original_and_no_series_twice(all in selector(), bounds in vec(selector(), 0..5)) {
            let compiled = |selector: &Selector| CompiledSelector::new(selector).unwrap();
            let Ok(parts) = disjoint(&all, &bounds) else { return Ok(()) };
            prop_assert!(parts.len() <= MAX_SELECTORS);
            let parts: Vec<_> = parts.iter().map(compiled).collect();
            let (all, bounds) = (compiled(&all), bounds.iter().map(compiled).collect::<Vec<_>>());
            for labels in label_sets() {
                let is_selected = all.matches(&labels) && bounds.iter().any(|bound| bound.matches(&labels));
                let times = parts.iter().filter(|part| part.matches(&labels)).count();
                prop_assert_eq!(times, usize::from(is_selected), "{:?}", labels);
            }
        }
    }
}
