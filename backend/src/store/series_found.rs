//! [`SeriesFound`]: collects the series that hold profiles.

use super::SeriesInfo;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Series found so far, each with its profile types and the start of its newest profile. Label sets and lists of types are
/// told apart by their addresses: a store keeps each once.
#[derive(Default)]
pub(crate) struct SeriesFound {
    found: Vec<SeriesInfo>,
    places: FxHashMap<usize, usize>,
    /// What two lists of types are together.
    unions: FxHashMap<[usize; 2], Arc<[ProfileType]>>,
}

impl SeriesFound {
    /// Adds profiles of a series, the newest of which starts at `newest`.
    pub(crate) fn add(&mut self, labels: &Arc<Labels>, types: &Arc<[ProfileType]>, newest: UnixNanos) {
        let next = self.found.len();
        let place = *self.places.entry(Arc::as_ptr(labels).addr()).or_insert(next);
        match self.found.get_mut(place) {
            Some(known) => {
                let pair = [known.profile_types.as_ptr().addr(), types.as_ptr().addr()];
                let both = || union(&known.profile_types, types);
                known.profile_types = self.unions.entry(pair).or_insert_with(both).clone();
                known.newest = known.newest.max(newest);
            }
            None => {
                let (labels, profile_types) = (labels.clone(), types.clone());
                self.found.push(SeriesInfo { labels, profile_types, newest });
            }
        }
    }

    /// Adds a series that is added once only, and whose labels no other has: it need not be found again.
    pub(crate) fn add_single(&mut self, labels: &Arc<Labels>, types: &Arc<[ProfileType]>, newest: UnixNanos) {
        self.found.push(SeriesInfo { labels: labels.clone(), profile_types: types.clone(), newest });
    }

    /// The series.
    pub(crate) fn finish(self) -> Vec<SeriesInfo> {
        self.found
    }
}

fn union(some: &Arc<[ProfileType]>, others: &Arc<[ProfileType]>) -> Arc<[ProfileType]> {
    if Arc::ptr_eq(some, others) {
        return some.clone();
    }
    let mut all: Vec<ProfileType> = some.iter().chain(others.iter()).cloned().collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_one_label_set_are_joined() {
        let types = |names: &[&str]| -> Arc<[ProfileType]> {
            names.iter().map(|name| format!("{name}:a:b:c:d").parse().unwrap()).collect()
        };
        let labels = |pod: &str| Arc::new([("pod", pod)].into_iter().collect::<Labels>());
        let (cpu, memory) = (types(&["cpu"]), types(&["memory"]));
        let (one, other) = (labels("1"), labels("2"));
        let mut found = SeriesFound::default();
        for (labels, types, newest) in
            [(&one, &memory, 5), (&other, &memory, 9), (&one, &cpu, 3), (&other, &cpu, 1)]
        {
            found.add(labels, types, UnixNanos(newest));
        }
        let found = found.finish();
        let info =
            |at: usize| (found[at].labels.get("pod"), found[at].newest.0, found[at].profile_types.to_vec());
        assert_eq!(info(0), (Some("1"), 5, types(&["cpu", "memory"]).to_vec()));
        assert_eq!((info(1).0, info(1).1), (Some("2"), 9));
        assert!(Arc::ptr_eq(&found[0].profile_types, &found[1].profile_types), "joined once");
    }

    #[test]
    fn single_series_stand_between_others() {
        let cpu: ProfileType = "cpu:a:b:c:d".parse().unwrap();
        let types: Arc<[ProfileType]> = vec![cpu].into();
        let labels = |pod: &str| Arc::new([("pod", pod)].into_iter().collect::<Labels>());
        let (one, two, three) = (labels("1"), labels("2"), labels("3"));
        let mut found = SeriesFound::default();
        found.add(&one, &types, UnixNanos(1));
        found.add_single(&two, &types, UnixNanos(2));
        found.add(&three, &types, UnixNanos(3));
        found.add(&one, &types, UnixNanos(4));
        found.add(&three, &types, UnixNanos(5));
        let newest: Vec<i64> = found.finish().iter().map(|info| info.newest.0).collect();
        assert_eq!(newest, [4, 2, 5]);
        assert_eq!(Arc::strong_count(&two), 1, "nothing else holds it");
    }
}
