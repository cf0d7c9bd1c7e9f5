//! The plan of a side: what the starts of its replicas tell, before any cost is read.

use crate::query::covered::{Cover, length, usual_distance};
use crate::store::ProfileTimes;
use flarepath_profile::time_series::{least_step, round_step_secs, union};
use flarepath_profile::unix_nanos::SECOND_NS;
use std::ops::Range;

/// Blocks of at least five minutes are taken where a side has six of them.
const BLOCK_SECS: i64 = 300;
const LONG_SECS: i64 = 1800;
/// Windows of a replica that a shorter range is cut into, about: fewer and wider ones are less autocorrelated.
const SHORT_WINDOWS: i64 = 10;
/// Windows of a replica that a long range is cut into, about. A day in hours can be read from the blocks of hours that stores keep.
const WINDOWS: i64 = 24;

/// The widths that windows may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Widths {
    /// Those that timelines have, too.
    Round,
    /// More of them between half a minute and five, for a side that began at a time which the data has chosen, and is short: eleven
    /// minutes have seven windows of 90 s, and of 2 min only five, too few for a verdict.
    Finer,
}

impl Widths {
    /// The least width of at least so many seconds.
    fn least(self, secs: i64) -> i64 {
        match (self, secs) {
            (Widths::Finer, 31..=60) => least_step(secs, 15) * 15,
            (Widths::Finer, 61..300) => least_step(secs, 30) * 30,
            _ => round_step_secs(secs),
        }
    }
}

/// What the starts of all replicas tell about a side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::query) struct Plan {
    /// Width of a window.
    pub(in crate::query) step_ns: i64,
    /// From the first profile to the end of the last, in seconds.
    pub(in crate::query) span_secs: f64,
    /// The part of it that no profile covers, in seconds.
    pub(super) gap_secs: f64,
    /// What the profiles of all replicas cover together, in seconds.
    pub(super) covered_secs: f64,
    /// How many profiles there are: those split by labels count once.
    pub(super) profiles: u64,
}

impl Plan {
    /// `covers`: what the profiles of each replica cover.
    pub(in crate::query) fn of(times: &ProfileTimes, covers: &[Vec<Cover>]) -> Plan {
        Plan::by_widths(times, (covers, usual_distance(times)), Widths::Round)
    }

    /// The same with windows of these widths. `distance`: the usual one of two profiles of a replica.
    pub(super) fn by_widths(
        times: &ProfileTimes,
        (covers, distance): (&[Vec<Cover>], Option<f64>),
        widths: Widths,
    ) -> Plan {
        let spans: Vec<Range<i64>> = covers.iter().flatten().map(|cover| cover.span()).collect();
        let parts = union(spans, &(i64::MIN..i64::MAX));
        let span_ns = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => last.end.saturating_sub(first.start),
            _ => 0,
        };
        let covered_ns = covers.iter().flatten().map(|cover| cover.ns).fold(0, i64::saturating_add);
        Plan {
            step_ns: step_ns(span_ns, distance.unwrap_or(0.0), widths).max(times.block_ns),
            span_secs: secs(span_ns),
            gap_secs: secs(span_ns.saturating_sub(length(&parts))),
            covered_secs: secs(covered_ns),
            profiles: covers.iter().flatten().map(|cover| u64::from(cover.profiles)).sum(),
        }
    }
}

/// The width of windows for so long a side with profiles at this distance. A multiple of the blocks that stores keep.
fn step_ns(span_ns: i64, distance_ns: f64, widths: Widths) -> i64 {
    let distance_secs = (distance_ns / SECOND_NS as f64).ceil() as i64;
    let wanted = match span_ns / SECOND_NS {
        secs if secs >= LONG_SECS => BLOCK_SECS.max(least_step(secs, WINDOWS)),
        secs => least_step(secs, SHORT_WINDOWS),
    };
    widths.least(wanted.max(distance_secs).max(1)).saturating_mul(SECOND_NS)
}

/// Seconds of nanoseconds.
pub(super) fn secs(ns: i64) -> f64 {
    ns as f64 / SECOND_NS as f64
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::query::covered::{all_covers, covers_and_distance};
    use crate::store::ReplicaTimes;

    const S: i64 = SECOND_NS;

    /// Profiles of one replica that start at these seconds.
    pub(in crate::query::regression) fn times(secs: impl IntoIterator<Item = i64>) -> ProfileTimes {
        let starts = secs.into_iter().map(|s| (s * S, 1)).collect();
        let replica = ReplicaTimes { starts, ..ReplicaTimes::default() };
        ProfileTimes { replicas: vec![replica], resolution_ns: 1, block_ns: 0 }
    }

    pub(in crate::query::regression) fn plan(times: &ProfileTimes) -> Plan {
        Plan::of(times, &all_covers(times))
    }

    #[test]
    fn blocks_are_wider_where_there_is_more() {
        let step = |until: i64, every: usize| plan(&times((0..until).step_by(every))).step_ns / S;
        assert_eq!([step(120, 15), step(580, 15), step(660, 15), step(3600, 15)], [15, 60, 120, 300]);
        assert_eq!([step(86_400, 15), step(3600, 900)], [3600, 900]);
        assert_eq!(plan(&ProfileTimes::default()).span_secs, 0.0);
        let downsampled = ProfileTimes { block_ns: 3600 * S, ..times((0..14_400).step_by(60)) };
        assert_eq!(plan(&downsampled).step_ns, 3600 * S);
    }

    #[test]
    fn a_side_since_a_chosen_time_has_six_windows_or_more() {
        let step = |until: i64, widths| {
            let times = times((0..until).step_by(15));
            let (covers, distance) = covers_and_distance(&times);
            Plan::by_widths(&times, (&covers, distance), widths).step_ns / S
        };
        let both = [330, 660, 1200, 1260, 1780, 3600]
            .map(|until| [step(until, Widths::Round), step(until, Widths::Finer)]);
        assert_eq!(both, [[60, 45], [120, 90], [120, 120], [300, 150], [300, 180], [300, 300]]);
        for until in (300..1800).step_by(15) {
            assert!(until / step(until, Widths::Finer) >= 6, "{until}");
        }
    }

    #[test]
    fn gaps_are_known() {
        let plan = plan(&times((0..300).chain(900..1200).step_by(15)));
        assert_eq!((plan.span_secs, plan.gap_secs, plan.covered_secs), (1200.0, 592.5, 607.5));
    }
}
