//! Scales of a comparison: what both sides are compared by.

use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::{DiffTree, Mode as ScaleMode, Pair, Scale};

/// How values are compared, and how many nanoseconds the profiles of each side cover, if known.
pub(crate) type Scaling = (ScaleMode, Option<Pair>);

/// The scales of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scales {
    /// What is shown, which decides widths.
    pub(crate) shown: Scale,
    /// What decides colours and what grew: what is shown, or rates where values are shown, as these are of unequal time. `None` where
    /// values are shown and covered time is not known.
    pub(crate) changes: Option<Scale>,
    /// What amounts are written in: rates where covered time is known, or values where those are shown. `None` otherwise.
    pub(crate) amounts: Option<Scale>,
    /// What differences are written in: as amounts, but `None` where these are values of unequal time, which are not subtracted.
    pub(crate) deltas: Option<Scale>,
    /// What parts of the change are of, and what orders functions: rates where covered time is known.
    pub(crate) parts: Option<Scale>,
    /// Shares of each side's total.
    pub(crate) shares: Scale,
}

impl Scales {
    /// Colour of each node; where it is not known what grew, only for what is new or gone.
    pub(crate) fn colours(&self, both: &DiffTree) -> Vec<u8> {
        match &self.changes {
            Some(scale) => both.colors(scale),
            None => both.presence_colors(),
        }
    }
}

/// The scales that make both sides comparable: shares where durations are needed but not known.
pub(crate) fn scales(both: &DiffTree, (mode, covered_ns): Scaling) -> Scales {
    let shares = Scale::share(both.total(NodeId::ROOT));
    let rates = covered_ns.map(Scale::per_second);
    let values = Scale::absolute();
    let is_equal_time = covered_ns.is_none_or(|ns| ns.baseline == ns.comparison);
    let (shown, changes, amounts, deltas) = match mode {
        ScaleMode::Absolute => (values, rates, Some(values), is_equal_time.then_some(values)),
        ScaleMode::PerSecond => (rates.unwrap_or(shares), Some(rates.unwrap_or(shares)), rates, rates),
        ScaleMode::Share => (shares, Some(shares), rates, rates),
    };
    Scales { shown, changes, amounts, deltas, parts: rates.or(amounts), shares }
}
