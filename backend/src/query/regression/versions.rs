//! Versions of a service in time: which one is new, and which was before it.

use crate::store::TotalsSeries;

/// The least data of a version, in nanoseconds.
const LEAST_NS: i64 = 300_000_000_000;

/// A version: when it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) name: String,
    /// Start of its first bucket.
    pub(super) first: i64,
    /// Start of its last bucket.
    pub(super) last: i64,
    /// How long it has data for: its buckets together.
    pub(super) covered_ns: i64,
}

impl Version {
    fn has_enough(&self) -> bool {
        self.covered_ns >= LEAST_NS
    }
}

/// The versions in the order in which they appeared; of those that appeared at the same time, `v9` before `v10`.
pub(super) fn versions(totals: &[TotalsSeries], label: &str, step_ns: i64) -> Vec<Version> {
    let of = |group: &TotalsSeries| {
        let name = group.labels.get(label)?.to_owned();
        let (first, last) = (group.points.first()?.0.0, group.points.last()?.0.0);
        Some(Version { name, first, last, covered_ns: step_ns.saturating_mul(group.points.len() as i64) })
    };
    let mut all: Vec<Version> = totals.iter().filter_map(of).collect();
    all.sort_by(|a, b| (a.first, a.name.len(), &a.name).cmp(&(b.first, b.name.len(), &b.name)));
    all
}

/// Which versions to compare, or why none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    /// The version before, and the new one.
    Found { before: String, after: String, note: Option<String> },
    /// There is only one.
    Single,
    /// There are several, and none can be a baseline.
    Unusable(String),
}

/// The new version of a range that starts at `start`, or `wanted`, and the one before it. A version is current if it has data in the
/// last two buckets, which start at `end - 2·step` or later.
pub(super) fn pair(all: &[Version], wanted: Option<&str>, start: i64, end: i64, step_ns: i64) -> Pair {
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
    if wanted.is_none() {
        if after.first < start {
            return Pair::Single;
        }
        let recent = end.saturating_sub(step_ns.saturating_mul(2));
        let running: Vec<&Version> = all.iter().filter(|version| version.last >= recent).collect();
        if after.last < recent && !running.is_empty() {
            let now = &running[running.len() - 1].name;
            return Pair::Unusable(format!("version {} is no longer running; version {now} is", after.name));
        }
    }
    let before = all[..place].iter().rev().find(|version| version.has_enough());
    match before {
        Some(before) => {
            let skipped = all[..place].iter().rev().take_while(|version| !version.has_enough()).count();
            let note =
                (skipped > 0).then(|| format!("skipped {skipped} version(s) with less than 5 min of data"));
            Pair::Found { before: before.name.clone(), after: after.name.clone(), note }
        }
        None => {
            Pair::Unusable(format!("the versions before version {} have less than 5 min of data", after.name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: i64 = 60_000_000_000;

    fn version(name: &str, first: i64, last: i64) -> Version {
        let covered_ns = (last - first + 1) * MIN;
        Version { name: name.to_owned(), first: first * MIN, last: last * MIN, covered_ns }
    }

    fn found(all: &[Version], wanted: Option<&str>) -> String {
        match pair(all, wanted, 60 * MIN, 120 * MIN, MIN) {
            Pair::Found { before, after, note } => format!("{before} {after} {}", note.unwrap_or_default()),
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
        let rolled_back = [version("1", 0, 119), version("2", 70, 100)];
        assert_eq!(found(&rolled_back, None), "version 2 is no longer running; version 1 is");
        let long_ago = [version("1", 0, 20), version("2", 21, 119)];
        assert_eq!(found(&long_ago, None), "single");
        let canary = [version("1", 0, 80), version("2", 81, 82), version("3", 83, 119)];
        assert_eq!(found(&canary, None), "1 3 skipped 1 version(s) with less than 5 min of data");
        let young = [version("1", 80, 81), version("2", 82, 119)];
        assert_eq!(found(&young, None), "the versions before version 2 have less than 5 min of data");
    }
}
