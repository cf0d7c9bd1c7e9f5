//! Metric labels have a bounded number of values, and every metric is documented.
//!
//! Each label value is a time series that is never freed, so clients must not be able to choose it. The labels are listed here
//! with the source of their values; check that before adding one.

use crate::source::{files, rust};

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
];

const MACROS: [&str; 3] = ["metrics::counter!(", "metrics::gauge!(", "metrics::histogram!("];

/// Use of a metric: its name and its labels (`None` for labels that are not literals).
#[derive(Debug, PartialEq)]
struct Use<'a> {
    name: &'a str,
    labels: Vec<Option<&'a str>>,
}

fn uses(text: &str) -> Vec<Use<'_>> {
    let starts = MACROS.iter().flat_map(|name| text.match_indices(name).map(|(at, name)| at + name.len()));
    starts.map(|at| read(arguments(&text[at..]))).collect()
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

#[test]
fn labels_have_bounded_values() {
    let mut offences = Vec::new();
    for source in rust("backend/src") {
        let file = source.path.trim_start_matches("backend/src/");
        for used in uses(&source.text) {
            for label in used.labels {
                let is_listed = label.is_some_and(|label| LABELS.iter().any(|l| l.0 == label && l.1 == file));
                if !is_listed {
                    offences.push(format!("{file}: {} has the label {label:?}", used.name));
                }
            }
        }
    }
    assert!(offences.is_empty(), "add them to the list once their values are bounded: {offences:#?}");
}

#[test]
fn every_metric_is_documented() {
    let docs: String = files("docs", &[".md"]).into_iter().map(|page| page.text).collect();
    for source in rust("backend/src") {
        for used in uses(&source.text) {
            assert!(docs.contains(used.name), "{} of {} is in no page of docs", used.name, source.path);
        }
    }
}

#[test]
fn finds_labels() {
    let text = "metrics::counter!(\"a_total\", \"x\" => f(1), \"y\" => z).increment(1);\nmetrics::gauge!(\"b\", &labels)";
    let found = uses(text);
    assert_eq!(found[0], Use { name: "a_total", labels: vec![Some("x"), Some("y")] });
    assert_eq!(found[1], Use { name: "b", labels: vec![None] });
}
