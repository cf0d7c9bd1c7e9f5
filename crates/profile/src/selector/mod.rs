//! Series selectors in Prometheus syntax: `{service_name="checkout", region=~"eu-.*"}`.
//!
//! This module parses and prints; matching regular expressions needs an engine, which the caller gives
//! (the backend's, or the browser's).

mod parse;
mod print;

pub use print::{Name, Quoted};

use std::fmt;

/// How a matcher compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`, anchored at both ends
    Regex,
    /// `!~`, anchored at both ends
    NotRegex,
}

/// One condition on one label. A label that is absent counts as the empty string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Matcher {
    /// Label name.
    pub name: String,
    /// Comparison.
    pub op: MatchOp,
    /// Text or pattern.
    pub value: String,
}

/// Conditions that must all hold. Empty: every series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector {
    /// The conditions, in the order written.
    pub matchers: Vec<Matcher>,
}

/// The selector does not parse. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid selector at position {position}: {message}")]
pub struct InvalidSelector {
    /// Byte offset into the text, from 0.
    pub position: usize,
    /// What was expected.
    pub message: String,
}

impl fmt::Display for MatchOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MatchOp::Equal => "=",
            MatchOp::NotEqual => "!=",
            MatchOp::Regex => "=~",
            MatchOp::NotRegex => "!~",
        })
    }
}
