//! Compiles label selectors and matches labels against them. No other module gives label patterns to the regex engine.
//!
//! - [`limits`]: what a selector may hold, checked where its text arrives.
//! - [`compiled`]: bounds of callers, compiled once each.
//! - [`matching`]: many label sets, each distinct value matched once.

mod compiled;
mod limits;
mod matching;

pub(crate) use compiled::{compiled, forget_idle};
pub(crate) use limits::check;
pub(crate) use matching::Matching;

use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use limits::MAX_COMPILED_BYTES;
use regex::{Regex, RegexBuilder};

/// A selector that cannot be used. The fault of the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSelector {
    /// A pattern is malformed.
    #[error("invalid pattern for label {label}: {message}")]
    Pattern {
        /// The label of the matcher.
        label: String,
        /// The message of the regex engine.
        message: String,
    },
    /// A pattern is longer than the limit.
    #[error("the pattern for label {label} has {bytes} bytes; at most {most} are allowed", most = limits::MAX_PATTERN_BYTES)]
    TooLong {
        /// The label of the matcher.
        label: String,
        /// Length of the pattern.
        bytes: usize,
    },
    /// A pattern takes more memory than the limit once it is compiled.
    #[error(
        "the pattern for label {label} takes more than {most} KiB compiled; use fewer repetitions and character classes",
        most = MAX_COMPILED_BYTES >> 10
    )]
    TooComplex {
        /// The label of the matcher.
        label: String,
    },
    /// More matchers than the limit.
    #[error("the selector has {0} matchers; at most {most} are allowed", most = limits::MAX_MATCHERS)]
    TooManyMatchers(usize),
}

impl BadSelector {
    /// The label of the matcher at fault, if it is one.
    pub(crate) fn label(&self) -> Option<&str> {
        match self {
            BadSelector::Pattern { label, .. }
            | BadSelector::TooLong { label, .. }
            | BadSelector::TooComplex { label } => Some(label),
            BadSelector::TooManyMatchers(_) => None,
        }
    }
}

/// A selector that is ready to be matched. All of its matchers must hold; an absent label counts as the empty string.
#[derive(Clone, Debug)]
pub struct CompiledSelector {
    selector: Selector,
    /// For each matcher its pattern; none for `=` and `!=`.
    patterns: Vec<Option<Regex>>,
}

impl CompiledSelector {
    /// Compiles a selector. Patterns are anchored at both ends, and `.` matches line breaks, as in Prometheus. A pattern
    /// may take milliseconds.
    ///
    /// # Errors
    /// [`BadSelector`] of the first pattern that does not compile.
    pub fn new(selector: &Selector) -> Result<CompiledSelector, BadSelector> {
        let patterns = selector.matchers.iter().map(pattern).collect::<Result<_, _>>()?;
        Ok(CompiledSelector { selector: selector.clone(), patterns })
    }

    /// The same with one more matcher, for which nothing has to be compiled.
    pub(crate) fn and_equal(&self, name: &str, value: &str) -> CompiledSelector {
        let mut narrower = self.clone();
        let (name, value) = (name.to_owned(), value.to_owned());
        narrower.selector.matchers.push(Matcher { name, op: MatchOp::Equal, value });
        narrower.patterns.push(None);
        narrower
    }

    /// The selector that was compiled.
    pub fn selector(&self) -> &Selector {
        &self.selector
    }

    /// Whether all matchers hold for `labels`.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.matchers()
            .all(|(matcher, pattern)| holds(matcher, pattern, labels.get(&matcher.name).unwrap_or_default()))
    }

    fn matchers(&self) -> impl Iterator<Item = (&Matcher, Option<&Regex>)> {
        self.selector.matchers.iter().zip(self.patterns.iter().map(Option::as_ref))
    }
}

/// Whether a matcher has a pattern to compile.
pub(crate) fn has_pattern(matcher: &Matcher) -> bool {
    matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex)
}

fn holds(matcher: &Matcher, pattern: Option<&Regex>, value: &str) -> bool {
    let found = pattern.map_or(value == matcher.value, |pattern| pattern.is_match(value));
    found != matches!(matcher.op, MatchOp::NotEqual | MatchOp::NotRegex)
}

fn pattern(matcher: &Matcher) -> Result<Option<Regex>, BadSelector> {
    if !has_pattern(matcher) {
        return Ok(None);
    }
    // First by itself: `a)|(b` would be valid in the middle of another pattern, and escape its anchors.
    limits::check_syntax(matcher)?;
    let label = || matcher.name.clone();
    let compiled = RegexBuilder::new(&format!("^(?s:{})$", matcher.value))
        .size_limit(MAX_COMPILED_BYTES)
        .dfa_size_limit(MAX_COMPILED_BYTES)
        .build();
    compiled.map(Some).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => BadSelector::TooComplex { label: label() },
        other => BadSelector::Pattern { label: label(), message: other.to_string() },
    })
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
    fn one_more_matcher_narrows() {
        let labels: Labels = [("service_name", "cart"), ("pod", "a")].into_iter().collect();
        let compiled = CompiledSelector::new(&r#"{service_name=~"c.*"}"#.parse().unwrap()).unwrap();
        let matches = |name, value| compiled.and_equal(name, value).matches(&labels);
        assert!(matches("pod", "a") && matches("region", ""));
        assert!(!matches("pod", "b") && !matches("pod", ""));
    }

    #[test]
    fn names_the_label_of_a_bad_pattern() {
        for bad in [r#"{pod=~"("}"#, r#"{pod=~"a)|(b"}"#, r#"{pod=~"(\\w{90}){90}"}"#] {
            let error = CompiledSelector::new(&bad.parse().unwrap()).unwrap_err();
            assert_eq!(error.label(), Some("pod"), "{error}");
        }
    }
}
