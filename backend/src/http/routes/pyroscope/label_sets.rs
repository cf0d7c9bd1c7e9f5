//! [`LabelSets`]: the label sets that clients see, made for as many series at once as possible.

use super::internal_labels::{self, is_internal};
use super::messages::{LabelPair, LabelsMessage};
use crate::http::sorted_texts::sorted_counts;
use crate::selector::CompiledSelector;
use crate::store::SeriesInfo;
use flarepath_profile::labels::Labels;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The label sets of some series: for each of its profile types, the labels of a series and the internal ones.
pub(super) struct LabelSets<'s>(Vec<Run<'s>>);

/// Series that come one after the other and have the same internal labels.
struct Run<'s> {
    /// One for each profile type that matches.
    internal: Vec<Labels>,
    series: &'s [SeriesInfo],
}

impl<'s> LabelSets<'s> {
    /// The label sets whose internal labels match.
    pub(super) fn new(series: &'s [SeriesInfo], matching: &CompiledSelector) -> LabelSets<'s> {
        let alike = |a: &SeriesInfo, b: &SeriesInfo| {
            Arc::ptr_eq(&a.profile_types, &b.profile_types) && a.labels.service() == b.labels.service()
        };
        let run = |series: &'s [SeriesInfo]| {
            let service = series[0].labels.service();
            let all = series[0].profile_types.iter().map(|t| internal_labels::labels(t, service));
            Run { internal: all.filter(|labels| matching.matches(labels)).collect(), series }
        };
        let runs = series.chunk_by(alike).map(run);
        LabelSets(runs.filter(|run| !run.internal.is_empty()).collect())
    }

    /// Names of labels, ascending.
    pub(super) fn names(&self) -> Vec<String> {
        let internal = self.0.iter().flat_map(|run| &run.internal).flat_map(|labels| labels.iter());
        let mut seen = FxHashSet::default();
        // A store keeps each name once, so its address tells most of them apart.
        let stored = self.stored().flat_map(|labels| labels.iter());
        let stored = stored.filter(|(name, _)| seen.insert(name.as_ptr().addr()));
        let names: BTreeSet<&str> = internal.chain(stored).map(|(name, _)| name).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// Values of a label, ascending.
    pub(super) fn values(&self, name: &str) -> Vec<String> {
        let sorted = if is_internal(name) {
            let internal = self.0.iter().flat_map(|run| &run.internal);
            sorted_counts(internal.filter_map(|labels| labels.get(name)))
        } else {
            sorted_counts(self.stored().filter_map(|labels| labels.get(name)))
        };
        sorted.into_iter().map(|(value, _)| value.to_owned()).collect()
    }

    /// The different sets of only the labels that are `wanted`, ascending, without the empty one.
    pub(super) fn reduced(&self, wanted: impl Fn(&str) -> bool) -> Vec<LabelsMessage> {
        let mut sets: BTreeSet<Vec<(&str, &str)>> = BTreeSet::new();
        for run in &self.0 {
            for (info, internal) in
                run.series.iter().flat_map(|info| run.internal.iter().map(move |i| (info, i)))
            {
                let pairs = internal.iter().chain(info.labels.iter());
                let mut set: Vec<_> = pairs.filter(|(name, _)| wanted(name)).collect();
                set.sort_unstable();
                sets.insert(set);
            }
        }
        let pair =
            |(name, value): &(&str, &str)| LabelPair { name: (*name).to_owned(), value: (*value).to_owned() };
        let message = |set: Vec<(&str, &str)>| LabelsMessage { labels: set.iter().map(pair).collect() };
        sets.into_iter().filter(|set| !set.is_empty()).map(message).collect()
    }

    /// Stored labels of all series.
    fn stored(&self) -> impl Iterator<Item = &'s Labels> {
        self.0.iter().flat_map(|run| run.series).map(|info| &*info.labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::profile_type::ProfileType;
    use flarepath_profile::unix_nanos::UnixNanos;

    fn info(service: &str, pod: &str, types: &Arc<[ProfileType]>) -> SeriesInfo {
        let labels: Labels = [("service_name", service), ("pod", pod)].into_iter().collect();
        SeriesInfo { labels: Arc::new(labels), profile_types: types.clone(), newest: UnixNanos(0) }
    }

    fn types(names: &[&str]) -> Arc<[ProfileType]> {
        names.iter().map(|name| format!("{name}:a:b:c:d").parse().unwrap()).collect()
    }

    fn compiled(text: &str) -> CompiledSelector {
        CompiledSelector::new(&text.parse().unwrap()).unwrap()
    }

    #[test]
    fn internal_and_stored_labels_of_matching_types_are_listed() {
        let (cpu, both) = (types(&["cpu"]), types(&["cpu", "memory"]));
        let series =
            [info("b", "2", &cpu), info("b", "1", &cpu), info("a", "3", &both), info("b", "1", &both)];
        let all = LabelSets::new(&series, &compiled("{}"));
        assert_eq!(all.0.len(), 3, "runs");
        assert_eq!(all.values("pod"), ["1", "2", "3"]);
        assert_eq!(all.values("__name__"), ["cpu", "memory"]);
        assert_eq!(all.values("region"), [""; 0]);
        assert!(all.names().windows(2).all(|pair| pair[0] < pair[1]));
        assert!(["__name__", "__service_name__", "pod"].iter().all(|n| all.names().iter().any(|m| m == n)));
        let memory = LabelSets::new(&series, &compiled(r#"{__name__="memory"}"#));
        assert_eq!(memory.values("pod"), ["1", "3"]);
        let sets = memory.reduced(|name| ["__name__", "service_name"].contains(&name));
        let texts: Vec<String> = sets
            .iter()
            .map(|set| {
                set.labels.iter().map(|p| format!("{}={}", p.name, p.value)).collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(texts, ["__name__=memory service_name=a", "__name__=memory service_name=b"]);
        assert!(memory.reduced(|_| false).is_empty());
    }
}
