//! Costs of a service by interval, from the profiles of its replicas.
//!
//! The cost of a profile is spread evenly over the time that it covers ([`crate::query::covered`]), so that profiles that are wider than
//! an interval give every interval its part. Cost by the time that any replica covers is that of all replicas together; by the time of
//! all of them it is that of one.

use super::change_point::ChangePoint;
use super::intervals::{Intervals, Part};
use crate::query::breakdown::{Cells, Start};
use crate::query::covered::{Cover, all_covers};
use flarepath_profile::time_series::union;
use std::collections::{HashMap, HashSet};

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    /// Intervals of the period before, then those of the range.
    parts: Vec<Part>,
    intervals: Intervals,
    /// Replicas with a profile in the range.
    pub(super) replicas: usize,
    /// The part of the range between the first and the last profile that none covers, in nanoseconds.
    pub(super) gap_ns: i64,
    /// When the cost of a replica changed, if that was in the range.
    pub(super) began: Option<ChangePoint>,
}

/// The services of these names in the cells, which are by service.
pub(super) fn measured(
    cells: &Cells,
    names: &HashSet<String>,
    intervals: Intervals,
) -> HashMap<String, Measured> {
    let mut of_service: Vec<Vec<usize>> = vec![Vec::new(); cells.values.len()];
    cells.replicas.iter().enumerate().for_each(|(place, replica)| of_service[replica.value].push(place));
    let of = |((name, _), replicas): (&(String, u64), Vec<usize>)| {
        let is_wanted = !replicas.is_empty() && names.contains(name);
        is_wanted.then(|| (name.clone(), Measured::of(cells, &replicas, intervals)))
    };
    cells.values.iter().zip(of_service).filter_map(of).collect()
}

impl Measured {
    fn of(cells: &Cells, replicas: &[usize], intervals: Intervals) -> Measured {
        let covers = all_covers(&cells.times(replicas.iter().copied()));
        let fine = intervals.fine();
        let [mut parts, mut fine_parts] =
            [intervals, fine].map(|intervals| vec![Part::default(); 2 * intervals.count]);
        let mut running = 0;
        for (&place, covers) in replicas.iter().zip(&covers) {
            let starts = &cells.replicas[place].starts;
            running += usize::from(starts.iter().any(|start| start.at >= intervals.range.start.0));
            spread(&mut parts, starts, covers, intervals);
            spread(&mut fine_parts, starts, covers, fine);
        }
        let whole = intervals.whole();
        let spans = covers.iter().flatten().map(Cover::span).collect();
        let any = union(spans, &(whole.start.0..whole.end.0));
        for (number, ns) in any.iter().flat_map(|span| intervals.parts(span.clone())) {
            parts[number].any_ns += ns as f64;
        }
        let range = intervals.range;
        let any = union(any, &(range.start.0..range.end.0));
        let gap = |pair: &[std::ops::Range<i64>]| pair[1].start - pair[0].end;
        let gap_ns = any.windows(2).map(gap).fold(0, i64::saturating_add);
        // Parts of one interval make nearly the same comparison, and are one choice.
        let places = parts[intervals.count..].iter().filter(|part| part.replica_ns > 0.0).count();
        let began = ChangePoint::of(&fine_parts, fine, places);
        Measured { parts, intervals, replicas: running, gap_ns, began }
    }

    /// Those of the range.
    pub(super) fn in_range(&self) -> &[Part] {
        &self.parts[self.intervals.count..]
    }

    /// Those of the period before.
    pub(super) fn before(&self) -> &[Part] {
        &self.parts[..self.intervals.count]
    }
}

/// Adds a replica.
fn spread(parts: &mut [Part], starts: &[Start], covers: &[Cover], intervals: Intervals) {
    let mut starts = starts.iter().peekable();
    for (place, cover) in covers.iter().enumerate() {
        let next = covers.get(place + 1).map_or(i64::MAX, |next| next.at);
        let mut cost = 0.0;
        while let Some(start) = starts.next_if(|start| start.at < next) {
            cost += start.total as f64;
        }
        for (number, ns) in intervals.parts(cover.span()) {
            let part = &mut parts[number];
            part.cost += cost * ns as f64 / cover.ns as f64;
            part.replica_ns += ns as f64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ProfilePiece, SeriesInfo, TimeRange};
    use flarepath_profile::labels::{Labels, SERVICE_NAME};
    use flarepath_profile::profile_type::ProfileType;
    use flarepath_profile::unix_nanos::UnixNanos;
    use std::sync::Arc;

    const S: i64 = 1_000_000_000;

    /// Profiles of one service every 15 s: for each pod from when to when, in seconds, and cores.
    fn service(pods: &[(i64, i64, f64)]) -> Measured {
        let cpu: ProfileType = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap();
        let labels = |pod: usize| -> Labels {
            [("service_name", "shop".to_owned()), ("pod", pod.to_string())].into_iter().collect()
        };
        let info = |pod: usize| SeriesInfo {
            labels: Arc::new(labels(pod)),
            profile_types: [cpu.clone()].into_iter().collect(),
            newest: UnixNanos(0),
        };
        let series: Vec<SeriesInfo> = (0..pods.len()).map(info).collect();
        let intervals = Intervals::of(TimeRange::nanos(3600 * S, 7200 * S));
        let mut cells = Cells::for_series(&series, &cpu, SERVICE_NAME, intervals.whole());
        for (pod, (from, until, cores)) in pods.iter().enumerate() {
            let starts: Vec<i64> = (*from..*until).step_by(15).map(|second| second * S).collect();
            let totals = vec![(cores * 15e9) as i64; starts.len()];
            let duration_ns = 15 * S * starts.len() as i64;
            cells.add(&labels(pod), &ProfilePiece { starts: &starts, totals: &totals, duration_ns });
        }
        cells.finish(0);
        measured(&cells, &HashSet::from(["shop".to_owned()]), intervals).remove("shop").unwrap()
    }

    fn cores(parts: &[Part]) -> f64 {
        let sum = |of: fn(&Part) -> f64| parts.iter().map(of).sum::<f64>();
        sum(|part| part.cost) / sum(|part| part.any_ns)
    }

    #[test]
    fn replicas_at_the_same_time_add_up_and_those_after_each_other_do_not() {
        let two = service(&[(0, 7200, 0.5), (0, 7200, 1.0)]);
        assert!((cores(two.in_range()) - 1.5).abs() < 1e-9 && two.replicas == 2);
        let deployed = service(&[(0, 5400, 0.5), (5400, 7200, 0.5)]);
        assert!((cores(deployed.in_range()) - 0.5).abs() < 1e-9 && deployed.replicas == 2);
        let gone = service(&[(0, 3600, 0.5), (3600, 7200, 1.0)]);
        assert!((cores(gone.before()) - 0.5).abs() < 1e-9 && gone.replicas == 1);
    }

    #[test]
    fn time_without_profiles_is_a_gap_and_costs_nothing() {
        let found = service(&[(0, 4200, 0.5), (5400, 7200, 0.5)]);
        assert!((cores(found.in_range()) - 0.5).abs() < 1e-9);
        assert_eq!(found.gap_ns, 1200 * S);
        assert_eq!(found.in_range().iter().filter(|part| part.any_ns == 0.0).count(), 10);
    }

    #[test]
    fn a_change_begins_where_it_can_be_told() {
        let began = |from: i64| service(&[(0, from, 0.5), (from, 7200, 1.0)]).began;
        let at = |from: i64| began(from).map(|began| began.at.0 / S);
        assert_eq!((at(5400), at(3600)), (Some(5400), None));
        assert_eq!(at(5430), Some(5430), "to half a minute");
        assert_eq!(began(5400).map(|began| began.places), Some(30));
    }
}
