//! Metric labels have a bounded number of values, and every metric is documented.
//!
//! Each label value is a time series that is never freed, so clients must not be able to choose it. The labels are listed here
//! with the source of their values; check that before adding one.

use crate::source::{Source, files, rust};

/// Labels, the file that sets them (below `backend/src`), and their possible values.
const LABELS: &[(&str, &str, &str)] = &[
    ("method", "http/middleware/observe.rs", "standard methods, or `other`"),
    ("route", "http/middleware/observe.rs", "paths of the route table, or `(page)`"),
    ("status", "http/middleware/observe.rs", "statuses of our responses"),
    ("reason", "http/connections/connection.rs", "variants of `Reason`"),
    ("limit", "http/connections/accept.rs", "variants of `Full`"),
    ("protocol", "ingest/receive.rs", "constants of the ingest routes"),
    ("outcome", "ingest/receive.rs", "two constants"),
    ("reason", "ingest/receive.rs", "a constant"),
    ("reason", "ingest/quota/mod.rs", "variants of `Limit`"),
    ("quota", "ingest/quota/usage.rs", "variants of `Limit`"),
    ("bodies", "request_memory.rs", "`large`, `small` and `responses`"),
    ("reason", "request_memory.rs", "variants of `MemoryError`"),
    ("cache", "query/cache.rs", "`answers`"),
    ("cache", "store/embedded/symbols/cache.rs", "`symbols`"),
    ("job", "jobs/supervisor.rs", "names of jobs in the code"),
    ("store", "store/remote/attempts.rs", "names of the sections [stores.NAME]"),
    ("operation", "store/remote/attempts.rs", "constants of the adapters"),
    ("outcome", "store/remote/attempts.rs", "variants of `Outcome`, `busy` and `not_asked`"),
    ("source", "indicators/health.rs", "names of the sections [metrics.NAME]"),
    ("http_request_method", "demo/scrape/requests.rs", "the method of each service of the demo"),
    ("http_route", "demo/scrape/requests.rs", "the route of each service of the demo"),
    ("http_response_status_code", "demo/scrape/requests.rs", "statuses of `Answer`"),
];

const MACROS: [&str; 3] = ["counter!(", "gauge!(", "histogram!("];

/// Use of a metric: its name and its labels (`None` for labels that are not literals).
#[derive(Debug, PartialEq)]
struct Use<'a> {
    name: &'a str,
    labels: Vec<Option<&'a str>>,
}

fn uses(text: &str) -> Vec<Use<'_>> {
    let starts = MACROS.iter().flat_map(|name| text.match_indices(name));
    // `describe_counter!` gives a metric no value.
    let starts = starts.filter(|(at, _)| !text[..*at].ends_with('_'));
    starts.map(|(at, name)| read(arguments(&text[at + name.len()..]))).collect()
}

/// The text up to the closing parenthesis.
fn arguments(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    &text[..end.expect("a closing parenthesis")]
}

fn read(arguments: &str) -> Use<'_> {
    let mut parts = arguments.split(',').map(str::trim).filter(|part| !part.is_empty());
    let name = parts.next().unwrap_or_default().trim_matches('"');
    let labels =
        parts.map(|part| part.split_once("=>").map(|(label, _)| label.trim().trim_matches('"'))).collect();
    Use { name, labels }
}

/// Labels that are not in the list.
fn unlisted(source: &Source) -> Vec<String> {
    let file = source.path.trim_start_matches("backend/src/");
    let is_listed =
        |label: Option<&str>| label.is_some_and(|label| LABELS.iter().any(|l| l.0 == label && l.1 == file));
    let labels =
        uses(&source.text).into_iter().flat_map(|used| used.labels.into_iter().map(move |l| (used.name, l)));
    let offences = labels.filter(|(_, label)| !is_listed(*label));
    offences.map(|(name, label)| format!("{file}: {name} has the label {label:?}")).collect()
}

/// Metrics that `docs` do not name.
fn undocumented(source: &Source, docs: &str) -> Vec<String> {
    let offences = uses(&source.text).into_iter().filter(|used| !docs.contains(used.name));
    offences.map(|used| format!("{}: {}", source.path, used.name)).collect()
}

/// Uses a metric with a label that a client chooses, in both ways of naming the macro.
fn made_up() -> Source {
    let text = "use metrics::counter;\nfn f() { counter!(\"a\", \"service\" => name).increment(1); \
                metrics::gauge!(\"b\", \"service\" => name).set(1.0); }";
    Source::new("backend/src/ingest/breaks_the_wall.rs", text)
}

#[test]
fn labels_have_bounded_values() {
    assert_eq!(unlisted(&made_up()).len(), 2);
    let offences: Vec<String> = rust("backend/src").iter().flat_map(unlisted).collect();
    assert!(offences.is_empty(), "add them to the list once their values are bounded: {offences:#?}");
}

#[test]
fn every_metric_is_documented() {
    assert_eq!(undocumented(&made_up(), "b").len(), 1);
    let docs: String = files("docs", &[".md"]).into_iter().map(|page| page.text).collect();
    let offences: Vec<String> =
        rust("backend/src").iter().flat_map(|source| undocumented(source, &docs)).collect();
    assert!(offences.is_empty(), "in no page of docs: {offences:#?}");
}

#[test]
fn finds_labels() {
    let text = "metrics::counter!(\"a_total\", \"x\" => f(1), \"y\" => z).increment(1);\nmetrics::gauge!(\"b\", &labels)";
    let found = uses(text);
    assert_eq!(found[0], Use { name: "a_total", labels: vec![Some("x"), Some("y")] });
    assert_eq!(found[1], Use { name: "b", labels: vec![None] });
}
