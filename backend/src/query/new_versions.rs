//! Versions of a service that began within a range, from the labels of its series.
//!
//! A version begins when its first profile starts, and only if another version had profiles before: what the range begins with is not
//! new. The time before the range that is read as well is as long as the range, an hour at least, so a version that ran before that
//! and returns counts as new. Times are exact to the width of the buckets: a minute, or more in ranges of more than a day.

use super::regression::versions::{Version, looking_back, telling_label, version_labels, versions};
use super::step::usual_step_ns;
use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::{SeriesInfo, TimeRange, column_start};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Buckets that the time of versions is cut into, at most: minutes in two days.
const BUCKETS: i64 = 2880;
/// Profile types that are read. All versions of a service usually have one in common.
const MOST_TYPES: usize = 3;

/// Versions that began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NewVersions {
    /// The label that tells versions apart; empty if none does.
    pub(crate) label: String,
    /// Each with the start of its first bucket; oldest first.
    pub(crate) began: Vec<(String, UnixNanos)>,
}

impl Querier {
    /// The versions that began in the range of a question. Where its selector names a version, others are read, too, as it is new
    /// only compared with them.
    pub(crate) async fn new_versions(
        &self,
        who: &Principal,
        question: &Question,
    ) -> Result<NewVersions, QueryError> {
        let mut read = Question { range: looking_back(question.range), ..question.clone() };
        let mut series = self.series(who, &read).await?;
        let names: BTreeSet<&str> =
            series.iter().flat_map(|info| info.labels.iter().map(|(name, _)| name)).collect();
        let labels = version_labels(names);
        let matchers = read.selector.matchers.len();
        read.selector.matchers.retain(|matcher| !labels.contains(&matcher.name));
        if read.selector.matchers.len() < matchers {
            series = self.series(who, &read).await?;
        }
        let step_ns = usual_step_ns(read.range, BUCKETS).max(MINUTE_NS);
        // At multiples of their width, buckets of different ranges are the same ones.
        read.range.start = column_start(read.range.start, step_ns);
        let mut totals = Vec::new();
        for profile_type in types(&series, &labels) {
            let of_type = self.totals(who, &read, &profile_type, step_ns, &labels).await?;
            totals.extend(of_type.iter().cloned());
        }
        let Some(label) = telling_label(&totals, &labels) else { return Ok(NewVersions::default()) };
        let began = began(&versions(&totals, label, step_ns), question.range);
        Ok(NewVersions { label: label.clone(), began })
    }
}

/// Profile types that the series with a version have, the most common one first; only as many as it takes to have one of each series.
fn types(series: &[SeriesInfo], labels: &[String]) -> Vec<ProfileType> {
    let has_version = |info: &&SeriesInfo| labels.iter().any(|label| info.labels.get(label).is_some());
    let mut left: Vec<&SeriesInfo> = series.iter().filter(has_version).collect();
    let mut chosen = Vec::new();
    while chosen.len() < MOST_TYPES {
        let Some(common) = most_common(&left) else { break };
        left.retain(|info| !info.profile_types.contains(&common));
        chosen.push(common);
    }
    chosen
}

fn most_common(series: &[&SeriesInfo]) -> Option<ProfileType> {
    let mut counts: BTreeMap<&ProfileType, usize> = BTreeMap::new();
    for profile_type in series.iter().flat_map(|info| info.profile_types.iter()) {
        *counts.entry(profile_type).or_default() += 1;
    }
    let common = counts.into_iter().max_by_key(|(name, count)| (*count, Reverse(*name)));
    common.map(|(name, _)| name.clone())
}

/// Those that began in the range, after another one.
fn began(all: &[Version], range: TimeRange) -> Vec<(String, UnixNanos)> {
    let Some(earliest) = all.first().map(|version| version.first) else { return Vec::new() };
    let is_new = |version: &&Version| version.first > earliest && range.contains(version.first);
    all.iter().filter(is_new).map(|version| (version.name.clone(), version.first)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::labels::Labels;
    use std::sync::Arc;

    fn version(name: &str, first: i64) -> Version {
        let first = UnixNanos(first * MINUTE_NS);
        Version { name: name.to_owned(), first, last: first, covered_ns: 0 }
    }

    fn names(all: &[Version]) -> Vec<String> {
        let range = TimeRange::nanos(60 * MINUTE_NS, 120 * MINUTE_NS);
        began(all, range).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_version_is_new_after_another_one() {
        assert_eq!(names(&[]), [""; 0]);
        assert_eq!(names(&[version("1", 70)]), [""; 0], "the service itself began");
        assert_eq!(names(&[version("1", 70), version("2", 70)]), [""; 0], "both at once");
        assert_eq!(names(&[version("1", 0), version("2", 60), version("3", 119)]), ["2", "3"]);
        assert_eq!(names(&[version("1", 0), version("2", 59), version("3", 120)]), [""; 0], "out of range");
    }

    #[test]
    fn types_are_few_and_leave_out_no_version() {
        let series = |version: &str, types: &[&str]| SeriesInfo {
            labels: Arc::new([("version", version)].into_iter().collect::<Labels>()),
            profile_types: types.iter().map(|name| format!("{name}:a:b:c:d").parse().unwrap()).collect(),
            newest: UnixNanos(0),
        };
        let labels = ["version".to_owned()];
        let chosen = |series: &[SeriesInfo]| -> Vec<String> {
            types(series, &labels).into_iter().map(|found| found.name).collect()
        };
        assert_eq!(chosen(&[]), [""; 0]);
        assert_eq!(chosen(&[series("", &["cpu"])]), [""; 0], "without a version");
        assert_eq!(chosen(&[series("1", &["cpu", "heap"]), series("2", &["heap"])]), ["heap"]);
        assert_eq!(
            chosen(&[series("1", &["cpu"]), series("2", &["cpu"]), series("3", &["wall"])]),
            ["cpu", "wall"]
        );
    }
}
