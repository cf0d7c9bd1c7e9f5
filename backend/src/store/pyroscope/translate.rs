//! Translates between our terms and Pyroscope's: selectors, series, totals. Pure.
//!
//! Labels that begin with `__` are internal: Pyroscope derives them from the profile type, and none of them is shown. Selectors
//! are those of Prometheus on both sides; a label name that Prometheus has not always allowed is quoted, `{"k8s.pod"="a"}`.

use super::grid::Windows;
use super::messages::{LabelPair, LabelSet, Line, Point, SelectSeriesAnswer, SeriesAnswer};
use crate::store::bounds::disjoint;
use crate::store::{Selection, SeriesInfo, StoreError};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The internal label with the profile type.
const PROFILE_TYPE: &str = "__profile_type__";
/// Labels of one series, internal ones included; a series of ours has 64 at most.
const MOST_LABELS: usize = 200;
/// Larger totals are not whole numbers in the floating point that they are sent in, nor in ours.
const LARGEST_VALUE: f64 = 9.2e18;

/// Totals of one group of series: left edge of a window in milliseconds since the epoch, and the sum in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) labels: Labels,
    pub(super) points: Vec<(i64, i64)>,
}

/// Selectors that match together what the selection does, and no series twice; none if its bounds are empty.
///
/// # Errors
/// [`StoreError::TooLarge`] when the bounds overlap in too many ways.
pub(super) fn selectors(selection: &Selection) -> Result<Vec<String>, StoreError> {
    let selector = selection.selector();
    let all = match selection.bounds() {
        None => vec![selector.clone()],
        Some(bounds) => disjoint(selector, &bounds.cloned().collect::<Vec<Selector>>())
            .map_err(|error| StoreError::TooLarge(error.to_string()))?,
    };
    Ok(all.iter().map(Selector::to_string).collect())
}

/// Whether a label is internal to Pyroscope.
pub(super) fn is_internal(name: &str) -> bool {
    name.starts_with("__")
}

/// The series of some answers, each with its profile types. Series that have the same types share the list.
///
/// # Errors
/// Why the answers cannot be true.
pub(super) fn series(answers: Vec<SeriesAnswer>, newest: UnixNanos) -> Result<Vec<SeriesInfo>, String> {
    let mut found: BTreeMap<Labels, BTreeSet<ProfileType>> = BTreeMap::new();
    for LabelSet { labels } in answers.into_iter().flat_map(|answer| answer.labels_set) {
        let profile_type = labels.iter().find(|pair| pair.name == PROFILE_TYPE);
        let profile_type = profile_type.ok_or("a series has no profile type")?.value.parse::<ProfileType>();
        let profile_type = profile_type.map_err(|error| error.to_string())?;
        found.entry(external(labels)?).or_default().insert(profile_type);
    }
    let mut lists: BTreeMap<BTreeSet<ProfileType>, Arc<[ProfileType]>> = BTreeMap::new();
    let info = |(labels, types): (Labels, BTreeSet<ProfileType>)| {
        let shared = lists.entry(types).or_insert_with_key(|types| types.iter().cloned().collect()).clone();
        SeriesInfo { labels: Arc::new(labels), profile_types: shared, newest }
    };
    Ok(found.into_iter().map(info).collect())
}

/// The totals of each group, by windows.
///
/// # Errors
/// Why the answer cannot be true.
pub(super) fn groups(answer: SelectSeriesAnswer, windows: Windows) -> Result<Vec<Group>, String> {
    let group = |Line { labels, points }: Line| -> Result<Group, String> {
        let points: Result<Vec<_>, String> =
            points.iter().filter_map(|point| in_window(point, windows).transpose()).collect();
        Ok(Group { labels: external(labels)?, points: points? })
    };
    answer.series.into_iter().map(group).collect()
}

fn in_window(point: &Point, windows: Windows) -> Result<Option<(i64, i64)>, String> {
    let at = windows.window(point.timestamp).map_err(|_| {
        "points between the steps that were asked for; the range may begin before its limit \
         `max_query_lookback`: ask for a later one"
            .to_owned()
    })?;
    let Some(at) = at else { return Ok(None) };
    if !point.value.is_finite() || point.value.abs() > LARGEST_VALUE {
        return Err(format!("a total of {}", point.value));
    }
    Ok(Some((at, point.value.round() as i64)))
}

fn external(pairs: Vec<LabelPair>) -> Result<Labels, String> {
    if pairs.len() > MOST_LABELS {
        return Err(format!("a series with more than {MOST_LABELS} labels"));
    }
    let external = pairs.into_iter().filter(|pair| !is_internal(&pair.name));
    Ok(external.map(|LabelPair { name, value }| (name, value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::TimeRange;
    use serde_json::Value;

    const START_MS: i64 = 1_795_227_480_000;

    /// As a store gives them whose clock is wrong, or that has moved the start of the question.
    #[test]
    fn points_of_another_time_are_left_out_and_those_between_the_steps_refused() {
        let windows = Windows { start: START_MS, width: 1000, count: 2 };
        let found = |timestamp| {
            let line = Line { labels: Vec::new(), points: vec![Point { value: 5.0, timestamp }] };
            groups(SelectSeriesAnswer { series: vec![line] }, windows).map(|groups| groups[0].points.clone())
        };
        assert_eq!(found(START_MS + 999), Ok(vec![(START_MS, 5)]));
        for hours in [-1, 1] {
            assert_eq!(found(START_MS + 999 + hours * 3_600_000), Ok(Vec::new()));
        }
        assert!(found(START_MS + 500).unwrap_err().contains("between the steps"));
    }

    fn response(name: &str) -> Value {
        let path = format!("{}/testdata/pyroscope/{name}", env!("CARGO_MANIFEST_DIR"));
        let mut call: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        call["response"].take()
    }

    fn pairs(labels: &Value) -> Vec<LabelPair> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pair = |pair: &Value| LabelPair { name: text(&pair["name"]), value: text(&pair["value"]) };
        labels.as_array().into_iter().flatten().map(pair).collect()
    }

    /// A recorded answer to `SelectSeries`.
    fn lines(name: &str) -> SelectSeriesAnswer {
        let point = |point: &Value| Point {
            value: point["value"].as_f64().unwrap(),
            timestamp: point["timestamp"].as_str().unwrap().parse().unwrap(),
        };
        let line = |line: &Value| Line {
            labels: pairs(&line["labels"]),
            points: line["points"].as_array().unwrap().iter().map(point).collect(),
        };
        SelectSeriesAnswer { series: response(name)["series"].as_array().unwrap().iter().map(line).collect() }
    }

    fn windows(start: i64, seconds: i64, count: i64) -> Windows {
        Windows { start: START_MS + start, width: seconds * 1000, count }
    }

    #[test]
    fn bounds_become_selectors_that_share_no_series() {
        let select = |text: &str| Selection::new(&text.parse().unwrap(), TimeRange::nanos(0, 1)).unwrap();
        let bound = |text: &str| text.parse::<Selector>().unwrap();
        let all = select(r#"{"k8s.pod"="a\"b", service_name=~"x.*"}"#);
        assert_eq!(selectors(&all).unwrap(), [r#"{"k8s.pod"="a\"b", service_name=~"x.*"}"#]);
        let bounds = [bound(r#"{team="x"}"#), bound(r#"{env="dev"}"#)];
        let within = select("{}").within(&bounds).unwrap();
        assert_eq!(selectors(&within).unwrap(), [r#"{team="x"}"#, r#"{env="dev", team!="x"}"#]);
        assert!(selectors(&select("{}").within(&[]).unwrap()).unwrap().is_empty());
    }

    #[test]
    fn recorded_series_have_their_types_and_no_internal_labels() {
        let sets = response("series_by_service_and_type.json");
        let set = |set: &Value| LabelSet { labels: pairs(&set["labels"]) };
        let sets: Vec<LabelSet> = sets["labelsSet"].as_array().unwrap().iter().map(set).collect();
        let found = series(vec![SeriesAnswer { labels_set: sets }], UnixNanos(7)).unwrap();
        let labels: Vec<String> = found.iter().map(|info| info.labels.to_string()).collect();
        assert_eq!(labels, [r#"{service_name="mail"}"#, r#"{service_name="shop"}"#]);
        let types: Vec<&str> = found[0].profile_types.iter().map(|t| &*t.sample_type).collect();
        assert_eq!((types, found[0].newest), (vec!["cpu", "samples"], UnixNanos(7)));
        assert!(Arc::ptr_eq(&found[0].profile_types, &found[1].profile_types));
    }

    #[test]
    fn a_series_without_a_type_cannot_be_true() {
        let set = |name: &str, value: &str| SeriesAnswer {
            labels_set: vec![LabelSet { labels: vec![LabelPair { name: name.into(), value: value.into() }] }],
        };
        for answer in [set("pod", "a"), set(PROFILE_TYPE, "cpu")] {
            assert!(series(vec![answer], UnixNanos(0)).is_err());
        }
    }

    /// The recorded profiles start at the instants 0, 15, 30 and 45 s; the points were asked for at the same instants, which
    /// are the ends of the windows here.
    #[test]
    fn recorded_points_are_of_the_window_that_ends_at_them() {
        let found = groups(lines("series.json"), windows(-14_999, 15, 4)).unwrap();
        let at = |seconds: i64| START_MS + seconds * 1000 - 14_999;
        let expected =
            [(at(0), 660_000_000), (at(15), 1_080_000_000), (at(30), 1_860_000_000), (at(45), 2_280_000_000)];
        assert_eq!(found, [Group { labels: Labels::new(), points: expected.to_vec() }]);
        let later = groups(lines("series.json"), windows(1, 15, 2)).unwrap();
        assert_eq!(later[0].points, [(START_MS + 1, 1_080_000_000), (START_MS + 15_001, 1_860_000_000)]);
    }

    #[test]
    fn recorded_groups_have_their_labels() {
        let found = groups(lines("series_by_pod.json"), windows(-14_999, 15, 4)).unwrap();
        let sums: Vec<(Option<&str>, i64)> = found
            .iter()
            .map(|group| (group.labels.get("pod"), group.points.iter().map(|(_, value)| value).sum()))
            .collect();
        assert_eq!(
            sums,
            [
                (Some("shop-2"), 2_000_000_000),
                (Some("shop-1"), 1_960_000_000),
                (Some("shop-0"), 1_920_000_000)
            ]
        );
    }

    #[test]
    fn points_off_the_grid_and_values_that_are_no_numbers_are_refused() {
        let error = groups(lines("series.json"), windows(0, 15, 4)).unwrap_err();
        assert!(error.contains("max_query_lookback"), "{error}");
        let answer = |value| {
            let points = vec![Point { value, timestamp: START_MS }];
            SelectSeriesAnswer { series: vec![Line { labels: Vec::new(), points }] }
        };
        for value in [f64::NAN, f64::INFINITY, 1e19] {
            assert!(groups(answer(value), windows(-14_999, 15, 1)).is_err(), "{value}");
        }
        assert_eq!(groups(answer(-3.0), windows(-14_999, 15, 1)).unwrap()[0].points[0].1, -3);
    }
}
