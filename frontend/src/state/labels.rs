//! The labels page as part of the URL: query, label, sort order, and selected values.

use super::query::Query;
use super::url_text::path_with;
use flarepath_profile::labels::{Meaning, pick};
use flarepath_profile::selector::{MatchOp, Matcher};

/// The column that values are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum LabelSort {
    /// Cost, largest first.
    #[default]
    Total,
    /// The value, ascending.
    Value,
    /// Number of series, most first.
    Series,
}

/// The columns and their values in the URL.
const SORTS: [(LabelSort, &str); 3] =
    [(LabelSort::Total, "total"), (LabelSort::Value, "value"), (LabelSort::Series, "series")];

/// The view of the values of a label.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LabelsView {
    /// Their order.
    pub(crate) sort: LabelSort,
    /// Whether the order is reversed.
    pub(crate) reversed: bool,
    /// Values selected for comparison: baseline, comparison. An empty one stands for series without the label.
    pub(crate) picked: [Option<String>; 2],
}

impl LabelsView {
    /// Parses query parameters; absent or invalid ones are the default.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> LabelsView {
        let text = get("sort").unwrap_or_default();
        let (word, reversed) = text.strip_prefix('-').map_or((text.as_str(), false), |rest| (rest, true));
        let sort = SORTS.iter().find(|(_, w)| *w == word).map(|(sort, _)| *sort);
        LabelsView {
            sort: sort.unwrap_or_default(),
            reversed: reversed && sort.is_some(),
            picked: [get("baseline"), get("comparison")],
        }
    }
}

/// The address of the labels page.
pub(crate) fn labels_path(query: &Query, view: &LabelsView) -> String {
    let mut params = query.to_params();
    if view.sort != LabelSort::default() || view.reversed {
        let word = SORTS.iter().find(|(sort, _)| *sort == view.sort).map_or("", |(_, word)| *word);
        params.push(("sort", format!("{}{word}", if view.reversed { "-" } else { "" })));
    }
    let picked = ["baseline", "comparison"].into_iter().zip(view.picked.clone());
    params.extend(picked.filter_map(|(key, value)| Some((key, value?))));
    path_with("/labels", &params)
}

/// The query narrowed to one value of a label, ungrouped. An invalid filter is kept as it is.
pub(crate) fn narrowed(query: &Query, label: &str, value: &str) -> Query {
    let mut matchers = match query.matchers() {
        Ok(matchers) => matchers,
        Err(_) => return query.clone(),
    };
    let matcher = Matcher { name: label.to_owned(), op: MatchOp::Equal, value: value.to_owned() };
    if !matchers.contains(&matcher) {
        matchers.push(matcher);
    }
    Query { by: None, ..query.with_matchers(matchers) }
}

/// The label to select first: preferably one that names replicas or versions.
pub(crate) fn best_label<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let first = names.clone().next();
    pick(names, &[Meaning::Instance, Meaning::Version, Meaning::Region]).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::url_text::parse_pairs;
    use flarepath_profile::formats::otlp;

    #[test]
    fn every_parameter_survives_the_url() {
        let query = Query { service: Some("shop".into()), by: Some("pod".into()), ..Query::default() };
        for (sort, _) in SORTS {
            let picked = [Some("a & b".into()), Some(String::new())];
            let view = LabelsView { sort, reversed: true, picked };
            let path = labels_path(&query, &view);
            let pairs = parse_pairs(path.split_once('?').unwrap().1);
            let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
            assert_eq!((Query::from_params(&get), LabelsView::from_params(&get)), (query.clone(), view));
        }
        assert_eq!(labels_path(&Query::default(), &LabelsView::default()), "/labels");
    }

    #[test]
    fn narrowing_adds_a_matcher_once() {
        let query = Query { filter: r#"{region="eu"}"#.into(), by: Some("pod".into()), ..Query::default() };
        let once = narrowed(&query, "pod", "a");
        assert_eq!((once.filter.as_str(), &once.by), (r#"{region="eu", pod="a"}"#, &None));
        assert_eq!(narrowed(&once, "pod", "a"), once);
        let mistaken = Query { filter: "{".into(), ..Query::default() };
        assert_eq!(narrowed(&mistaken, "pod", "a"), mistaken);
    }

    #[test]
    fn prefers_replica_labels() {
        assert_eq!(best_label(["abc", "version", "pod"].into_iter()), Some("pod"));
        assert_eq!(best_label(["abc", "xyz"].into_iter()), Some("abc"));
        assert_eq!(best_label([].into_iter()), None);
    }

    /// The request that OpenTelemetry's Collector wrote, with the attributes of `service.version` and
    /// `service.instance.id` that its detectors add.
    #[test]
    fn labels_and_presets_understand_otlp_names() {
        let recorded = include_str!("../../../crates/profile/testdata/otlp/export.json");
        let more = r#"{"key":"service.version","value":{"stringValue":"2.4.1"}},
            {"key":"service.instance.id","value":{"stringValue":"shop-0-a"}},"#;
        let request = recorded.replace(
            r#""attributes":[{"value":{"stringValueStrindex""#,
            &format!(r#""attributes":[{more}{{"value":{{"stringValueStrindex""#),
        );
        let request = otlp::parse_json(request.as_bytes()).unwrap();
        let profile = otlp::decode(&request).next().unwrap().unwrap();
        let names = || profile.labels.iter().map(|(name, _)| name).collect::<Vec<_>>().into_iter();
        assert_eq!(best_label(names()), Some("k8s.pod.name"));
        assert_eq!(pick(names(), &[Meaning::Version]), Some("service.version"));
        assert_eq!(pick(names(), &[Meaning::Instance]), Some("k8s.pod.name"));
        let without_pod = names().filter(|name| *name != "k8s.pod.name");
        assert_eq!(pick(without_pod, &[Meaning::Instance]), Some("service.instance.id"));
    }
}
