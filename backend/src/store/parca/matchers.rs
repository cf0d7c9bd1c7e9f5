//! Conditions on labels that Parca evaluates as we do. Pure.
//!
//! Parca's matchers look like ours and differ: patterns are not anchored, and whether `!=` and `!~` hold for a series without
//! the label depends on whether any other series stored beside it has that label. What all of its versions evaluate alike is: equal to a text,
//! absent (`=""`), present (`!=""`), and an anchored pattern of plain texts. So a selector is turned into these: the values of its
//! labels are asked for, our own matchers say which of them are wanted, and whether series without the label are. A series with a
//! value that is not known yet is not selected, so that nothing beyond a caller's bounds is.
//!
//! `{team!="x"}`, where `team` has the values `x`, `y` and `z`, becomes two parts: `{team=~"^(?:y|z)$"}` and `{team=""}`.

use crate::selector::{BadSelector, CompiledSelector};
use crate::store::bounds::MAX_SELECTORS;
use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of the wanted values of a label: the pattern of them is compiled by Parca.
const MAX_VALUE_BYTES: usize = 256 << 10;

/// What a label has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Not there.
    Absent,
    /// There, whatever its value is.
    Present,
    /// One of these, of which there is at least one.
    OneOf(Vec<String>),
}

/// Labels by our names, each with what it has to be. No series is in two parts of one selection.
pub(super) type Part = Vec<(String, Wanted)>;

/// Values of labels, by our names.
pub(super) type KnownValues = BTreeMap<String, Vec<String>>;

/// The selection cannot be put in Parca's terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Inexpressible {
    /// A pattern does not compile.
    #[error(transparent)]
    Pattern(#[from] BadSelector),
    /// More parts than one question is split into.
    #[error(
        "the selector has more than {MAX_SELECTORS} parts; use fewer conditions that hold without the label"
    )]
    TooManyParts,
    /// A pattern of too many values.
    #[error("too many values of label {0} are selected; use a narrower selector")]
    TooManyValues(String),
}

/// The labels whose values have to be known, by our names.
pub(super) fn labels_to_ask(selectors: &[Selector]) -> BTreeSet<String> {
    let groups = selectors.iter().flat_map(|selector| by_label(selector).into_iter());
    groups.filter(|(name, matchers)| needs_values(name, matchers)).map(|(name, _)| name.to_owned()).collect()
}

/// The parts of selectors that exclude each other.
///
/// # Errors
/// [`Inexpressible`].
pub(super) fn parts(selectors: &[Selector], known: &KnownValues) -> Result<Vec<Part>, Inexpressible> {
    let mut found = Vec::new();
    for selector in selectors {
        let mut of_selector: Vec<Part> = vec![Vec::new()];
        for (name, matchers) in by_label(selector) {
            let choices = choices(name, &matchers, known)?;
            let with = |part: &Part| {
                let part = part.clone();
                choices.clone().into_iter().map(move |choice| {
                    let label = choice.map(|wanted| (name.to_owned(), wanted));
                    part.iter().cloned().chain(label).collect::<Part>()
                })
            };
            of_selector = of_selector.iter().flat_map(with).collect();
            if of_selector.len() + found.len() > MAX_SELECTORS {
                return Err(Inexpressible::TooManyParts);
            }
        }
        found.extend(of_selector);
        if found.len() > MAX_SELECTORS {
            return Err(Inexpressible::TooManyParts);
        }
    }
    Ok(found)
}

/// Whether a label is internal: no series of ours has it.
pub(super) fn is_internal(name: &str) -> bool {
    name.starts_with("__")
}

/// The matchers of each label, in the order of the selector.
fn by_label(selector: &Selector) -> Vec<(&str, Vec<&Matcher>)> {
    let mut groups: Vec<(&str, Vec<&Matcher>)> = Vec::new();
    for matcher in &selector.matchers {
        match groups.iter_mut().find(|(name, _)| *name == matcher.name) {
            Some((_, matchers)) => matchers.push(matcher),
            None => groups.push((matcher.name.as_str(), vec![matcher])),
        }
    }
    groups
}

fn needs_values(name: &str, matchers: &[&Matcher]) -> bool {
    !is_internal(name) && equal_to(matchers).is_none() && !is_presence(matchers)
}

/// The text of the first `=`.
fn equal_to<'m>(matchers: &[&'m Matcher]) -> Option<&'m str> {
    matchers.iter().find(|matcher| matcher.op == MatchOp::Equal).map(|matcher| matcher.value.as_str())
}

fn is_presence(matchers: &[&Matcher]) -> bool {
    matchers.iter().all(|matcher| matcher.op == MatchOp::NotEqual && matcher.value.is_empty())
}

/// What the label may be, each by itself; `None` stands for no condition. Nothing if the matchers can never hold.
fn choices(
    name: &str,
    matchers: &[&Matcher],
    known: &KnownValues,
) -> Result<Vec<Option<Wanted>>, Inexpressible> {
    let own = Selector { matchers: matchers.iter().map(|matcher| (*matcher).clone()).collect() };
    let own = CompiledSelector::new(&own)?;
    let holds = |value: &str| own.matches(&[(name, value)].into_iter().collect::<Labels>());
    if is_internal(name) {
        // No series has it.
        return Ok(if holds("") { vec![None] } else { Vec::new() });
    }
    if is_presence(matchers) {
        return Ok(vec![Some(Wanted::Present)]);
    }
    let absent = holds("").then_some(Some(Wanted::Absent));
    let candidates: Vec<&str> = match equal_to(matchers) {
        Some(text) => vec![text],
        None => known.get(name).into_iter().flatten().map(String::as_str).collect(),
    };
    let mut values: Vec<String> = Vec::new();
    values.extend(candidates.into_iter().filter(|v| !v.is_empty() && holds(v)).map(str::to_owned));
    if values.iter().map(String::len).sum::<usize>() > MAX_VALUE_BYTES {
        return Err(Inexpressible::TooManyValues(name.to_owned()));
    }
    let present = (!values.is_empty()).then_some(Some(Wanted::OneOf(values)));
    Ok(present.into_iter().chain(absent).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn known() -> KnownValues {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        [("a".to_owned(), values(&["x", "xx", "y"])), ("b".to_owned(), values(&["x", "z"]))].into()
    }

    fn split(text: &str) -> Vec<Part> {
        parts(&[text.parse().unwrap()], &known()).unwrap()
    }

    fn one_of(values: &[&str]) -> Wanted {
        Wanted::OneOf(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn matchers_become_values_and_absence() {
        let of_a = |wanted: Wanted| vec![("a".to_owned(), wanted)];
        for (selector, expected) in [
            ("{}", vec![vec![]]),
            (r#"{a="x"}"#, vec![of_a(one_of(&["x"]))]),
            (r#"{a="new"}"#, vec![of_a(one_of(&["new"]))]),
            (r#"{a=""}"#, vec![of_a(Wanted::Absent)]),
            (r#"{a!=""}"#, vec![of_a(Wanted::Present)]),
            (r#"{a!="x"}"#, vec![of_a(one_of(&["xx", "y"])), of_a(Wanted::Absent)]),
            (r#"{a=~"x"}"#, vec![of_a(one_of(&["x"]))]),
            (r#"{a=~"x.*", a!="x"}"#, vec![of_a(one_of(&["xx"]))]),
            (r#"{a=~"q"}"#, vec![]),
            (r#"{a=~"q|"}"#, vec![of_a(Wanted::Absent)]),
            (r#"{a="x", a="y"}"#, vec![]),
            (r#"{__name__="x"}"#, vec![]),
            (r#"{__name__!="x"}"#, vec![vec![]]),
        ] {
            assert_eq!(split(selector), expected, "{selector}");
        }
    }

    #[test]
    fn values_are_asked_for_only_where_they_are_needed() {
        let selector = r#"{a="x", b!="", c!="x", d=~"x", __e=~"x"}"#.parse().unwrap();
        assert_eq!(labels_to_ask(&[selector]).into_iter().collect::<Vec<_>>(), ["c", "d"]);
    }

    #[test]
    fn too_many_parts_or_values_are_refused() {
        let selector = |text: String| [text.parse::<Selector>().unwrap()];
        let many: Vec<String> = (0..7).map(|i| format!(r#"l{i}!="q""#)).collect();
        let values = (0..7).map(|i| (format!("l{i}"), vec!["x".to_owned()])).collect();
        let refused = parts(&selector(format!("{{{}}}", many.join(","))), &values);
        assert_eq!(refused, Err(Inexpressible::TooManyParts));
        let long = (0..300).map(|i| format!("{i:01000}")).collect();
        let refused = parts(&selector(r#"{a!="q"}"#.to_owned()), &[("a".to_owned(), long)].into());
        assert_eq!(refused, Err(Inexpressible::TooManyValues("a".to_owned())));
    }

    fn is_in(part: &Part, labels: &Labels) -> bool {
        part.iter().all(|(name, wanted)| match (wanted, labels.get(name)) {
            (Wanted::Absent, value) => value.is_none(),
            (Wanted::Present, value) => value.is_some(),
            (Wanted::OneOf(values), value) => value.is_some_and(|value| values.iter().any(|v| v == value)),
        })
    }

    proptest! {
        #[test]
        fn parts_hold_what_the_selector_matches_and_nothing_twice(
            matchers in vec(("[ab]", "(=|!=|=~|!~)", "[xyz.]{0,2}[|]?"), 0..4),
        ) {
            let text: Vec<String> = matchers.iter().map(|(n, op, v)| format!(r#"{n}{op}"{v}""#)).collect();
            let selector: Selector = format!("{{{}}}", text.join(",")).parse().unwrap();
            let compiled = CompiledSelector::new(&selector).unwrap();
            let Ok(found) = parts(&[selector], &known()) else { return Ok(()) };
            for a in ["", "x", "xx", "y"] {
                for b in ["", "x", "z"] {
                    let labels: Labels = [("a", a), ("b", b)].into_iter().collect();
                    let times = found.iter().filter(|part| is_in(part, &labels)).count();
                    prop_assert_eq!(times, usize::from(compiled.matches(&labels)), "{:?} {:?}", labels, found);
                }
            }
        }
    }
}
