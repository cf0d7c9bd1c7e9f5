//! Start times of profiles, by replica: covered time and windows of time are computed from them.

use super::compaction::{Compaction, Timed, compact};
use flarepath_profile::labels::{Labels, Meaning, meaning, pick};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Starts kept of one selection, about: 5 000 replicas of an hour, or 70 of a day. With more, those close to each other become one.
const MOST_STARTS: usize = 400_000;

/// One process or machine among others of its service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Replica {
    /// Its service.
    pub service: String,
    /// The label that tells the replicas of the service apart; empty if none does, and all profiles count as those of one.
    pub label: String,
    /// Its value of the label; empty for series without it.
    pub value: String,
}

impl Replica {
    /// Whether the series of these labels is its own.
    pub(crate) fn has(&self, labels: &Labels) -> bool {
        self.service == labels.service() && self.value == labels.get(&self.label).unwrap_or_default()
    }
}

/// When the profiles of a replica start, and how they were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaTimes {
    /// The replica.
    pub replica: Replica,
    /// Nanoseconds since the epoch, ascending, each with the number of profiles that start then.
    pub starts: Vec<(i64, u32)>,
    /// Durations of all its profiles together, in nanoseconds; 0 if profilers do not tell.
    pub duration_ns: i64,
    /// The largest distance of two samples, in the unit of the period type; 0 if unknown.
    pub period: i64,
}

impl ReplicaTimes {
    /// How many profiles there are.
    pub fn profiles(&self) -> u64 {
        self.starts.iter().map(|(_, count)| u64::from(*count)).sum()
    }
}

/// Some profiles of one series.
#[derive(Clone, Copy, Debug)]
pub struct ProfilePiece<'p> {
    /// When they start, ascending.
    pub starts: &'p [i64],
    /// The total of each.
    pub totals: &'p [i64],
    /// Durations of all together, in nanoseconds.
    pub duration_ns: i64,
}

/// Takes pieces, each with the labels of its series.
pub type PieceVisitor<'v> = dyn FnMut(&Labels, &ProfilePiece<'_>) + Send + 'v;

/// When the profiles of a selection start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileTimes {
    /// Replicas with profiles, in their order.
    pub replicas: Vec<ReplicaTimes>,
    /// What starts are rounded down to multiples of; 1 ns unless there are very many.
    pub resolution_ns: i64,
    /// The narrowest time that costs can be told apart by, where single profiles are gone; 0 where they are kept.
    pub block_ns: i64,
}

impl ProfileTimes {
    /// How many starts it holds.
    pub fn len(&self) -> usize {
        self.replicas.iter().map(|times| times.starts.len()).sum()
    }

    /// Whether there is no profile.
    pub fn is_empty(&self) -> bool {
        self.replicas.is_empty()
    }
}

/// Gathers [`ProfileTimes`] in bounded memory.
pub(crate) struct TimesBuilder {
    series: Vec<OfSeries>,
    compaction: Compaction,
}

impl Timed for (i64, u32) {
    fn at(&self) -> i64 {
        self.0
    }

    fn set_at(&mut self, at: i64) {
        self.0 = at;
    }

    fn add(&mut self, others: &Self) {
        self.1 = self.1.saturating_add(others.1);
    }
}

/// What was gathered of one series.
struct OfSeries {
    labels: Labels,
    starts: Vec<(i64, u32)>,
    duration_ns: i64,
    period: i64,
}

impl TimesBuilder {
    pub(crate) fn new() -> TimesBuilder {
        TimesBuilder { series: Vec::new(), compaction: Compaction::to(MOST_STARTS) }
    }

    /// A number for a series that has profiles.
    pub(crate) fn place(&mut self, labels: &Labels) -> usize {
        let labels = labels.clone();
        self.series.push(OfSeries { labels, starts: Vec::new(), duration_ns: 0, period: 0 });
        self.series.len() - 1
    }

    /// Adds profiles of a series: when they start, and their durations together.
    pub(crate) fn add(&mut self, place: usize, starts: &[i64], duration_ns: i64, period: i64) {
        let Some(series) = self.series.get_mut(place) else { return };
        series.starts.extend(starts.iter().map(|start| (*start, 1)));
        series.duration_ns = series.duration_ns.saturating_add(duration_ns.max(0));
        series.period = series.period.max(period);
        let all = &mut self.series;
        self.compaction.added::<(i64, u32)>(starts.len(), |compact| {
            all.iter_mut().for_each(|series| compact(&mut series.starts));
        });
    }

    /// What was gathered, by replica; see [`ProfileTimes::block_ns`].
    pub(crate) fn finish(mut self, block_ns: i64) -> ProfileTimes {
        self.series.retain(|series| !series.starts.is_empty());
        let telling = replica_labels(self.series.iter().map(|series| &series.labels));
        let mut replicas: BTreeMap<Replica, ReplicaTimes> = BTreeMap::new();
        for OfSeries { labels, starts, duration_ns, period } in self.series {
            let service = labels.service().to_owned();
            let label = telling.get(&service).cloned().unwrap_or_default();
            let value = labels.get(&label).unwrap_or_default().to_owned();
            let times = replicas.entry(Replica { service, label, value }).or_default();
            times.starts.extend(starts);
            times.duration_ns = times.duration_ns.saturating_add(duration_ns);
            times.period = times.period.max(period);
        }
        let resolution_ns = self.compaction.resolution_ns();
        let named = |(replica, mut times): (Replica, ReplicaTimes)| {
            compact(&mut times.starts, resolution_ns);
            ReplicaTimes { replica, ..times }
        };
        let replicas = replicas.into_iter().map(named).collect();
        ProfileTimes { replicas, resolution_ns, block_ns }
    }
}

/// For each service the most telling label that names instances, among those that any of its series has.
pub(crate) fn replica_labels<'l>(series: impl Iterator<Item = &'l Labels>) -> HashMap<String, String> {
    let mut of_instances: FxHashMap<&str, bool> = FxHashMap::default();
    let mut found: FxHashMap<&str, BTreeSet<&str>> = FxHashMap::default();
    for labels in series {
        let names = found.entry(labels.service()).or_default();
        for (name, _) in labels.iter() {
            let tells = || meaning(name) == Some(Meaning::Instance);
            if *of_instances.entry(name).or_insert_with(tells) {
                names.insert(name);
            }
        }
    }
    let label = |names: BTreeSet<&str>| pick(names, &[Meaning::Instance]).unwrap_or_default().to_owned();
    found.into_iter().map(|(service, names)| (service.to_owned(), label(names))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::SECOND_NS;

    fn labels(service: &str, more: &[(&str, &str)]) -> Labels {
        [&[("service_name", service)], more].concat().into_iter().collect()
    }

    #[test]
    fn replicas_are_told_apart_by_the_most_telling_label_of_their_service() {
        let series = [
            labels("a", &[("pod", "1"), ("host", "x")]),
            labels("a", &[("pod", "2"), ("host", "x")]),
            labels("a", &[("pod", "2"), ("region", "eu")]),
            labels("b", &[("region", "eu")]),
        ];
        let mut times = TimesBuilder::new();
        let places: Vec<usize> = series.iter().map(|labels| times.place(labels)).collect();
        for (series, start) in [(3, 7), (1, 9), (1, 3), (2, 9)] {
            times.add(places[series], &[start], 15, 10);
        }
        let found = times.finish(0);
        let named = |at: usize| {
            let times = &found.replicas[at];
            (&*times.replica.label, &*times.replica.value, &times.starts[..])
        };
        assert_eq!(named(0), ("pod", "2", &[(3, 1), (9, 2)][..]));
        assert_eq!(named(1), ("", "", &[(7, 1)][..]));
        assert_eq!(found.replicas.len(), 2);
        assert_eq!((found.replicas[0].duration_ns, found.replicas[0].profiles()), (45, 3));
        assert!(found.replicas[0].replica.has(&series[2]) && !found.replicas[0].replica.has(&series[3]));
    }

    #[test]
    fn very_many_starts_become_coarser_and_none_is_lost() {
        let series = labels("a", &[("pod", "1")]);
        let mut times = TimesBuilder::new();
        let place = times.place(&series);
        let every = 10_000_000;
        let all: Vec<i64> = (0..MOST_STARTS as i64 + 1).map(|i| i * every).collect();
        times.add(place, &all, 0, 0);
        let found = times.finish(0);
        assert_eq!(found.resolution_ns, SECOND_NS);
        assert_eq!((found.replicas[0].starts[1], found.len()), ((SECOND_NS, 100), MOST_STARTS / 100 + 1));
        assert_eq!(found.replicas[0].profiles(), MOST_STARTS as u64 + 1);
    }
}
