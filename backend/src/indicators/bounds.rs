//! The caller's bounds as matchers of metrics. Pure.
//!
//! Bounds are selectors of profiles, of which one must hold. Each matcher of one becomes a matcher of metrics through [`Mapping`];
//! what has no exact counterpart is refused, and nothing is ever asked without it:
//!
//! - a matcher on `service_name` is decided here, as the service is known;
//! - a label without a counterpart in metrics is refused;
//! - where a matcher also holds for an absent label, the metric must have the label all the same: a metric without `team` may be
//!   anybody's;
//! - several selectors of which each holds for itself cannot be one query, unless they are about one label with `=` or `=~`;
//! - a pattern that RE2 may read otherwise than our engine (classes such as `\w`, flags) is refused.

use super::mapping::{Mapping, escaped, is_service};
use crate::auth::Bounds;
use crate::selector::{BadSelector, CompiledSelector};
use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};

/// The part of a service's metrics that a caller may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visible {
    /// Nothing: as if there were no such service.
    Nothing,
    /// Series for which all of these hold; all of the service's, if there are none.
    Matching(Vec<Matcher>),
}

/// Bounds that no query can express. Nobody's fault: an administrator can map the label, or bind roles otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Inexpressible {
    /// A label of profiles has no counterpart.
    #[error(
        "access is limited by the label `{0}`, which metrics do not have: an administrator can map it to a label of metrics \
         ([metrics.NAME.labels])"
    )]
    Label(String),
    /// More than one selector.
    #[error(
        "access consists of several selectors, which one query of metrics cannot express: an administrator can bind them to one \
         label with `=` or `=~`"
    )]
    Several,
    /// A pattern with a meaning of its own in each engine.
    #[error(
        "access is limited by a pattern on `{0}` that a metrics source may read otherwise: an administrator can write it without \
         flags and classes such as \\w"
    )]
    Pattern(String),
    /// A pattern does not compile.
    #[error("access is limited by an invalid selector: {0}")]
    Invalid(#[from] BadSelector),
}

/// The part of the metrics of `service` that lies within `bounds`.
///
/// # Errors
/// [`Inexpressible`].
pub(crate) fn visible(bounds: &Bounds, service: &str, mapping: &Mapping) -> Result<Visible, Inexpressible> {
    let Bounds::AnyOf(selectors) = bounds else { return Ok(Visible::Matching(Vec::new())) };
    let mut rest: Vec<Vec<&Matcher>> = Vec::new();
    for selector in selectors {
        if let Some(others) = of_service(selector, service)? {
            rest.push(others);
        }
    }
    // Alternatives without a condition make all others superfluous.
    if rest.iter().any(Vec::is_empty) {
        return Ok(Visible::Matching(Vec::new()));
    }
    let own: Vec<Matcher> = match &rest[..] {
        [] => return Ok(Visible::Nothing),
        [one] => one.iter().map(|matcher| (*matcher).clone()).collect(),
        several => vec![united(several)?],
    };
    Ok(Visible::Matching(translated(&own, mapping)?))
}

/// Matchers of metrics for matchers of profiles that are not about the service.
///
/// # Errors
/// [`Inexpressible`].
pub(crate) fn translated(matchers: &[Matcher], mapping: &Mapping) -> Result<Vec<Matcher>, Inexpressible> {
    let mut all = Vec::new();
    for matcher in matchers {
        let label = mapping.label(&matcher.name).ok_or_else(|| Inexpressible::Label(matcher.name.clone()))?;
        if is_pattern(matcher) && !is_portable(&matcher.value) {
            return Err(Inexpressible::Pattern(matcher.name.clone()));
        }
        let holds_when_absent = compiled(std::slice::from_ref(matcher))?.matches(&Labels::new());
        all.push(Matcher { name: label.to_owned(), ..matcher.clone() });
        if holds_when_absent {
            all.push(Matcher { name: label.to_owned(), op: MatchOp::NotEqual, value: String::new() });
        }
    }
    Ok(all)
}

/// The matchers of a selector that are not about the service; `None` if the service is not in it.
fn of_service<'s>(selector: &'s Selector, service: &str) -> Result<Option<Vec<&'s Matcher>>, BadSelector> {
    let (about_it, others): (Vec<&Matcher>, Vec<&Matcher>) =
        selector.matchers.iter().partition(|matcher| is_service(&matcher.name));
    let about_it: Vec<Matcher> = about_it.into_iter().cloned().collect();
    let labels: Labels = [(flarepath_profile::labels::SERVICE_NAME, service)].into_iter().collect();
    Ok(compiled(&about_it)?.matches(&labels).then_some(others))
}

fn compiled(matchers: &[Matcher]) -> Result<CompiledSelector, BadSelector> {
    CompiledSelector::new(&Selector { matchers: matchers.to_vec() })
}

/// One matcher for alternatives that are about one label each, and the same one.
fn united(alternatives: &[Vec<&Matcher>]) -> Result<Matcher, Inexpressible> {
    let mut patterns = Vec::new();
    let mut label: Option<&str> = None;
    for alternative in alternatives {
        let [matcher] = alternative[..] else { return Err(Inexpressible::Several) };
        if label.is_some_and(|known| known != matcher.name) {
            return Err(Inexpressible::Several);
        }
        label = Some(&matcher.name);
        patterns.push(match matcher.op {
            MatchOp::Equal => escaped(&matcher.value),
            MatchOp::Regex => format!("({})", matcher.value),
            MatchOp::NotEqual | MatchOp::NotRegex => return Err(Inexpressible::Several),
        });
    }
    let name = label.ok_or(Inexpressible::Several)?.to_owned();
    Ok(Matcher { name, op: MatchOp::Regex, value: patterns.join("|") })
}

fn is_pattern(matcher: &Matcher) -> bool {
    matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex)
}

/// Whether RE2 and our engine read a pattern alike: no flags or named groups, no classes by letter, no escapes by number, and no
/// operations on sets.
fn is_portable(pattern: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    // In a class: the character before.
    let mut class: Option<char> = None;
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        if c == '\\' {
            // `\<` is a boundary of words for our engine, and a character for RE2.
            if !next.is_some_and(|next| next.is_ascii_punctuation() && !matches!(next, '<' | '>')) {
                return false;
            }
            rest.next();
            class = class.map(|_| '\\');
            continue;
        }
        class = match (class, c) {
            (None, '(') if next == Some('?') => return false,
            (None, '[') if next == Some(']') => return false,
            (None, '[') => Some('['),
            (None, _) => None,
            (Some('['), '^') if next == Some(']') => return false,
            (Some(_), '[') if next == Some(':') => {
                // `[:alpha:]`
                rest.next();
                if rest.by_ref().find(|c| !c.is_ascii_lowercase()) != Some(':') || rest.next() != Some(']') {
                    return false;
                }
                Some(']')
            }
            (Some(_), '[') => return false,
            (Some(before), '&' | '~' | '-') if before == c => return false,
            (Some(_), ']') => None,
            (Some(_), _) => Some(c),
        };
    }
    class.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MetricsConfig;
    use proptest::prelude::*;
    use rstest::rstest;

    fn mapping() -> Mapping {
        let mut config = MetricsConfig::at("http://127.0.0.1:9090");
        config.labels.insert("team".to_owned(), "kube_team".to_owned());
        Mapping::new(&config).unwrap()
    }

    fn seen(bounds: &[&str], service: &str) -> Result<String, String> {
        let bounds = Bounds::AnyOf(bounds.iter().map(|bound| bound.parse().unwrap()).collect());
        match visible(&bounds, service, &mapping()) {
            Ok(Visible::Nothing) => Ok("nothing".to_owned()),
            Ok(Visible::Matching(matchers)) => Ok(Selector { matchers }.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[rstest]
    #[case::no_bounds_at_all(&[], "nothing")]
    #[case::own_service(&[r#"{service_name="pay"}"#], "{}")]
    #[case::pattern_of_services(&[r#"{service_name=~"pay|cart"}"#], "{}")]
    #[case::foreign_service(&[r#"{service_name="cart"}"#], "nothing")]
    #[case::excluded_service(&[r#"{service_name!="pay"}"#], "nothing")]
    #[case::mapped(&[r#"{team="a"}"#], r#"{kube_team="a"}"#)]
    #[case::both(&[r#"{service_name=~"p.*", team=~"a|b"}"#], r#"{kube_team=~"a|b"}"#)]
    #[case::absent_labels_do_not_pass(&[r#"{team!="a"}"#], r#"{kube_team!="a", kube_team!=""}"#)]
    #[case::empty_pattern(&[r#"{team=~"a|"}"#], r#"{kube_team=~"a|", kube_team!=""}"#)]
    #[case::one_of_two_is_of_the_service(&[r#"{service_name="cart", zone="x"}"#, r#"{team="a"}"#], r#"{kube_team="a"}"#)]
    #[case::one_of_two_is_everything(&[r#"{service_name="pay"}"#, r#"{zone="x"}"#], "{}")]
    #[case::two_teams(&[r#"{team="a.b"}"#, r#"{team=~"c|d"}"#], r#"{kube_team=~"a\\.b|(c|d)"}"#)]
    fn bounds_become_matchers(#[case] bounds: &[&str], #[case] expected: &str) {
        assert_eq!(seen(bounds, "pay").unwrap(), expected);
    }

    #[rstest]
    #[case(&[r#"{tenant="x"}"#], "the label `tenant`, which metrics do not have")]
    #[case(&[r#"{team="a", tenant="x"}"#], "the label `tenant`")]
    #[case(&[r#"{team="a"}"#, r#"{namespace="b"}"#], "several selectors")]
    #[case(&[r#"{team="a"}"#, r#"{team!="b"}"#], "several selectors")]
    #[case(&[r#"{team="a", namespace="n"}"#, r#"{team="b"}"#], "several selectors")]
    #[case(&[r#"{team!~"\\w+"}"#], "a pattern on `team`")]
    #[case(&[r#"{team=~"(?i)a"}"#], "a pattern on `team`")]
    fn what_no_query_can_express_is_refused(#[case] bounds: &[&str], #[case] expected: &str) {
        let error = seen(bounds, "pay").unwrap_err();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn patterns_that_both_engines_read_alike() {
        for good in ["a|b", "a.*", r"a\.b", "[a-z]+", "[^x]", "(a|b){2}", "[[:alpha:]]", "a-b", ""] {
            assert!(is_portable(good), "{good}");
        }
        for bad in [r"\w", r"\bx", "(?i)a", r"\x41", r"\pL", "[a&&b]", "[a--b]", "[a~~b]", "[a[b]]", "a\\"] {
            assert!(!is_portable(bad), "{bad}");
        }
    }

    /// Whatever is asked with, no metric passes whose labels, as those of a profile, are beyond the bounds.
    fn passes_only_within(bounds: &[Selector], labels: [&str; 2]) -> Result<(), TestCaseError> {
        let all = Bounds::AnyOf(bounds.to_vec());
        let Ok(Visible::Matching(matchers)) = visible(&all, "pay", &mapping()) else { return Ok(()) };
        let metric: Labels = [("kube_team", labels[0]), ("namespace", labels[1])].into_iter().collect();
        let profile: Labels =
            [("service_name", "pay"), ("team", labels[0]), ("namespace", labels[1])].into_iter().collect();
        let holds = |selector: &Selector, labels| CompiledSelector::new(selector).unwrap().matches(labels);
        if holds(&Selector { matchers }, &metric) {
            prop_assert!(bounds.iter().any(|bound| holds(bound, &profile)));
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn no_metric_beyond_the_bounds_passes(
            bounds in prop::collection::vec(prop::collection::vec(
                ("(team|namespace|service_name)", "(=|!=|=~|!~)", "(a|b|a\\|b|a\\?|pay|p\\.\\*|)"), 0..3), 0..4),
            labels in [prop::sample::select(vec!["", "a", "b", "c"]), prop::sample::select(vec!["", "a", "b"])],
        ) {
            let text = |all: &Vec<(String, String, String)>| {
                let matchers: Vec<String> = all.iter().map(|(n, op, v)| format!("{n}{op}{v:?}")).collect();
                format!("{{{}}}", matchers.join(","))
            };
            let bounds: Vec<Selector> = bounds.iter().map(|all| text(all).parse().unwrap()).collect();
            passes_only_within(&bounds, labels)?;
        }
    }
}
