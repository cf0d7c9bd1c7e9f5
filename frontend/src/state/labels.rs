//! The labels page as part of the URL: query, label, sort order, and selected values.

use super::query::Query;
use super::url_text::path_with;
use flarepath_profile::labels::{Meaning, SERVICE_NAME, pick};
use flarepath_profile::selector::{MatchOp, Matcher};

/// The column that values are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum LabelSort {
    /// Cost of all replicas, largest first.
    Total,
    /// Cost by second and replica, largest first.
    #[default]
    Rate,
    /// The value, ascending.
    Value,
    /// Those that differ from the others first.
    Deviation,
}

impl LabelSort {
    /// The order where the URL has none: of all services the total, which says who costs most; of one service the rate, as of two
    /// replicas the one that ran longer has the larger total.
    fn usual(all: bool) -> LabelSort {
        if all { LabelSort::Total } else { LabelSort::Rate }
    }
}

/// The columns and their values in the URL.
const SORTS: [(LabelSort, &str); 4] = [
    (LabelSort::Total, "total"),
    (LabelSort::Rate, "rate"),
    (LabelSort::Value, "value"),
    (LabelSort::Deviation, "deviation"),
];
/// The value of the parameter `services` for values of all services.
const ALL: &str = "all";
/// The parameters of the selected values, and of their services.
const PICKED: [(&str, &str); 2] = [("baseline", "baseline_service"), ("comparison", "comparison_service")];

/// A value that was selected for comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picked {
    /// The value; empty for series without the label.
    pub(crate) value: String,
    /// Its service, among values of all services; `None` among those of one.
    pub(crate) service: Option<String>,
}

/// The view of the values of a label.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LabelsView {
    /// Whether values of all services are shown.
    pub(crate) all: bool,
    /// Their order.
    pub(crate) sort: LabelSort,
    /// Whether the order is reversed.
    pub(crate) reversed: bool,
    /// What values must contain; empty for all.
    pub(crate) text: String,
    /// Values selected for comparison: baseline, comparison.
    pub(crate) picked: [Option<Picked>; 2],
}

impl LabelsView {
    /// Parses query parameters; absent or invalid ones are the default.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> LabelsView {
        let text = get("sort").unwrap_or_default();
        let (word, reversed) = text.strip_prefix('-').map_or((text.as_str(), false), |rest| (rest, true));
        let sort = SORTS.iter().find(|(_, w)| *w == word).map(|(sort, _)| *sort);
        let all = get("services").is_some_and(|text| text == ALL);
        let picked =
            |(value, service): (&str, &str)| Some(Picked { value: get(value)?, service: get(service) });
        LabelsView {
            all,
            sort: sort.unwrap_or(LabelSort::usual(all)),
            reversed: reversed && sort.is_some(),
            text: get("q").unwrap_or_default(),
            picked: PICKED.map(picked),
        }
    }

    /// The same of all services or of one; an order that was not chosen becomes the usual one.
    #[must_use]
    pub(crate) fn of_services(self, all: bool) -> LabelsView {
        let is_usual = self.sort == LabelSort::usual(self.all) && !self.reversed;
        LabelsView { all, sort: if is_usual { LabelSort::usual(all) } else { self.sort }, ..self }
    }

    /// The question as it is asked: without the service, for values of all.
    pub(crate) fn asked(&self, query: &Query) -> Query {
        let service = query.service.clone().filter(|_| !self.all);
        Query { service, ..query.clone() }
    }
}

/// The address of the labels page.
pub(crate) fn labels_path(query: &Query, view: &LabelsView) -> String {
    let mut params = query.to_params();
    if view.all {
        params.push(("services", ALL.to_owned()));
    }
    if view.sort != LabelSort::usual(view.all) || view.reversed {
        let word = SORTS.iter().find(|(sort, _)| *sort == view.sort).map_or("", |(_, word)| *word);
        params.push(("sort", format!("{}{word}", if view.reversed { "-" } else { "" })));
    }
    if !view.text.is_empty() {
        params.push(("q", view.text.clone()));
    }
    for ((value, service), picked) in PICKED.into_iter().zip(&view.picked) {
        let Some(picked) = picked else { continue };
        params.push((value, picked.value.clone()));
        params.extend(picked.service.clone().map(|name| (service, name)));
    }
    path_with("/labels", &params)
}

/// The query narrowed to one value of a label, ungrouped. An invalid filter is kept as it is.
pub(crate) fn narrowed(query: &Query, label: &str, value: &str) -> Query {
    if label == SERVICE_NAME {
        return Query { service: Some(value.to_owned()), by: None, ..query.clone() };
    }
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
            let pick = |value: &str, service: Option<&str>| {
                Some(Picked { value: value.to_owned(), service: service.map(str::to_owned) })
            };
            let picked = [pick("a & b", Some("shop")), pick("", None)];
            let view = LabelsView { all: true, sort, reversed: true, text: "pod-4".into(), picked };
            let path = labels_path(&query, &view);
            let pairs = parse_pairs(path.split_once('?').unwrap().1);
            let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
            assert_eq!((Query::from_params(&get), LabelsView::from_params(&get)), (query.clone(), view));
        }
        assert_eq!(labels_path(&Query::default(), &LabelsView::default()), "/labels");
    }

    #[test]
    fn of_one_service_rates_come_first_and_of_all_totals() {
        let of_all = LabelsView::default().of_services(true);
        assert_eq!((of_all.sort, LabelsView::default().sort), (LabelSort::Total, LabelSort::Rate));
        assert_eq!(labels_path(&Query::default(), &of_all), "/labels?services=all");
        assert_eq!(of_all.clone().of_services(false), LabelsView::default());
        let chosen = LabelsView { sort: LabelSort::Deviation, ..of_all };
        assert_eq!(chosen.of_services(false).sort, LabelSort::Deviation);
    }

    #[test]
    fn narrowing_adds_a_matcher_once() {
        let query = Query { filter: r#"{region="eu"}"#.into(), by: Some("pod".into()), ..Query::default() };
        let once = narrowed(&query, "pod", "a");
        assert_eq!((once.filter.as_str(), &once.by), (r#"{region="eu", pod="a"}"#, &None));
        assert_eq!(narrowed(&once, "pod", "a"), once);
        let of_service = narrowed(&query, SERVICE_NAME, "cart");
        assert_eq!((of_service.service.as_deref(), of_service.filter), (Some("cart"), query.filter));
        let mistaken = Query { filter: "{".into(), ..Query::default() };
        assert_eq!(narrowed(&mistaken, "pod", "a"), mistaken);
    }

    #[test]
    fn all_services_are_asked_for_without_one() {
        let query = Query { service: Some("shop".into()), ..Query::default() };
        assert_eq!(LabelsView::default().asked(&query), query);
        assert_eq!(LabelsView { all: true, ..LabelsView::default() }.asked(&query).service, None);
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
