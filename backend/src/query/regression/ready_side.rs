//! A side as the statistics take it, and what it lacks.

use super::input::Input;
use super::windows::side_of;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::stats::{MIN_OBSERVATIONS, Side};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{Missing, Per, SideFacts};

/// How long a side must reach: what comes in a burst says nothing about the rest.
pub(super) const LEAST_SPAN_SECS: f64 = 300.0;
/// A side that ends this close to the present will have more.
const STILL_COMING_SECS: f64 = 120.0;

/// One side, ready for the statistics.
pub(super) struct Ready<'a> {
    pub(super) windows: Side,
    pub(super) facts: SideFacts,
    pub(super) span_secs: f64,
    /// What the numbers of the whole side are divided by.
    pub(super) weight: f64,
    pub(super) total: f64,
    /// The total cost of each function.
    costs: &'a [i64],
}

impl Ready<'_> {
    /// A cost by weight.
    pub(super) fn rate(&self, total: f64) -> f64 {
        if self.weight > 0.0 { total / self.weight } else { 0.0 }
    }

    pub(super) fn cost(&self, function: usize) -> f64 {
        self.costs.get(function).map_or(0.0, |cost| *cost as f64)
    }

    pub(super) fn share(&self, function: usize) -> f64 {
        if self.total > 0.0 { self.cost(function) / self.total } else { 0.0 }
    }
}

/// A side of the input, by its place.
pub(super) fn ready(input: &Input, side: usize, per: Per) -> Ready<'_> {
    let (measured, tree) = (&input.sides[side], &input.trees[side]);
    let windows = side_of(measured, per);
    let plan = measured.plan;
    let facts = SideFacts {
        profiles: plan.profiles,
        replicas: measured.measured.len(),
        all_replicas: measured.all_replicas(),
        covered_secs: plan.covered_secs,
        gap_secs: plan.gap_secs,
        span_secs: plan.span_secs,
        period: measured.period(),
        period_is_derived: measured.derived_period.is_some(),
        windows: windows.observations(),
        window_secs: plan.step_ns as f64 / 1e9,
        work: measured.work.as_ref().map(|work| work.0),
    };
    Ready {
        windows,
        facts,
        span_secs: plan.span_secs,
        weight: match per {
            Per::Second => plan.covered_secs,
            Per::Profile => plan.profiles as f64,
            Per::Work => measured.work.as_ref().map_or(0.0, |work| work.0),
        },
        total: tree.tree.total(NodeId::ROOT) as f64,
        costs: input.functions.totals.get(side).map_or(&[], Vec::as_slice),
    }
}

/// What the first side that lacks data lacks.
pub(super) fn missing(
    baseline: &Ready<'_>,
    comparison: &Ready<'_>,
    (end, now): (UnixNanos, UnixNanos),
) -> Option<Missing> {
    let lacks = |side: &Ready<'_>| side.facts.windows < MIN_OBSERVATIONS || side.span_secs < LEAST_SPAN_SECS;
    let of = |side: &Ready<'_>, in_baseline: bool| {
        let still_coming = now.nanos_since(end) as f64 / 1e9 <= STILL_COMING_SECS;
        let windows = MIN_OBSERVATIONS.saturating_sub(side.facts.windows) as f64 * side.facts.window_secs
            / side.facts.replicas.max(1) as f64;
        let enough_in = windows.max(LEAST_SPAN_SECS - side.span_secs);
        let will_do = !in_baseline && !lacks(baseline) && still_coming && side.facts.windows > 0;
        Missing {
            in_baseline,
            span_secs: [side.span_secs, LEAST_SPAN_SECS],
            windows: [side.facts.windows, MIN_OBSERVATIONS],
            baseline_span_secs: (!in_baseline && lacks(baseline)).then_some(baseline.span_secs),
            enough_in_secs: will_do.then_some(enough_in),
        }
    };
    match (lacks(comparison), lacks(baseline)) {
        (true, _) => Some(of(comparison, false)),
        (false, true) => Some(of(baseline, true)),
        (false, false) => None,
    }
}

/// Without a side that could be compared.
pub(super) fn nothing() -> Missing {
    Missing {
        in_baseline: true,
        span_secs: [0.0, LEAST_SPAN_SECS],
        windows: [0, MIN_OBSERVATIONS],
        baseline_span_secs: None,
        enough_in_secs: None,
    }
}
