//! The windows that the statistics take.
//!
//! The cost of a profile and what it covers belong to the window in which it starts, so that a rate divides a cost by the very time
//! that it was spent in, also in a window that is still being filled.

use super::measure::MeasuredSide;
use super::plan::secs;
use crate::store::{CostColumn, column_start};
use flarepath_profile::stats::{Replica, Side, Window};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Per;
use std::collections::BTreeMap;

/// The windows of the measured replicas, of whole ones only.
pub(super) fn side_of(side: &MeasuredSide, per: Per) -> Side {
    let MeasuredSide { times, covers, measured, costs, plan, .. } = side;
    let replica = |(&place, over_time): (&usize, &BTreeMap<UnixNanos, CostColumn>)| {
        let mut weights: BTreeMap<UnixNanos, (f64, f64)> = BTreeMap::new();
        for cover in &covers[place] {
            let window = column_start(UnixNanos(cover.at), plan.step_ns);
            let (covered, profiles) = weights.entry(window).or_default();
            *covered += secs(cover.ns);
            *profiles += f64::from(cover.profiles);
        }
        let window = |(at, column): (&UnixNanos, &CostColumn)| {
            let (covered, profiles) = weights.get(at).copied()?;
            Some(Window {
                at: at.0.div_euclid(plan.step_ns.max(1)),
                weight: if per == Per::Profile { profiles } else { covered },
                total: column.all as f64,
                costs: column.rows.iter().map(|cost| *cost as f64).collect(),
            })
        };
        let named = &times.replicas[place].replica;
        Replica {
            name: format!("{} {}", named.service, named.value),
            windows: over_time.iter().filter_map(window).collect(),
        }
    };
    let replicas = measured.iter().zip(costs.iter()).map(replica).collect();
    Side { replicas, window_secs: secs(plan.step_ns) }.whole_windows()
}

#[cfg(test)]
mod tests {
    use super::super::plan::Plan;
    use super::super::plan::tests::{plan, times};
    use super::*;
    use crate::query::covered::all_covers;
    use crate::store::CostsOverTime;
    use flarepath_profile::unix_nanos::SECOND_NS;
    use std::sync::Arc;

    const S: i64 = SECOND_NS;

    #[test]
    fn a_rate_divides_by_the_time_that_was_covered() {
        let column = |all| CostColumn { rows: vec![all / 2], other: 0, all };
        let over_time: CostsOverTime =
            [(UnixNanos(0), column(4 * 15)), (UnixNanos(60 * S), column(2 * 15))].into_iter().collect();
        let times = Arc::new(times([0, 15, 30, 45, 60, 75]));
        let covers = Arc::new(all_covers(&times));
        let plan = Plan { step_ns: 60 * S, ..plan(&times) };
        let costs = Arc::new(vec![over_time]);
        let side = MeasuredSide { times, covers, measured: vec![0], costs, plan, derived_period: None };
        let rates = |per| -> Vec<f64> { side_of(&side, per).windows().map(|w| w.total / w.weight).collect() };
        assert_eq!((rates(Per::Second), plan.covered_secs), (vec![1.0, 1.0], 90.0));
        assert_eq!(rates(Per::Profile), [15.0, 15.0]);
    }

    /// Memory in use of a profile that was split into two series by its labels: the sum of the two.
    #[test]
    fn a_level_is_divided_by_profiles_and_not_by_their_parts() {
        let mut times = times([0, 15, 30, 45]);
        times.replicas[0].starts.iter_mut().for_each(|(_, count)| *count = 2);
        let covers = Arc::new(all_covers(&times));
        let plan = Plan { step_ns: 60 * S, ..plan(&times) };
        let column = CostColumn { rows: vec![], other: 0, all: 4 * (70 + 30) };
        let costs = Arc::new(vec![CostsOverTime::from_iter([(UnixNanos(0), column)])]);
        let times = Arc::new(times);
        let side = MeasuredSide { times, covers, measured: vec![0], costs, plan, derived_period: None };
        let levels: Vec<f64> = side_of(&side, Per::Profile).windows().map(|w| w.total / w.weight).collect();
        assert_eq!((levels, plan.profiles), (vec![100.0], 4));
    }
}
