//! Converts the series of a selection to the messages that list services, profile types, label names and label values.

use super::sorted_texts::sorted_counts;
use crate::store::SeriesInfo;
use flarepath_profile::name_match::closeness;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::messages::{
    LabelCount, LabelNamesResponse, LabelValuesResponse, ProfileTypesResponse, Service, ServicesResponse,
};
use rustc_hash::FxHashMap;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A service's profile types, one list for each kind of series, its number of series and its newest profile.
#[derive(Default)]
struct OfService<'a> {
    types: Vec<&'a Arc<[ProfileType]>>,
    series: u64,
    newest: Option<UnixNanos>,
}

impl<'a> OfService<'a> {
    fn add(&mut self, info: &'a SeriesInfo) {
        // Series of one kind share the list, and a service has few kinds.
        if !self.types.iter().rev().take(16).any(|types| Arc::ptr_eq(types, &info.profile_types)) {
            self.types.push(&info.profile_types);
        }
        self.series += 1;
        self.newest = self.newest.max(Some(info.newest));
    }
}

/// Which services to list.
#[derive(Clone, Debug, Default)]
pub(super) struct WantedServices {
    /// What their names match, in lower case; empty for all.
    pub(super) text: String,
    /// The most to list.
    pub(super) limit: Option<usize>,
}

impl WantedServices {
    /// The best matches first; by name where no match is better. `names` are sorted.
    fn of<'a>(&self, mut names: Vec<&'a str>) -> Vec<&'a str> {
        if !self.text.is_empty() {
            let matching = names
                .into_iter()
                .filter_map(|name| Some((closeness(&name.to_lowercase(), &self.text)?, name)));
            let mut matching: Vec<_> = matching.collect();
            matching.sort_by_key(|(closeness, _)| *closeness);
            names = matching.into_iter().map(|(_, name)| name).collect();
        }
        names.truncate(self.limit.unwrap_or(usize::MAX));
        names
    }
}

pub(super) fn services(series: &[SeriesInfo], wanted: &WantedServices) -> ServicesResponse {
    let mut found: FxHashMap<&str, OfService<'_>> = FxHashMap::default();
    // Series of a service mostly come one after the other: one look-up for all of them.
    for of_one in series.chunk_by(|a, b| a.labels.service() == b.labels.service()) {
        let service = found.entry(of_one[0].labels.service()).or_default();
        of_one.iter().for_each(|info| service.add(info));
    }
    let sorted = sorted_counts(found.keys().copied());
    let listed = wanted.of(sorted.into_iter().map(|(name, _)| name).collect());
    let mut names = TypeNames::default();
    let message = |name: &str| {
        let OfService { types, series, newest } = found.remove(name).unwrap_or_default();
        let newest_ms = newest.unwrap_or(UnixNanos::MIN).as_millis();
        Service { name: name.to_owned(), profile_types: names.of(types), series, newest_ms }
    };
    ServicesResponse { services: listed.into_iter().map(message).collect() }
}

/// Names of profile types by the addresses of their lists: thousands of services share few lists.
#[derive(Default)]
struct TypeNames(FxHashMap<Vec<usize>, Vec<String>>);

impl TypeNames {
    /// The types of some lists, sorted and without duplicates.
    fn of(&mut self, lists: Vec<&Arc<[ProfileType]>>) -> Vec<String> {
        let mut key: Vec<usize> = lists.iter().map(|types| types.as_ptr().addr()).collect();
        key.sort_unstable();
        key.dedup();
        self.0.entry(key).or_insert_with(|| type_names(lists)).clone()
    }
}

pub(super) fn profile_types(series: &[SeriesInfo]) -> ProfileTypesResponse {
    let mut seen = HashSet::new();
    let types = series.iter().map(|s| &s.profile_types).filter(|types| seen.insert(types.as_ptr()));
    ProfileTypesResponse { profile_types: type_names(types) }
}

/// The types of some lists, sorted and without duplicates.
fn type_names<'a>(lists: impl IntoIterator<Item = &'a Arc<[ProfileType]>>) -> Vec<String> {
    let types = lists.into_iter().flat_map(|types| types.iter()).map(ToString::to_string);
    types.collect::<BTreeSet<String>>().into_iter().collect()
}

pub(super) fn label_names(series: &[SeriesInfo]) -> LabelNamesResponse {
    LabelNamesResponse { names: count(series.iter().flat_map(|s| s.labels.iter().map(|(name, _)| name))) }
}

pub(super) fn label_values(series: &[SeriesInfo], name: &str) -> LabelValuesResponse {
    LabelValuesResponse { values: count(series.iter().filter_map(|s| s.labels.get(name))) }
}

fn count<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<LabelCount> {
    let message = |(text, series): (&str, u64)| LabelCount { text: text.to_owned(), series };
    sorted_counts(texts).into_iter().map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::labels::Labels;

    fn types(names: &[&str]) -> Arc<[ProfileType]> {
        names.iter().map(|name| format!("{name}:a:b:c:d").parse().unwrap()).collect()
    }

    fn info(service: &str, pod: usize, profile_types: &Arc<[ProfileType]>) -> SeriesInfo {
        let labels: Labels =
            [("service_name", service.to_owned()), ("pod", pod.to_string())].into_iter().collect();
        SeriesInfo {
            labels: Arc::new(labels),
            profile_types: profile_types.clone(),
            newest: UnixNanos(pod as i64 * 1_000_000),
        }
    }

    #[test]
    fn services_are_sorted_and_have_the_types_of_all_their_series() {
        let kinds: Vec<_> = ["e", "d", "c", "b", "a"].iter().map(|name| types(&[*name, "z"])).collect();
        let mut series: Vec<SeriesInfo> = (0..50).map(|pod| info("two", pod, &kinds[pod % 5])).collect();
        series.extend([info("one", 7, &kinds[0]), info("two", 60, &kinds[1]), info("three", 3, &kinds[4])]);
        let ServicesResponse { services } = services(&series, &WantedServices::default());
        let found: Vec<_> = services.iter().map(|s| (s.name.as_str(), s.series, s.newest_ms)).collect();
        assert_eq!(found, [("one", 1, 7), ("three", 1, 3), ("two", 51, 60)]);
        let names = |service: usize| services[service].profile_types.join(" ").replace(":a:b:c:d", "");
        assert_eq!([names(0), names(1), names(2)], ["e z", "a z", "a b c d e z"]);
    }

    #[test]
    fn services_that_begin_with_the_text_come_first() {
        let kind = types(&["a"]);
        let series: Vec<SeriesInfo> =
            ["cash-hop", "big-shop", "Shop", "mail", "a-shop"].map(|name| info(name, 1, &kind)).into();
        let names = |limit| {
            let wanted = WantedServices { text: "shop".into(), limit };
            services(&series, &wanted).services.into_iter().map(|s| s.name).collect::<Vec<_>>()
        };
        assert_eq!(names(None), ["Shop", "a-shop", "big-shop", "cash-hop"]);
        assert_eq!(names(Some(2)), ["Shop", "a-shop"]);
    }

    #[test]
    fn values_are_counted_by_series() {
        let kind = types(&["a"]);
        let series = [info("b", 1, &kind), info("a", 2, &kind), info("b", 3, &kind)];
        let counts = |counts: &[LabelCount]| -> Vec<String> {
            counts.iter().map(|c| format!("{} {}", c.text, c.series)).collect()
        };
        assert_eq!(counts(&label_values(&series, "service_name").values), ["a 1", "b 2"]);
        assert_eq!(counts(&label_names(&series).names), ["pod 3", "service_name 3"]);
        assert!(label_values(&series, "region").values.is_empty());
    }
}
