//! Versions of a service, by the labels of its series: which ran in a range, the newest first, and whether one is new.

use crate::query::regression::version_labels;
use crate::store::SeriesInfo;
use flarepath_profile::unix_nanos::MINUTE_NS;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Versions of a row at most.
const MOST: usize = 5;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Versions {
    /// Those of the range, the newest first.
    pub(super) names: Vec<String>,
    /// Whether one of them did not run in the period before, and another did.
    pub(super) has_new: bool,
}

impl Versions {
    /// Of the series of a service in the range, and in the period before.
    pub(super) fn of(range: &[&SeriesInfo], before: &[&SeriesInfo]) -> Versions {
        let names: BTreeSet<&str> =
            range.iter().flat_map(|info| info.labels.iter().map(|(name, _)| name)).collect();
        let labels = version_labels(names);
        let values = |label: &String| {
            let of_label = range.iter().chain(before).filter_map(|info| info.labels.get(label));
            of_label.collect::<BTreeSet<_>>().len()
        };
        // As a verdict does: the first that has two values tells versions apart.
        let telling = labels.iter().find(|label| values(label) > 1).or(labels.first());
        let Some(label) = telling else { return Versions::default() };
        let earlier: BTreeSet<&str> = before.iter().filter_map(|info| info.labels.get(label)).collect();
        let mut newest: BTreeMap<&str, i64> = BTreeMap::new();
        for info in range {
            if let Some(version) = info.labels.get(label) {
                let minute = info.newest.0.div_euclid(MINUTE_NS);
                newest.entry(version).and_modify(|known| *known = minute.max(*known)).or_insert(minute);
            }
        }
        let is_new = |version: &&str| !earlier.is_empty() && !earlier.contains(version);
        let has_new = newest.keys().any(is_new);
        let mut names: Vec<(&str, i64)> = newest.into_iter().collect();
        // Of versions that run side by side, `v10` is newer than `v9`.
        names.sort_by_key(|(version, minute)| Reverse((is_new(version), *minute, version.len(), *version)));
        let names = names.into_iter().take(MOST).map(|(version, _)| version.to_owned()).collect();
        Versions { names, has_new }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::UnixNanos;
    use std::sync::Arc;

    fn series(label: &str, versions: &[(&str, i64)]) -> Vec<SeriesInfo> {
        let info = |(version, minute): &(&str, i64)| SeriesInfo {
            labels: Arc::new([("service_name", "shop"), (label, *version)].into_iter().collect()),
            profile_types: Arc::new([]),
            newest: UnixNanos(minute * MINUTE_NS),
        };
        versions.iter().map(info).collect()
    }

    fn found(label: &str, range: &[(&str, i64)], before: &[(&str, i64)]) -> (Vec<String>, bool) {
        let (range, before) = (series(label, range), series(label, before));
        let of = Versions::of(&range.iter().collect::<Vec<_>>(), &before.iter().collect::<Vec<_>>());
        (of.names, of.has_new)
    }

    #[test]
    fn the_newest_version_comes_first() {
        let names = |range: &[(&str, i64)], before: &[(&str, i64)]| found("version", range, before);
        assert_eq!(names(&[("1", 9), ("2", 9)], &[("1", 1)]), (vec!["2".to_owned(), "1".to_owned()], true));
        assert_eq!(names(&[("v9", 9), ("v10", 9)], &[("v9", 1), ("v10", 1)]).0, ["v10", "v9"]);
        assert_eq!(names(&[("v9", 9), ("v10", 5)], &[("v9", 1), ("v10", 1)]).0, ["v9", "v10"]);
        assert!(!names(&[("1", 9)], &[]).1, "nothing to compare with");
        assert_eq!(found("region", &[("eu", 9)], &[]), (vec![], false));
    }
}
