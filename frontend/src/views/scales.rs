//! Scales of a comparison: what both sides are compared by.

use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::{DiffTree, Mode as ScaleMode, Pair, Scale};

/// How values are compared, and how many nanoseconds the profiles of each side cover, if known.
pub(crate) type Scaling = (ScaleMode, Option<Pair>);

/// The scales of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scales {
    /// What is compared, which decides colours, widths and what grew.
    pub(crate) shown: Scale,
    /// What amounts are written in: rates where covered time is known, or values where those are compared. `None` otherwise:
    /// totals of unequal time are not subtracted.
    pub(crate) amounts: Option<Scale>,
    /// What parts of the change are of: rates where covered time is known, even while values are compared, as those are of unequal time.
    pub(crate) parts: Option<Scale>,
    /// Shares of each side's total.
    pub(crate) shares: Scale,
}

/// The scales that make both sides comparable: shares where durations are needed but not known.
pub(crate) fn scales(both: &DiffTree, (mode, covered_ns): Scaling) -> Scales {
    let shares = Scale::share(both.total(NodeId::ROOT));
    let rates = covered_ns.map(Scale::per_second);
    let shown = match mode {
        ScaleMode::Absolute => Scale::absolute(),
        ScaleMode::PerSecond => rates.unwrap_or(shares),
        ScaleMode::Share => shares,
    };
    let amounts = if mode == ScaleMode::Absolute { Some(shown) } else { rates };
    Scales { shown, amounts, parts: rates.or(amounts), shares }
}
