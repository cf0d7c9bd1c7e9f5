//! [`SeriesFound`]: collects the series that hold profiles.

use super::SeriesInfo;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::{BTreeMap, BTreeSet};

/// Series found so far, each with its profile types and the start of its newest profile.
#[derive(Default)]
pub(crate) struct SeriesFound(BTreeMap<Labels, (BTreeSet<ProfileType>, UnixNanos)>);

impl SeriesFound {
    /// Adds profiles of a series, the newest of which starts at `newest`.
    pub(crate) fn add(
        &mut self,
        labels: &Labels,
        types: impl IntoIterator<Item = ProfileType>,
        newest: UnixNanos,
    ) {
        let known = self.0.entry(labels.clone()).or_insert((BTreeSet::new(), newest));
        known.0.extend(types);
        known.1 = known.1.max(newest);
    }

    /// The series, by labels.
    pub(crate) fn finish(self) -> Vec<SeriesInfo> {
        let info = |(labels, (types, newest)): (Labels, (BTreeSet<ProfileType>, UnixNanos))| SeriesInfo {
            labels,
            profile_types: types.into_iter().collect(),
            newest,
        };
        self.0.into_iter().map(info).collect()
    }
}
