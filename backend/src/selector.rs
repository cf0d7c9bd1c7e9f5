//! Compiles label selectors and matches labels against them. No other module gives label patterns to the regex engine.

use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use regex::Regex;

/// A pattern of a matcher does not compile. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid pattern for label {label}: {message}")]
pub struct InvalidPattern {
    /// The label of the matcher.
    pub label: String,
    /// The message of the regex engine.
    pub message: String,
}

/// A selector that is ready to be matched. All of its matchers must hold; an absent label counts as the empty string.
#[derive(Clone, Debug)]
pub struct CompiledSelector {
    selector: Selector,
    /// For each matcher its pattern; none for `=` and `!=`.
    patterns: Vec<Option<Regex>>,
}

impl CompiledSelector {
    /// Compiles a selector. Patterns are anchored at both ends, and `.` matches line breaks, as in Prometheus.
    ///
    /// # Errors
    /// [`InvalidPattern`] of the first pattern that does not compile.
    pub fn new(selector: &Selector) -> Result<CompiledSelector, InvalidPattern> {
        let patterns = selector.matchers.iter().map(pattern).collect::<Result<_, _>>()?;
        Ok(CompiledSelector { selector: selector.clone(), patterns })
    }

    /// The selector that was compiled.
    pub fn selector(&self) -> &Selector {
        &self.selector
    }

    /// Whether all matchers hold for `labels`.
    pub fn matches(&self, labels: &Labels) -> bool {
        let mut matchers = self.selector.matchers.iter().zip(&self.patterns);
        matchers.all(|(matcher, pattern)| holds(matcher, pattern.as_ref(), labels))
    }
}

fn holds(matcher: &Matcher, pattern: Option<&Regex>, labels: &Labels) -> bool {
    let value = labels.get(&matcher.name).unwrap_or_default();
    let found = pattern.map_or(value == matcher.value, |pattern| pattern.is_match(value));
    found != matches!(matcher.op, MatchOp::NotEqual | MatchOp::NotRegex)
}

fn pattern(matcher: &Matcher) -> Result<Option<Regex>, InvalidPattern> {
    if matches!(matcher.op, MatchOp::Equal | MatchOp::NotEqual) {
        return Ok(None);
    }
    let compiled = Regex::new(&format!("^(?s:{})$", matcher.value));
    compiled
        .map(Some)
        .map_err(|error| InvalidPattern { label: matcher.name.clone(), message: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_anchored_and_absent_labels_are_empty() {
        let labels: Labels = [("service_name", "cart"), ("note", "a\nb")].into_iter().collect();
        for (selector, expected) in [
            (r#"{service_name="cart"}"#, true),
            (r#"{service_name!="cart"}"#, false),
            (r#"{service_name=~"car"}"#, false),
            (r#"{service_name=~"car|cart"}"#, true),
            (r#"{service_name!~"ca.*"}"#, false),
            (r#"{note=~"a.b"}"#, true),
            (r#"{region=""}"#, true),
            (r#"{region!=""}"#, false),
            (r#"{region=~".*", service_name="cart"}"#, true),
            (r#"{region="eu", service_name="cart"}"#, false),
            ("{}", true),
        ] {
            let compiled = CompiledSelector::new(&selector.parse().unwrap()).unwrap();
            assert_eq!(compiled.matches(&labels), expected, "{selector}");
        }
    }

    #[test]
    fn names_the_label_of_an_invalid_pattern() {
        let error = CompiledSelector::new(&r#"{pod=~"("}"#.parse().unwrap()).unwrap_err();
        assert_eq!(error.label, "pod");
    }
}
