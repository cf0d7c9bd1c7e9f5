//! Versions of a service in time: which one is new, and which was before it.
//!
//! `query::new_versions` uses what finds them, too.

use crate::store::{TimeRange, TotalsSeries};
use flarepath_profile::labels::{Meaning, pick};
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use std::collections::{BTreeMap, BTreeSet};

/// How far back versions are looked for at least.
const LEAST_LOOK_BACK_NS: i64 = 60 * MINUTE_NS;
/// The least data of a version, in nanoseconds.
const LEAST_NS: i64 = 5 * MINUTE_NS;

/// A version: when it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query) struct Version {
    pub(in crate::query) name: String,
    /// Start of its first bucket.
    pub(in crate::query) first: UnixNanos,
    /// Start of its last bucket.
    pub(in crate::query) last: UnixNanos,
    /// How long it has data for at least: its buckets together, less one for those of its ends, which may be nearly empty.
    pub(in crate::query) covered_ns: i64,
}

impl Version {
    fn has_enough(&self) -> bool {
        self.covered_ns >= LEAST_NS
    }
}

/// The labels that hold a version, the most telling first.
pub(in crate::query) fn version_labels(mut names: BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(name) = pick(names.iter().copied(), &[Meaning::Version]) {
        found.push(name.to_owned());
        names.remove(name);
    }
    found
}

/// The range with as much time before it, an hour at least.
pub(in crate::query) fn looking_back(range: TimeRange) -> TimeRange {
    let back = range.length_ns().max(LEAST_LOOK_BACK_NS);
    TimeRange { start: UnixNanos(range.start.0.saturating_sub(back)), ..range }
}

/// The first of some labels that has two values or more.
pub(in crate::query) fn telling_label<'l>(
    totals: &[TotalsSeries],
    labels: &'l [String],
) -> Option<&'l String> {
    let values =
        |label: &String| totals.iter().filter_map(|group| group.labels.get(label)).collect::<BTreeSet<_>>();
    labels.iter().find(|label| values(label).len() > 1)
}

/// The versions in the order in which they appeared; of those that appeared at the same time, `v9` before `v10`.
pub(in crate::query) fn versions(totals: &[TotalsSeries], label: &str, step_ns: i64) -> Vec<Version> {
    let mut buckets: BTreeMap<&str, BTreeSet<UnixNanos>> = BTreeMap::new();
    for group in totals {
        let Some(name) = group.labels.get(label) else { continue };
        buckets.entry(name).or_default().extend(group.points.iter().map(|(at, _)| *at));
    }
    let of = |(name, starts): (&str, BTreeSet<UnixNanos>)| {
        let (first, last) = (*starts.first()?, *starts.last()?);
        let covered_ns = step_ns.saturating_mul(starts.len() as i64 - 1);
        Some(Version { name: name.to_owned(), first, last, covered_ns })
    };
    let mut all: Vec<Version> = buckets.into_iter().filter_map(of).collect();
    all.sort_by(|a, b| (a.first, a.name.len(), &a.name).cmp(&(b.first, b.name.len(), &b.name)));
    all
}

/// Which versions to compare, or why none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Pair {
    /// The version before, and the new one with the time when it appeared.
    Found { before: String, after: String, since: UnixNanos, notes: Vec<String> },
    /// There is only one.
    #[default]
    Single,
    /// There are several, and none can be a baseline.
    Unusable(String),
}

/// The new version of a range, or `wanted`, and the one before it. A version that appeared shortly before the range is new, too; see
/// [`new_since`]. A version is running if it has data in the last two buckets, which start two steps before the end or later.
pub(super) fn pair(all: &[Version], wanted: Option<&str>, range: TimeRange, step_ns: i64) -> Pair {
    let place = match wanted {
        Some(name) => all.iter().position(|version| version.name == name),
        None => all.len().checked_sub(1),
    };
    let Some(place) = place else { return Pair::Single };
    let after = &all[place];
    if place == 0 {
        return match all.len() {
            1 => Pair::Single,
            _ => Pair::Unusable(format!("no version appeared before version {}", after.name)),
        };
    }
    let recent = UnixNanos(range.end.0.saturating_sub(step_ns.saturating_mul(2)));
    if wanted.is_none() {
        if after.first < new_since(range) {
            return Pair::Single;
        }
        let running = all.iter().rfind(|version| version.last >= recent);
        if let Some(now) = running.filter(|_| after.last < recent) {
            let now = &now.name;
            return Pair::Unusable(format!("version {} is no longer running; version {now} is", after.name));
        }
    }
    let before = all[..place].iter().rev().find(|version| version.has_enough());
    let Some(before) = before else {
        let why = format!("the versions before version {} have less than 5 min of data each", after.name);
        return Pair::Unusable(why);
    };
    let skipped = all[..place].iter().rev().take_while(|version| !version.has_enough()).count();
    Pair::Found {
        before: before.name.clone(),
        after: after.name.clone(),
        since: after.first,
        notes: notes(before, after, skipped, recent),
    }
}

/// What is known of versions begins with the time that is looked at. Those that were always there seem to appear then, and within
/// as long as two pushes may be apart.
const SEEM_TO_APPEAR_NS: i64 = 10 * MINUTE_NS;

/// Versions that appeared since then are new in a range: half of its length before it, or 50 minutes. The period before is then
/// partly of one version and partly of the other, and no baseline; and a question about the last half hour, 45 minutes after a
/// deployment, is about that deployment.
pub(super) fn new_since(range: TimeRange) -> UnixNanos {
    let back = (range.length_ns() / 2).max(LEAST_LOOK_BACK_NS - SEEM_TO_APPEAR_NS);
    UnixNanos(range.start.0.saturating_sub(back))
}

/// What to know about a pair.
fn notes(before: &Version, after: &Version, skipped: usize, recent: UnixNanos) -> Vec<String> {
    let mut notes = Vec::new();
    match skipped {
        0 => {}
        1 => notes.push("skipped a version with less than 5 min of data".to_owned()),
        n => notes.push(format!("skipped {n} versions with less than 5 min of data each")),
    }
    let Version { name, .. } = before;
    if before.first == after.first {
        notes.push(format!(
            "versions {name} and {} appeared at the same time: which is older is a guess from their names",
            after.name
        ));
    } else if before.last >= recent && after.last >= recent {
        notes.push(format!("version {name} is still running alongside version {}", after.name));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: i64 = MINUTE_NS;

    fn version(name: &str, first: i64, last: i64) -> Version {
        let covered_ns = (last - first) * MIN;
        let at = |minute: i64| UnixNanos(minute * MIN);
        Version { name: name.to_owned(), first: at(first), last: at(last), covered_ns }
    }

    fn found(all: &[Version], wanted: Option<&str>) -> String {
        match pair(all, wanted, TimeRange::nanos(90 * MIN, 120 * MIN), MIN) {
            Pair::Found { before, after, notes, .. } => format!("{before} {after} {}", notes.join("; ")),
            Pair::Single => "single".to_owned(),
            Pair::Unusable(why) => why,
        }
    }

    #[test]
    fn the_version_before_is_the_one_before_in_time() {
        let all = [version("1", 0, 80), version("2", 81, 119)];
        assert_eq!(found(&all, None), "1 2 ");
        assert_eq!(found(&all, Some("2")), "1 2 ");
        assert_eq!(found(&all, Some("1")), "no version appeared before version 1");
        assert_eq!(found(&all[..1], None), "single");
        assert_eq!(found(&[], None), "single");
    }

    #[test]
    fn rollbacks_old_versions_and_short_ones() {
        let rolled_back = [version("1", 0, 119), version("2", 95, 100)];
        assert_eq!(found(&rolled_back, None), "version 2 is no longer running; version 1 is");
        let just_before = [version("1", 0, 88), version("2", 89, 119)];
        assert_eq!(found(&just_before, None), "1 2 ");
        let within_the_hour = [version("1", 0, 41), version("2", 42, 119)];
        assert_eq!(found(&within_the_hour, None), "1 2 ");
        let long_ago = [version("1", 0, 38), version("2", 39, 119)];
        assert_eq!(found(&long_ago, None), "single");
        let seem_to_appear = [version("1", 30, 119), version("2", 39, 119)];
        assert_eq!(found(&seem_to_appear, None), "single");
        let canary = [version("1", 0, 80), version("2", 81, 82), version("3", 83, 119)];
        assert_eq!(found(&canary, None), "1 3 skipped a version with less than 5 min of data");
        let young = [version("1", 80, 81), version("2", 82, 119)];
        assert_eq!(found(&young, None), "the versions before version 2 have less than 5 min of data each");
    }

    #[test]
    fn canaries_and_versions_that_were_always_there() {
        let canary = [version("1", 0, 119), version("2", 90, 119)];
        assert_eq!(found(&canary, None), "1 2 version 1 is still running alongside version 2");
        let both = [version("1", 0, 119), version("2", 0, 119)];
        assert_eq!(found(&both, None), "single");
        assert!(found(&both, Some("2")).starts_with("1 2 versions 1 and 2 appeared at the same time: "));
        let hourly: Vec<Version> =
            (0..5).map(|hour| version(&hour.to_string(), hour * 24, hour * 24 + 23)).collect();
        assert_eq!(found(&hourly, None), "3 4 ");
        let forty: Vec<Version> = (0..40).map(|n| version(&n.to_string(), 40 + n * 2, 41 + n * 2)).collect();
        assert_eq!(found(&forty, None), "the versions before version 39 have less than 5 min of data each");
    }

    #[test]
    fn the_label_that_tells_versions_apart_counts() {
        let group = |pairs: &[(&str, &str)], starts: &[i64]| TotalsSeries {
            labels: pairs.iter().copied().collect(),
            points: starts.iter().map(|at| (UnixNanos(at * MIN), 1)).collect(),
        };
        let totals = [
            group(&[("version", "prod"), ("service_git_ref", "a")], &[0, 1, 2]),
            group(&[("version", "prod"), ("service_git_ref", "b")], &[2, 3]),
            group(&[("service_git_ref", "b")], &[3, 4]),
        ];
        let labels = ["version", "service_git_ref"].map(str::to_owned);
        assert_eq!(telling_label(&totals, &labels), Some(&labels[1]));
        assert_eq!(telling_label(&totals[..1], &labels), None);
        let all = versions(&totals, "service_git_ref", MIN);
        let told: Vec<(&str, i64, i64, i64)> =
            all.iter().map(|v| (&*v.name, v.first.0 / MIN, v.last.0 / MIN, v.covered_ns / MIN)).collect();
        assert_eq!(told, [("a", 0, 2, 2), ("b", 2, 4, 2)]);
    }
}
