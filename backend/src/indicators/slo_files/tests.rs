//! Tests of whole files: what each format means, and what is refused with its place.

use super::*;
use crate::config::SloConfig;
use crate::indicators::promql::Values;
use flarepath_profile::selector::Selector;
use rstest::rstest;
use std::time::Duration;

const SLOTH: &str = include_str!("../../../testdata/slo/sloth.yaml");
const SLOTH_RESOURCE: &str = include_str!("../../../testdata/slo/sloth_resource.yaml");
const OPENSLO: &str = include_str!("../../../testdata/slo/openslo.yaml");
const PYRRA: &str = include_str!("../../../testdata/slo/pyrra.yaml");

fn config(texts: &[&str]) -> SloFilesConfig {
    let file = |(place, text): (usize, &&str)| SloFile {
        path: format!("/etc/flarepath/{place}.yaml").into(),
        text: (*text).to_owned(),
    };
    SloFilesConfig { files: texts.iter().enumerate().map(file).collect(), services: BTreeMap::new() }
}

fn slos(texts: &[&str]) -> Result<Vec<Slo>, String> {
    read(&config(texts), &[]).map_err(|error| error.to_string())
}

/// Name, service, objective in percent, and days of each.
fn targets(slos: &[Slo]) -> Vec<String> {
    let line = |slo: &Slo| {
        let days = slo.window.as_secs() / 86_400;
        format!("{} of {}: {:.1} % in {days} d", slo.name, slo.service, slo.objective * 100.0)
    };
    slos.iter().map(line).collect()
}

/// The error ratio over a minute, within the caller's bounds.
fn query(slo: &Slo) -> String {
    let matchers = r#"{team="a"}"#.parse::<Selector>().unwrap().matchers;
    slo.error_ratio.query(&Values { matchers: &matchers, window_secs: 60, pod: "pod" })
}

#[test]
fn sloth_counts_events_or_gives_ratios() {
    let slos = slos(&[SLOTH]).unwrap();
    let expected = ["availability of checkout: 99.9 % in 30 d", "freshness of checkout: 95.0 % in 30 d"];
    assert_eq!(targets(&slos), expected);
    let total = r#"sum(sum(rate(orders_total{job="checkout", team="a"}[60s])))"#;
    let errors = r#"sum(sum(rate(orders_total{job="checkout", code=~"5..", team="a"}[60s])))"#;
    assert_eq!(query(&slos[0]), format!("(({errors} or ({total} * 0)) / {total})"));
    assert_eq!(query(&slos[1]), r#"(1 - avg_over_time(stock_is_fresh{job="checkout", team="a"}[60s]))"#);
    assert!(slos.iter().all(|slo| slo.recorded.len() == 7 && slo.source == "sloth: 0.yaml"));
}

#[test]
fn sloth_resources_are_read_like_files() {
    let slos = slos(&[SLOTH_RESOURCE]).unwrap();
    assert_eq!(targets(&slos), ["availability of cart: 99.5 % in 30 d"]);
    assert!(query(&slos[0]).contains(r#"carts_failed_total{namespace="shop", team="a"}[60s]"#));
}

#[test]
fn openslo_has_several_objectives_of_one_indicator() {
    let slos = slos(&[OPENSLO]).unwrap();
    let expected = [
        "availability-1 of payments: 99.0 % in 28 d",
        "availability-2 of payments: 99.5 % in 28 d",
        "refunds of payments: 99.9 % in 30 d",
    ];
    assert_eq!(targets(&slos), expected);
    let good = r#"sum(sum(increase(payments_total{outcome="accepted", team="a"}[60s])))"#;
    let total = r#"sum(sum(increase(payments_total{team="a"}[60s])))"#;
    assert_eq!(query(&slos[0]), format!("(1 - (({good} or ({total} * 0)) / {total}))"));
    let bad = r#"sum(sum(rate(refunds_total{outcome="failed", team="a"}[60s])))"#;
    let total = r#"sum(sum(rate(refunds_total{team="a"}[60s])))"#;
    assert_eq!(query(&slos[2]), format!("(({bad} or ({total} * 0)) / {total})"));
}

#[test]
fn indicators_may_be_in_another_file() {
    let (before, sli) = OPENSLO.split_once("kind: SLI").unwrap();
    let sli = format!("apiVersion: openslo/v1\nkind: SLI{}", sli.split("---").next().unwrap());
    let slo = before.trim_end().trim_end_matches("apiVersion: openslo/v1");
    assert_eq!(slos(&[slo, &sli]).unwrap().len(), 2);
    let error = slos(&[slo]).unwrap_err();
    assert!(
        error.contains("document 2, `spec.indicatorRef`: there is no SLI `accepted-payments`"),
        "{error}"
    );
    assert!(
        slos(&[&sli, &sli]).unwrap_err().contains("1.yaml, document 1, `metadata.name`: there is an SLI")
    );
}

#[test]
fn pyrra_has_four_indicators() {
    let slos = slos(&[PYRRA]).unwrap();
    let expected = [
        "search-errors of search: 99.0 % in 14 d",
        "search-latency of search: 99.5 % in 28 d",
        "search-latency-native of search: 90.0 % in 28 d",
        "search-up of search: 99.9 % in 28 d",
    ];
    assert_eq!(targets(&slos), expected);
    let total = r#"sum(rate(http_requests_total{job="search", team="a"}[60s]))"#;
    let errors = r#"sum(rate(http_requests_total{job="search", code=~"5..", team="a"}[60s]))"#;
    assert_eq!(query(&slos[0]), format!("(({errors} or ({total} * 0)) / {total})"));
    let total = r#"sum(rate(http_request_duration_seconds_count{job="search", team="a"}[60s]))"#;
    let good = r#"sum(rate(http_request_duration_seconds_bucket{job="search", le="0.5", team="a"}[60s]))"#;
    assert_eq!(query(&slos[1]), format!("(1 - (({good} or ({total} * 0)) / {total}))"));
    let native = r#"sum(rate(http_request_duration_seconds{job="shop/search", team="a"}[60s]))"#;
    assert_eq!(query(&slos[2]), format!("(1 - histogram_fraction(0, 0.2, {native}))"));
    let total = r#"sum(count_over_time(probe_success{service="search", team="a"}[60s]))"#;
    let good = r#"sum(sum_over_time(probe_success{service="search", team="a"}[60s]))"#;
    assert_eq!(query(&slos[3]), format!("(1 - (({good} or ({total} * 0)) / {total}))"));
    assert!(slos.iter().all(|slo| slo.recorded.is_empty() && slo.source == "pyrra: 0.yaml"));
}

#[rstest]
#[case::syntax(SLOTH, "slos:", "slos: [", "document 1, line")]
#[case::version(SLOTH, "prometheus/v1", "prometheus/v2", "`version`: unknown version `prometheus/v2`")]
#[case::no_version(SLOTH, "version:", "edition:", "document 1: expected `version: prometheus/v1`")]
#[case::no_service(SLOTH, "service: checkout", "", "`service`: missing")]
#[case::no_budget(
    SLOTH,
    "99.9",
    "100",
    "`slos[0].objective`: all events must be good, which leaves no error budget"
)]
#[case::all_bad(SLOTH, "99.9", "0", "`slos[0].objective`: all events may be bad")]
#[case::query(
    SLOTH,
    "stock_is_fresh{",
    "stock_is_fresh{{",
    "`slos[1].sli.raw.error_ratio_query`: at position 33"
)]
#[case::no_window(
    SLOTH,
    "[{{ .window }}]",
    "[5m]",
    "`slos[0].sli.events.total_query`: the query has no `{{.window}}`"
)]
#[case::plugin(SLOTH, "raw:", "plugin:", "`slos[1].sli`: expected either `events` or `raw`")]
#[case::same_name(
    SLOTH,
    "freshness",
    "availability",
    "has an objective `availability` already (sloth: 0.yaml)"
)]
#[case::kind(SLOTH_RESOURCE, "PrometheusServiceLevel", "List", "`kind`: unknown kind `List`")]
#[case::old_openslo(OPENSLO, "openslo/v1", "openslo/v1alpha", "document 1, `apiVersion`: unknown version")]
#[case::calendar(
    OPENSLO,
    "isRolling: true",
    "isRolling: false",
    "document 2, `spec.timeWindow[0].isRolling`"
)]
#[case::months(OPENSLO, "4w", "1M", "`spec.timeWindow[0].duration`: months")]
#[case::slices(OPENSLO, "Occurrences", "Timeslices", "`spec.budgetingMethod`: expected Occurrences")]
#[case::two_targets(
    OPENSLO,
    "target: 0.99\n",
    "target: 0.99\n      targetPercent: 99\n",
    "`spec.objectives[0].target`"
)]
#[case::ratio_as_percent(
    OPENSLO,
    "target: 0.99\n",
    "target: 99\n",
    "`spec.objectives[0].target`: expected a number above 0"
)]
#[case::threshold(
    OPENSLO,
    "  ratioMetric:\n    counter",
    "  thresholdMetric:\n    counter",
    "`spec.thresholdMetric`: a threshold"
)]
#[case::raw(OPENSLO, "    good:\n", "    raw:\n", "`spec.ratioMetric.raw`: a raw ratio")]
#[case::counter(
    OPENSLO,
    "    counter: true\n",
    "",
    "`spec.ratioMetric.good.metricSource.spec.query`: the query has no window"
)]
#[case::not_a_sum(OPENSLO, "sum(payments_total)", "max(payments_total)", "expected sums of counters")]
#[case::other_source(OPENSLO, "type: Prometheus", "type: Datadog", "metricSource.type`: expected Prometheus")]
#[case::other_kind(OPENSLO, "kind: Service", "kind: Budget", "document 1, `kind`: expected SLO")]
#[case::grouped(
    PYRRA,
    "      errors:",
    "      grouping: [handler]\n      errors:",
    "`spec.indicator.ratio.grouping`: objectives by labels"
)]
#[case::no_indicator(
    PYRRA,
    "    ratio:",
    "    ratios:",
    "document 1, `spec.indicator`: expected one of ratio"
)]
#[case::not_a_metric(
    PYRRA,
    "metric: http_requests_total{job=\"search\"}",
    "metric: sum(a)",
    "a metric with its matchers"
)]
#[case::nameless(PYRRA, "{service=\"search\"}", "", "document 4, `metadata.labels`: none of")]
#[case::window(PYRRA, "window: 2w", "window: 1y", "`spec.window`: expected 1d to 90d")]
fn what_is_refused_has_its_place(
    #[case] sample: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] expected: &str,
) {
    assert!(sample.contains(from));
    let error = slos(&[&sample.replacen(from, to, 1)]).unwrap_err();
    assert!(error.starts_with("/etc/flarepath/0.yaml, document ") && error.contains(expected), "{error}");
}

#[test]
fn empty_documents_are_counted_and_left_out() {
    assert!(slos(&["", "# nothing\n", "---\n---\n"]).unwrap().is_empty());
    let error = slos(&["---\n# nothing\n---\nversion: 2\n"]).unwrap_err();
    assert!(error.contains("document 2, `version`"), "{error}");
}

#[test]
fn a_bomb_of_aliases_is_refused() {
    let mut bomb = "version: prometheus/v1\nservice: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..=9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert!(slos(&[&bomb]).unwrap_err().contains("with those that aliases stand for"));
}

#[test]
fn services_are_renamed_and_names_differ_within_one() {
    let mut config = config(&[SLOTH, SLOTH_RESOURCE]);
    assert_eq!(read(&config, &[]).unwrap().len(), 3, "names of two services may be the same");
    config.services.insert("cart".to_owned(), "checkout".to_owned());
    let error = read(&config, &[]).unwrap_err().to_string();
    assert!(
        error.contains("1.yaml, document 1: the service `checkout` has an objective `availability`"),
        "{error}"
    );
    config.services.insert("checkout".to_owned(), "web".to_owned());
    let slos = read(&config, &[]).unwrap();
    assert_eq!([&slos[0].service, &slos[2].service], ["web", "checkout"]);
    // Series that Sloth records have the name of the file.
    let values = Values { matchers: &[], window_secs: 60, pod: "pod" };
    assert!(slos[0].recorded[0].query(&values).contains(r#"sloth_service="checkout""#));
}

#[test]
fn objectives_of_the_configuration_keep_their_names() {
    let configured = SloConfig {
        name: "availability".to_owned(),
        service: "cart".to_owned(),
        objective: 0.99,
        window: Duration::from_secs(7 * 86_400),
        error_ratio: "a / b".to_owned(),
        of: "application".to_owned(),
    };
    let configured = [Arc::new(Slo::new(&configured).unwrap())];
    let error = read(&config(&[SLOTH_RESOURCE]), &configured).unwrap_err().to_string();
    assert!(error.contains("already ([slo.availability])"), "{error}");
}

#[test]
fn objectives_of_a_service_are_counted() {
    let objective = |number: usize| {
        format!(
            "  - name: n{number}\n    objective: 99\n    sli: {{raw: {{error_ratio_query: 'a[{{{{.window}}}}]'}}}}\n"
        )
    };
    let file = |count: usize| {
        let all: String = (0..count).map(objective).collect();
        format!("version: prometheus/v1\nservice: pay\nslos:\n{all}")
    };
    assert_eq!(slos(&[&file(MAX_OF_SERVICE)]).unwrap().len(), MAX_OF_SERVICE);
    assert!(
        slos(&[&file(MAX_OF_SERVICE + 1)]).unwrap_err().contains("more than 32 objectives of the service")
    );
}
