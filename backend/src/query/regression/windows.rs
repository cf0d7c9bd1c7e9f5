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

/// The windows of the measured replicas, of whole ones only. Which are whole is decided by what profiles cover, also where costs are
/// divided by work: at night there are fewer requests, and windows are not cut.
pub(super) fn side_of(side: &MeasuredSide, per: Per) -> Side {
    let whole = covered(side, per).whole_windows();
    match (per, &side.work) {
        (Per::Work, Some(work)) => by_work(whole, side, &work.1),
        _ => whole,
    }
}

/// The windows of the measured replicas, by covered seconds, or by profiles.
fn covered(side: &MeasuredSide, per: Per) -> Side {
    let MeasuredSide { covers, measured, costs, plan, .. } = side;
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
        Replica { name: name(side, place), windows: over_time.iter().filter_map(window).collect() }
    };
    let replicas = measured.iter().zip(costs.iter()).map(replica).collect();
    Side { replicas, window_secs: secs(plan.step_ns) }
}

/// The same windows by units of work; those whose work is not known, or none, are left out.
fn by_work(mut windows: Side, side: &MeasuredSide, work: &[BTreeMap<UnixNanos, f64>]) -> Side {
    let named = |(place, work): (&usize, _)| (name(side, *place), work);
    let of_replica: BTreeMap<String, &BTreeMap<UnixNanos, f64>> =
        side.measured.iter().zip(work).map(named).collect();
    for replica in &mut windows.replicas {
        let work = of_replica.get(&replica.name);
        replica.windows.retain_mut(|window| {
            let start = UnixNanos(window.at.saturating_mul(side.plan.step_ns));
            window.weight = work.and_then(|work| work.get(&start)).copied().unwrap_or(0.0);
            window.weight > 0.0
        });
    }
    windows.replicas.retain(|replica| !replica.windows.is_empty());
    windows
}

fn name(side: &MeasuredSide, place: usize) -> String {
    let replica = &side.times.replicas[place].replica;
    format!("{} {}", replica.service, replica.value)
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
        let side = MeasuredSide { times, covers, measured: vec![0], costs, plan, ..MeasuredSide::default() };
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
        let side = MeasuredSide { times, covers, measured: vec![0], costs, plan, ..MeasuredSide::default() };
        let levels: Vec<f64> = side_of(&side, Per::Profile).windows().map(|w| w.total / w.weight).collect();
        assert_eq!((levels, plan.profiles), (vec![100.0], 4));
    }

    /// Half of the requests at night: windows are whole by covered time, and what a request costs is the same.
    #[test]
    fn work_takes_the_place_of_covered_time() {
        let column = |all| CostColumn { rows: vec![all], other: 0, all };
        let over_time: CostsOverTime = [(0, 800), (60, 100), (120, 500), (180, 500)]
            .map(|(at, all)| (UnixNanos(at * S), column(all)))
            .into_iter()
            .collect();
        let times = Arc::new(times((0..240).step_by(15)));
        let covers = Arc::new(all_covers(&times));
        let plan = Plan { step_ns: 60 * S, ..plan(&times) };
        // Of the last window, the work is not known.
        let work = [(0, 400.0), (60, 50.0), (120, 250.0)].map(|(at, work)| (UnixNanos(at * S), work));
        let work = Some(Arc::new((950.0, vec![BTreeMap::from(work)])));
        let costs = Arc::new(vec![over_time]);
        let side =
            MeasuredSide { times, covers, measured: vec![0], costs, plan, work, ..MeasuredSide::default() };
        let rates = |per| -> Vec<f64> { side_of(&side, per).windows().map(|w| w.total / w.weight).collect() };
        assert_eq!(rates(Per::Work), [2.0, 2.0, 2.0]);
        assert_eq!(rates(Per::Second).len(), 4);
    }
}
