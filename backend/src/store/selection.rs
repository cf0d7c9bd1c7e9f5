//! Selects profiles: by the labels of their series, within a principal's bounds, by spans and by time.

use super::TimeRange;
use crate::selector::{BadSelector, CompiledSelector, Matching, compiled};
use crate::work::CancelToken;
use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Selector};
use std::sync::Arc;

/// Profiles whose series match the selector and at least one of the bounds, and that start in the range.
#[derive(Clone, Debug)]
pub struct Selection {
    selector: CompiledSelector,
    /// Absent: unbounded. Empty: selects nothing.
    bounds: Option<Arc<[CompiledSelector]>>,
    /// Span ids (lower-case hex, 16 digits): when not empty, only samples of these spans count.
    pub spans: Vec<String>,
    /// When the profiles start.
    pub range: TimeRange,
    /// Cancelled when the answer is no longer wanted. Long loops look at it.
    pub(crate) cancel: CancelToken,
}

impl Selection {
    /// An unbounded selection of all spans.
    ///
    /// # Errors
    /// [`BadSelector`] when a pattern does not compile.
    pub fn new(selector: &Selector, range: TimeRange) -> Result<Selection, BadSelector> {
        let selector = CompiledSelector::new(selector)?;
        Ok(Selection { selector, bounds: None, spans: Vec::new(), range, cancel: CancelToken::default() })
    }

    /// The same selection for a computation that ends when `cancel` says so.
    #[must_use]
    pub(crate) fn under(self, cancel: CancelToken) -> Selection {
        Selection { cancel, ..self }
    }

    /// The same selection, restricted to series that match at least one of `bounds`. Empty bounds select nothing.
    ///
    /// # Errors
    /// [`BadSelector`] when a pattern does not compile.
    pub fn within(self, bounds: &[Selector]) -> Result<Selection, BadSelector> {
        Ok(Selection { bounds: Some(compiled(bounds)?), ..self })
    }

    /// The same selection, restricted to series with this value of a label; the empty one is that of series without it.
    #[must_use]
    pub(crate) fn with(&self, name: &str, value: &str) -> Selection {
        Selection { selector: self.selector.and_equal(name, value), ..self.clone() }
    }

    /// The selector without the bounds.
    pub fn selector(&self) -> &Selector {
        self.selector.selector()
    }

    /// The bounds; absent when unbounded. They may overlap: see [`super::bounds::disjoint`].
    pub fn bounds(&self) -> Option<impl Iterator<Item = &Selector>> {
        Some(self.bounds.as_ref()?.iter().map(CompiledSelector::selector))
    }

    /// Whether the selector and the bounds match a series with these labels.
    pub fn matches(&self, labels: &Labels) -> bool {
        let is_within = |bounds: &Arc<[CompiledSelector]>| bounds.iter().any(|bound| bound.matches(labels));
        self.selector.matches(labels) && self.bounds.as_ref().is_none_or(is_within)
    }

    /// [`Selection::matches`] for many series.
    pub(crate) fn matching<'l>(&self) -> SelectionMatching<'_, 'l> {
        let bounds = self.bounds.as_ref().map(|bounds| bounds.iter().map(Matching::new).collect());
        SelectionMatching { selector: Matching::new(&self.selector), bounds }
    }

    /// The value that an `=` matcher of the selector requires of label `name`.
    pub(crate) fn exact(&self, name: &str) -> Option<&str> {
        let found = self.selector().matchers.iter().find(|m| m.op == MatchOp::Equal && m.name == name);
        found.map(|matcher| matcher.value.as_str())
    }
}

/// A selection being matched against many series; see [`Matching`].
pub(crate) struct SelectionMatching<'s, 'l> {
    selector: Matching<'s, 'l>,
    bounds: Option<Vec<Matching<'s, 'l>>>,
}

impl<'l> SelectionMatching<'_, 'l> {
    /// Whether the selector and the bounds match a series with these labels.
    pub(crate) fn matches(&mut self, labels: &'l Labels) -> bool {
        let is_within = |bounds: &mut Vec<Matching<'_, 'l>>| bounds.iter_mut().any(|b| b.matches(labels));
        self.selector.matches(labels) && self.bounds.as_mut().is_none_or(is_within)
    }

    /// How often the matchers of a label were evaluated.
    pub(crate) fn evaluations(&self) -> usize {
        let bounds = self.bounds.iter().flatten().map(Matching::evaluations);
        self.selector.evaluations() + bounds.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_narrow_and_never_widen() {
        let range = TimeRange::nanos(0, 1);
        let select = |text: &str| Selection::new(&text.parse().unwrap(), range).unwrap();
        let bounds = |texts: &[&str]| texts.iter().map(|t| t.parse().unwrap()).collect::<Vec<Selector>>();
        let labels = |team: &str| [("service_name", "a"), ("team", team)].into_iter().collect::<Labels>();
        let mine = bounds(&[r#"{team="mine"}"#, r#"{team=~"our.*"}"#]);
        for (selector, team, expected) in [
            ("{}", "mine", true),
            ("{}", "ours", true),
            ("{}", "theirs", false),
            (r#"{team="theirs"}"#, "theirs", false),
            (r#"{team=~".*"}"#, "theirs", false),
            (r#"{team="mine"}"#, "ours", false),
        ] {
            let selection = select(selector).within(&mine).unwrap();
            assert_eq!(selection.matches(&labels(team)), expected, "{selector} {team}");
        }
        assert!(!select("{}").within(&[]).unwrap().matches(&labels("mine")));
    }
}
