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

/// A matcher, with its pattern if it has one.
type Compiled = (Matcher, Option<Regex>);

/// Matchers, all of which must hold, bounds, one of which must hold too, and a range.
#[derive(Clone, Debug)]
pub struct Selection {
    matchers: Vec<Compiled>,
    /// Absent: no bounds. Without any inside: nothing is selected.
    bounds: Option<Vec<Vec<Compiled>>>,
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
        Ok(Selection { matchers: compile_all(selector)?, bounds: None, spans: Vec::new(), range })
    }

    /// The same, but only series that match at least one of `bounds` as well; none if there are no bounds in it.
    ///
    /// # Errors
    /// [`BadPattern`] when one does not compile.
    pub fn within(self, bounds: &[Selector]) -> Result<Selection, BadPattern> {
        let bounds = Some(bounds.iter().map(compile_all).collect::<Result<_, _>>()?);
        Ok(Selection { bounds, ..self })
    }

    /// Whether a series with these labels is meant.
    pub fn matches(&self, labels: &Labels) -> bool {
        let all = |matchers: &[Compiled]| matchers.iter().all(|matcher| holds(matcher, labels));
        all(&self.matchers) && self.bounds.as_ref().is_none_or(|bounds| bounds.iter().any(|m| all(m)))
    }

    /// The value that `name` must have, if an `=` matcher says so.
    pub fn exact(&self, name: &str) -> Option<&str> {
        let found = self.matchers.iter().find(|(m, _)| m.op == MatchOp::Equal && m.name == name);
        found.map(|(m, _)| m.value.as_str())
    }
}

fn holds((matcher, pattern): &Compiled, labels: &Labels) -> bool {
    let value = labels.get(&matcher.name).unwrap_or_default();
    match (matcher.op, pattern) {
        (MatchOp::Equal, _) => value == matcher.value,
        (MatchOp::NotEqual, _) => value != matcher.value,
        (MatchOp::Regex, Some(pattern)) => pattern.is_match(value),
        (MatchOp::NotRegex, Some(pattern)) => !pattern.is_match(value),
        (MatchOp::Regex | MatchOp::NotRegex, None) => false,
    }
}

fn compile_all(selector: &Selector) -> Result<Vec<Compiled>, BadPattern> {
    selector.matchers.iter().map(compile).collect()
}

fn compile(matcher: &Matcher) -> Result<Compiled, BadPattern> {
    let pattern = match matcher.op {
        MatchOp::Equal | MatchOp::NotEqual => None,
        MatchOp::Regex | MatchOp::NotRegex => Some(
            Regex::new(&format!("^(?s:{})$", matcher.value))
                .map_err(|e| BadPattern { name: matcher.name.clone(), message: e.to_string() })?,
        ),
    };
    Ok((matcher.clone(), pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_narrow_and_never_widen() {
        let range = TimeRange { start_ns: 0, end_ns: 1 };
        let select = |text: &str| Selection::new(&text.parse().unwrap(), range).unwrap();
        let bounds = |texts: &[&str]| texts.iter().map(|t| t.parse().unwrap()).collect::<Vec<Selector>>();
        let labels = |team: &str| [("service_name", "a"), ("team", team)].into_iter().collect::<Labels>();
        let mine = bounds(&[r#"{team="mine"}"#, r#"{team=~"our.*"}"#]);
        for (question, team, is_seen) in [
            ("{}", "mine", true),
            ("{}", "ours", true),
            ("{}", "theirs", false),
            (r#"{team="theirs"}"#, "theirs", false),
            (r#"{team=~".*"}"#, "theirs", false),
            (r#"{team="mine"}"#, "ours", false),
        ] {
            let selection = select(question).within(&mine).unwrap();
            assert_eq!(selection.matches(&labels(team)), is_seen, "{question} {team}");
        }
        assert!(!select("{}").within(&[]).unwrap().matches(&labels("mine")));
    }
}
