//! A question's selection of profiles.

use crate::auth::Bounds;
use crate::selector::BadSelector;
use crate::store::{Selection, TimeRange};
use flarepath_profile::selector::{MatchOp, Selector};

/// Which profiles a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// Which series.
    pub(crate) selector: Selector,
    /// When.
    pub(crate) range: TimeRange,
    /// Only samples of these spans, if there are any (16 hex digits, lower case).
    pub(crate) spans: Vec<String>,
    /// The caller's bounds. Nothing, until [`super::scope::restrict`] sets them.
    pub(super) bounds: Bounds,
}

impl Question {
    /// About all samples of the series in the range.
    pub(crate) fn new(selector: Selector, range: TimeRange) -> Question {
        Question { selector, range, spans: Vec::new(), bounds: Bounds::NOTHING }
    }

    /// The service that every answer must be of, if an `=` matcher names one.
    pub(crate) fn service(&self) -> Option<&str> {
        let name = flarepath_profile::labels::SERVICE_NAME;
        let matchers = self.selector.matchers.iter();
        matchers.filter(|m| m.op == MatchOp::Equal && m.name == name).map(|m| m.value.as_str()).next()
    }

    /// Whether there are bounds to compile.
    pub(super) fn has_bounds(&self) -> bool {
        matches!(&self.bounds, Bounds::AnyOf(selectors) if !selectors.is_empty())
    }

    /// The selection; patterns are compiled, which may take milliseconds.
    pub(super) fn selection(&self) -> Result<Selection, BadSelector> {
        let mut selection = Selection::new(&self.selector, self.range)?;
        selection.spans.clone_from(&self.spans);
        match &self.bounds {
            Bounds::Everything => Ok(selection),
            Bounds::AnyOf(selectors) => selection.within(selectors),
        }
    }
}
