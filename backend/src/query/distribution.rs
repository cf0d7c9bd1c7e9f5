//! Distributions of profile totals over time: values and their bins.

use flarepath_profile::heatmap::Bins;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;

/// How the values of profiles are put into bins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BinScale {
    /// See [`Bins::Log`].
    Log,
    /// At most so many, equally wide, from the smallest value to the largest.
    Linear(u32),
}

/// Numbers of profiles by the column in which they start, then by the bin of their value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Distribution {
    /// What bins stand for.
    pub(crate) bins: Bins,
    /// By the left edge of a column; columns without a profile are absent.
    pub(crate) columns: BTreeMap<UnixNanos, BTreeMap<u64, u64>>,
}
