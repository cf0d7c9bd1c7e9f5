//! Profiles by replica: when they start and what they cost. A replica is one of a service, within one value of the label.
//!
//! Bounded: with very many profiles, those that start close to each other become one, as in
//! [`crate::store::ProfileTimes`].

use crate::store::{
    Compaction, ProfilePiece, ProfileTimes, Replica, ReplicaTimes, SeriesInfo, TimeRange, Timed,
    replica_labels,
};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use std::collections::HashMap;
use std::fmt::Write;

/// Starts kept of all replicas together, about: 24 bytes each.
const MOST_STARTS: usize = 1 << 20;

/// Profiles that start at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) struct Start {
    pub(in crate::query) at: i64,
    pub(in crate::query) profiles: u32,
    pub(in crate::query) total: i64,
}

impl Timed for Start {
    fn at(&self) -> i64 {
        self.at
    }

    fn set_at(&mut self, at: i64) {
        self.at = at;
    }

    fn add(&mut self, others: &Self) {
        self.profiles = self.profiles.saturating_add(others.profiles);
        self.total = self.total.saturating_add(others.total);
    }
}

/// A replica of a service, within a value of the label.
#[derive(Debug)]
pub(in crate::query) struct ReplicaCosts {
    /// Place in [`Cells::values`].
    pub(in crate::query) value: usize,
    /// Place in [`Cells::services`].
    pub(in crate::query) service: usize,
    pub(in crate::query) name: String,
    /// Ascending, once all is gathered.
    pub(in crate::query) starts: Vec<Start>,
    duration_ns: i64,
}

/// All replicas of a question.
#[derive(Debug)]
pub(in crate::query) struct Cells {
    label: String,
    pub(in crate::query) range: TimeRange,
    compaction: Compaction,
    /// See [`ProfileTimes::block_ns`].
    block_ns: i64,
    /// Values of the label, each with its number of series.
    pub(in crate::query) values: Vec<(String, u64)>,
    pub(in crate::query) services: Vec<String>,
    pub(in crate::query) replicas: Vec<ReplicaCosts>,
    /// The label that tells the replicas of each service apart, or an empty one.
    instances: HashMap<String, String>,
    places: Places,
}

/// Where names are.
#[derive(Debug, Default)]
struct Places {
    values: HashMap<String, usize>,
    services: HashMap<String, usize>,
    replicas: HashMap<String, usize>,
    /// Value, service and replica of a series, for a look-up without allocation.
    key: String,
}

impl Cells {
    /// Nothing gathered yet, of these series.
    pub(in crate::query) fn for_series(
        series: &[SeriesInfo],
        wanted: &ProfileType,
        label: &str,
        range: TimeRange,
    ) -> Cells {
        let typed = || series.iter().filter(|info| info.profile_types.contains(wanted));
        let mut cells = Cells {
            label: label.to_owned(),
            range,
            compaction: Compaction::to(MOST_STARTS),
            block_ns: 0,
            values: Vec::new(),
            services: Vec::new(),
            replicas: Vec::new(),
            // As a verdict does, which looks at the series that have the type.
            instances: replica_labels(typed().map(|info| &*info.labels)),
            places: Places::default(),
        };
        for info in typed() {
            let value = cells.value(info.labels.get(label).unwrap_or_default());
            cells.values[value].1 += 1;
        }
        cells
    }

    /// Adds profiles of a series.
    pub(in crate::query) fn add(&mut self, labels: &Labels, piece: &ProfilePiece<'_>) {
        let replica = self.replica(labels);
        let replica = &mut self.replicas[replica];
        let start = |(&at, &total): (&i64, &i64)| Start { at, profiles: 1, total };
        replica.starts.extend(piece.starts.iter().zip(piece.totals).map(start));
        replica.duration_ns = replica.duration_ns.saturating_add(piece.duration_ns.max(0));
        let all = &mut self.replicas;
        self.compaction.added::<Start>(piece.starts.len(), |compact| {
            all.iter_mut().for_each(|replica| compact(&mut replica.starts));
        });
    }

    /// Ends the gathering.
    pub(in crate::query) fn finish(&mut self, block_ns: i64) {
        let all = &mut self.replicas;
        self.compaction.compact::<Start>(|compact| {
            all.iter_mut().for_each(|replica| compact(&mut replica.starts));
        });
        self.block_ns = block_ns;
    }

    /// When the profiles of some replicas start, in their order.
    pub(in crate::query) fn times(&self, replicas: impl Iterator<Item = usize>) -> ProfileTimes {
        let times = |place: usize| {
            let found = &self.replicas[place];
            let starts = found.starts.iter().map(|start| (start.at, start.profiles)).collect();
            let duration_ns = found.duration_ns;
            ReplicaTimes { replica: Replica::default(), starts, duration_ns, period: 0 }
        };
        let (resolution_ns, block_ns) = (self.resolution_ns(), self.block_ns);
        ProfileTimes { replicas: replicas.map(times).collect(), resolution_ns, block_ns }
    }

    /// Whether the values are those of this label.
    pub(in crate::query) fn is_by(&self, label: &str) -> bool {
        self.label == label
    }

    /// What starts are rounded down to multiples of.
    pub(in crate::query) fn resolution_ns(&self) -> i64 {
        self.compaction.resolution_ns()
    }

    fn value(&mut self, name: &str) -> usize {
        place(&mut self.places.values, name, || {
            self.values.push((name.to_owned(), 0));
            self.values.len() - 1
        })
    }

    fn replica(&mut self, labels: &Labels) -> usize {
        let (value, service) = (labels.get(&self.label).unwrap_or_default(), labels.service());
        let name = self.instances.get(service).and_then(|label| labels.get(label)).unwrap_or_default();
        let mut key = std::mem::take(&mut self.places.key);
        key.clear();
        // Lengths first: no value can look like the end of another.
        let _ = write!(key, "{},{},{value}{service}{name}", value.len(), service.len());
        let found = match self.places.replicas.get(&key) {
            Some(known) => *known,
            None => {
                let of_service = place(&mut self.places.services, service, || {
                    self.services.push(service.to_owned());
                    self.services.len() - 1
                });
                let (value, name) = (self.value(value), name.to_owned());
                let (starts, duration_ns) = (Vec::new(), 0);
                self.replicas.push(ReplicaCosts { value, service: of_service, name, starts, duration_ns });
                self.places.replicas.insert(key.clone(), self.replicas.len() - 1);
                self.replicas.len() - 1
            }
        };
        self.places.key = key;
        found
    }
}

/// The place of a name; `add` gives that of a new one.
fn place(known: &mut HashMap<String, usize>, name: &str, add: impl FnOnce() -> usize) -> usize {
    if let Some(place) = known.get(name) {
        return *place;
    }
    let new = add();
    known.insert(name.to_owned(), new);
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::UnixNanos;
    use std::sync::Arc;

    const S: i64 = 1_000_000_000;
    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().copied().collect()
    }

    fn hour(all: &[Labels], label: &str) -> Cells {
        let info = |labels: &Labels| {
            let profile_types = [CPU.parse().unwrap()].into_iter().collect();
            SeriesInfo { labels: Arc::new(labels.clone()), profile_types, newest: UnixNanos(0) }
        };
        let series: Vec<SeriesInfo> = all.iter().map(info).collect();
        Cells::for_series(&series, &CPU.parse().unwrap(), label, TimeRange::nanos(0, 3600 * S))
    }

    fn add(cells: &mut Cells, labels: &Labels, starts: &[i64], totals: &[i64]) {
        cells.add(labels, &ProfilePiece { starts, totals, duration_ns: 7 });
    }

    #[test]
    fn replicas_of_each_service_are_told_apart_by_their_own_label() {
        let all = [
            labels(&[("service_name", "a"), ("pod", "x")]),
            labels(&[("service_name", "a"), ("pod", "y")]),
            labels(&[("service_name", "b"), ("host", "x")]),
            labels(&[("service_name", "c")]),
        ];
        let mut cells = hour(&all, "service_name");
        for labels in &all {
            add(&mut cells, labels, &[9, 9], &[3, 4]);
            add(&mut cells, labels, &[1], &[1]);
        }
        cells.finish(0);
        let names: Vec<(&str, &str)> =
            cells.replicas.iter().map(|r| (cells.values[r.value].0.as_str(), r.name.as_str())).collect();
        assert_eq!(names, [("a", "x"), ("a", "y"), ("b", "x"), ("c", "")]);
        assert_eq!(cells.values[0], ("a".to_owned(), 2));
        let start = |at, profiles, total| Start { at, profiles, total };
        assert_eq!(cells.replicas[0].starts, [start(1, 1, 1), start(9, 2, 7)]);
        let times = cells.times([0].into_iter());
        assert_eq!(
            (times.replicas[0].starts.clone(), times.replicas[0].duration_ns),
            (vec![(1, 1), (9, 2)], 14)
        );
    }

    #[test]
    fn very_many_starts_become_coarser_and_no_cost_is_lost() {
        let pod = labels(&[("service_name", "a"), ("pod", "x")]);
        let mut cells = hour(std::slice::from_ref(&pod), "pod");
        let starts: Vec<i64> = (0..=MOST_STARTS as i64).map(|i| i * S / 100).collect();
        add(&mut cells, &pod, &starts, &vec![2; starts.len()]);
        cells.finish(0);
        let found = &cells.replicas[0].starts;
        assert_eq!((cells.resolution_ns(), found[1].at, found[1].profiles), (S, S, 100));
        assert_eq!(found.iter().map(|start| start.total).sum::<i64>(), 2 * starts.len() as i64);
    }
}
