//! What a query asks for: compiled label matchers and a time range.

use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use regex::Regex;

/// Nanoseconds since the epoch, start included, end excluded. A profile is in the range when it starts in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// First nanosecond.
    pub start_ns: i64,
    /// One past the last.
    pub end_ns: i64,
}

impl TimeRange {
    /// Whether `ns` lies in the range.
    pub fn contains(&self, ns: i64) -> bool {
        self.start_ns <= ns && ns < self.end_ns
    }
}

/// A pattern of a matcher does not compile. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad pattern for label {name}: {message}")]
pub struct BadPattern {
    /// The label.
    pub name: String,
    /// What the regex engine said.
    pub message: String,
}

/// Matchers, all of which must hold, and a range.
#[derive(Clone, Debug)]
pub struct Selection {
    matchers: Vec<(Matcher, Option<Regex>)>,
    /// Span ids (lower-case hex, 16 digits): when not empty, only samples of these spans count.
    pub spans: Vec<String>,
    /// When.
    pub range: TimeRange,
}

impl Selection {
    /// Compiles a selector. Patterns are anchored at both ends, as in Prometheus.
    ///
    /// # Errors
    /// [`BadPattern`] when one does not compile.
    pub fn new(selector: &Selector, range: TimeRange) -> Result<Selection, BadPattern> {
        let matchers = selector.matchers.iter().map(compile).collect::<Result<_, _>>()?;
        Ok(Selection { matchers, spans: Vec::new(), range })
    }

    /// Whether a series with these labels is meant.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.matchers.iter().all(|(matcher, pattern)| {
            let value = labels.get(&matcher.name).unwrap_or_default();
            match (matcher.op, pattern) {
                (MatchOp::Equal, _) => value == matcher.value,
                (MatchOp::NotEqual, _) => value != matcher.value,
                (MatchOp::Regex, Some(pattern)) => pattern.is_match(value),
                (MatchOp::NotRegex, Some(pattern)) => !pattern.is_match(value),
                (MatchOp::Regex | MatchOp::NotRegex, None) => false,
            }
        })
    }

    /// The value that `name` must have, if an `=` matcher says so.
    pub fn exact(&self, name: &str) -> Option<&str> {
        let found = self.matchers.iter().find(|(m, _)| m.op == MatchOp::Equal && m.name == name);
        found.map(|(m, _)| m.value.as_str())
    }
}

fn compile(matcher: &Matcher) -> Result<(Matcher, Option<Regex>), BadPattern> {
    let pattern = match matcher.op {
        MatchOp::Equal | MatchOp::NotEqual => None,
        MatchOp::Regex | MatchOp::NotRegex => Some(
            Regex::new(&format!("^(?s:{})$", matcher.value))
                .map_err(|e| BadPattern { name: matcher.name.clone(), message: e.to_string() })?,
        ),
    };
    Ok((matcher.clone(), pattern))
}
