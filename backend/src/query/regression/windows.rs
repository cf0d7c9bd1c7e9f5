//! Covered time, and the windows that the statistics take.
//!
//! A profile covers the time until the next one of its replica, or one and a half times the usual distance if none follows: what
//! is longer is a gap. Its cost and its cover belong to the window in which it starts, so that a rate divides a cost by the very
//! time that it was spent in.

use super::measure::CostsByReplica;
use crate::store::{TimeRange, column_start};
use flarepath_profile::stats::{Replica, Side, Window, median};
use flarepath_profile::time_series::{least_step, round_step_secs};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Per;
use std::collections::BTreeMap;

const SECOND_NS: i64 = 1_000_000_000;
/// Instants that the starts of a replica are told apart by, at most.
pub(in crate::query) const MOST_STARTS: i64 = 8192;
/// Blocks of at least five minutes are taken where a side has six of them.
const BLOCK_SECS: i64 = 300;
const LONG_SECS: i64 = 1800;
/// Windows of a replica that a shorter range is cut into, about: fewer and wider ones are less autocorrelated.
const SHORT_WINDOWS: i64 = 10;
/// Windows of a replica that a long range is cut into, about.
const WINDOWS: i64 = 48;
/// What is covered by a profile without a next one, in units of the usual distance.
const LONGEST_COVER: f64 = 1.5;

/// What starts are told apart by, if a range has at most so many of them.
pub(in crate::query) fn resolution_ns(range: TimeRange, most: i64) -> i64 {
    let secs = least_step(range.length_ns().max(0), most).div_euclid(SECOND_NS) + 1;
    round_step_secs(secs).saturating_mul(SECOND_NS)
}

/// When the profiles of a replica start, to a small part of the range, and how many do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Starts {
    resolution_ns: i64,
    counts: BTreeMap<i64, u32>,
}

impl Starts {
    /// None yet, of a range.
    pub(super) fn new(range: TimeRange) -> Starts {
        Starts { resolution_ns: resolution_ns(range, MOST_STARTS), counts: BTreeMap::new() }
    }

    /// Counted already: by multiples of the resolution.
    pub(in crate::query) fn counted(resolution_ns: i64, counts: impl Iterator<Item = (i64, u32)>) -> Starts {
        Starts { resolution_ns, counts: counts.collect() }
    }

    /// One more profile.
    pub(super) fn add(&mut self, start: UnixNanos) {
        let count = self.counts.entry(column_start(start, self.resolution_ns).0).or_default();
        *count = count.saturating_add(1);
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Bytes that it points to.
    pub(crate) fn bytes(&self) -> usize {
        24 * self.counts.len()
    }

    /// The usual distance of two profiles, if there are two.
    pub(in crate::query) fn distance(&self) -> Option<f64> {
        let starts: Vec<i64> = self.counts.keys().copied().collect();
        median(starts.windows(2).map(|pair| pair[1].saturating_sub(pair[0]) as f64).collect())
    }

    /// For each start the time that its profiles cover, in seconds, and how many there are.
    pub(in crate::query) fn covers(&self, usual: f64) -> impl Iterator<Item = (i64, f64, u32)> {
        let longest = self.distance().unwrap_or(usual) * LONGEST_COVER;
        let last = longest / LONGEST_COVER;
        let next = self.counts.keys().skip(1).map(|at| Some(*at)).chain([None]);
        self.counts.iter().zip(next).map(move |((&at, &count), next)| {
            let cover = next.map_or(last, |next| (next.saturating_sub(at) as f64).min(longest));
            (at, cover / SECOND_NS as f64, count)
        })
    }
}

/// What the starts of all replicas tell about a side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::query) struct Plan {
    /// Width of a window.
    pub(in crate::query) step_ns: i64,
    /// From the first profile to the end of the last, in seconds.
    pub(in crate::query) span_secs: f64,
    /// The usual distance of two profiles of a replica, in nanoseconds.
    pub(in crate::query) usual: f64,
}

impl Plan {
    pub(in crate::query) fn new<'a>(starts: impl Iterator<Item = &'a Starts> + Clone) -> Plan {
        let resolution = starts.clone().next().map_or(SECOND_NS, |s| s.resolution_ns);
        let usual =
            median(starts.clone().filter_map(Starts::distance).collect()).unwrap_or(resolution as f64);
        let first = starts.clone().filter_map(|s| s.counts.keys().next().copied()).min();
        let last = starts.filter_map(|s| s.counts.keys().next_back().copied()).max();
        let span = first.zip(last).map_or(0.0, |(first, last)| last.saturating_sub(first) as f64 + usual);
        let span_secs = span / SECOND_NS as f64;
        let distance_secs = (usual / SECOND_NS as f64).ceil() as i64;
        let wanted = match span_secs as i64 {
            secs if secs >= LONG_SECS => BLOCK_SECS.max(least_step(secs, WINDOWS)),
            secs => least_step(secs, SHORT_WINDOWS),
        };
        let step_ns = round_step_secs(wanted.max(distance_secs)).saturating_mul(SECOND_NS);
        Plan { step_ns, span_secs, usual }
    }

    pub(super) fn of(costs: &CostsByReplica) -> Plan {
        Plan::new(costs.replicas.iter().map(|(_, starts, _)| starts))
    }
}

/// The windows of a side, of whole ones only, and the covered time of all replicas in seconds.
pub(super) fn side_of(costs: &CostsByReplica, per: Per) -> (Side, f64) {
    let usual = Plan::of(costs).usual;
    let mut covered = 0.0;
    let replicas = costs.replicas.iter().map(|(name, starts, over_time)| {
        let mut weights: BTreeMap<UnixNanos, (f64, f64)> = BTreeMap::new();
        for (at, cover, count) in starts.covers(usual) {
            let (secs, profiles) = weights.entry(column_start(UnixNanos(at), costs.step_ns)).or_default();
            *secs += cover;
            *profiles += f64::from(count);
            covered += cover;
        }
        let window = |(at, column): (&UnixNanos, &crate::store::CostColumn)| {
            let (secs, profiles) = weights.get(at).copied()?;
            Some(Window {
                at: at.0.div_euclid(costs.step_ns),
                weight: if per == Per::Profile { profiles } else { secs },
                total: column.all as f64,
                costs: column.rows.iter().map(|cost| *cost as f64).collect(),
            })
        };
        Replica { name: name.clone(), windows: over_time.iter().filter_map(window).collect() }
    });
    let window_secs = costs.step_ns as f64 / SECOND_NS as f64;
    let side = Side { replicas: replicas.collect(), window_secs };
    (side.whole_windows(), covered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{CostColumn, CostsOverTime};

    const S: i64 = SECOND_NS;

    fn starts(secs: impl IntoIterator<Item = i64>) -> Starts {
        let mut starts = Starts::new(TimeRange::nanos(0, 3600 * S));
        secs.into_iter().for_each(|s| starts.add(UnixNanos(s * S)));
        starts
    }

    #[test]
    fn gaps_are_not_covered() {
        let found: Vec<(i64, f64)> =
            starts([0, 15, 30, 300, 315]).covers(0.0).map(|(at, cover, _)| (at / S, cover)).collect();
        assert_eq!(found, [(0, 15.0), (15, 15.0), (30, 22.5), (300, 15.0), (315, 15.0)]);
        assert_eq!(starts([7]).covers(20.0 * S as f64).map(|c| c.1).collect::<Vec<_>>(), [20.0]);
    }

    #[test]
    fn blocks_are_wider_where_there_is_more() {
        let step =
            |until: i64, every: usize| Plan::new([starts((0..until).step_by(every))].iter()).step_ns / S;
        assert_eq!([step(120, 15), step(580, 15), step(660, 15), step(3600, 15)], [15, 60, 120, 300]);
        let day = Starts::new(TimeRange::nanos(0, 86_400 * S));
        let mut day = [day];
        (0..86_400).step_by(15).for_each(|s| day[0].add(UnixNanos(s * S)));
        assert_eq!(Plan::new(day.iter()).step_ns / S, 1800);
        assert_eq!((step(3600, 900), Plan::new([].iter()).span_secs), (900, 0.0));
    }

    #[test]
    fn a_rate_divides_by_the_time_that_was_covered() {
        let column = |all| CostColumn { rows: vec![all / 2], other: 0, all };
        let over_time: CostsOverTime =
            [(UnixNanos(0), column(4 * 15)), (UnixNanos(60 * S), column(2 * 15))].into_iter().collect();
        let costs = CostsByReplica {
            replicas: vec![("a".to_owned(), starts([0, 15, 30, 45, 60, 75]), over_time)],
            step_ns: 60 * S,
        };
        let (side, covered) = side_of(&costs, Per::Second);
        let rates: Vec<f64> = side.windows().map(|w| w.total / w.weight).collect();
        assert_eq!((rates, covered), (vec![1.0, 1.0], 90.0));
        let (levels, _) = side_of(&costs, Per::Profile);
        assert_eq!(levels.windows().map(|w| w.total / w.weight).collect::<Vec<_>>(), [15.0, 15.0]);
    }
}
