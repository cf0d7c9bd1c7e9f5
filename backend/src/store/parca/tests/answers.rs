//! Answers from recordings, and what was asked for them.

use super::fake_parca::{Call, FakeParca, Reply};
use super::{START, config, cpu, recorded, recording, select, store, store_of, within};
use crate::store::parca::matchers::Wanted;
use crate::store::parca::messages::{
    Duration, MODE_MERGE, MergeProfile, MetricsSample, ProfileTypesRequest, QueryRangeRequest,
    QueryRangeResponse, QueryRequest, REPORT_PPROF, Timestamp, ValuesRequest,
};
use crate::store::parca::times::Window;
use crate::store::parca::translate::{Names, StoredForm};
use crate::store::{CostsQuery, ProfileStore, TimeRange};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::top_table::Cost;
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use prost::Message;
use std::collections::BTreeMap;

/// The queries of the calls of a method, sorted: calls of one question arrive in any order.
fn queries(calls: &[Call], method: &str) -> Vec<String> {
    let query = |call: &Call| match method {
        "Query" => QueryRequest::decode(call.message.clone()).unwrap().merge.unwrap().query,
        _ => QueryRangeRequest::decode(call.message.clone()).unwrap().query,
    };
    let mut found: Vec<String> = calls.iter().filter(|call| call.method == method).map(query).collect();
    found.sort();
    found
}

#[test]
fn requests_are_those_that_parca_answered() {
    let window = Window { first_ms: START * 1000, last_ms: (START + 60) * 1000 };
    let (start, end) = (Some(window.start()), Some(window.end()));
    let form = StoredForm {
        name: "process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta".to_owned(),
        has_duration: true,
        has_trees: true,
    };
    let shop = vec![("service_name".to_owned(), Wanted::OneOf(vec!["shop".to_owned()]))];
    let query = Names::new("service_name").query(&form, &shop);
    let step = Some(Duration { seconds: 15 });
    let range = QueryRangeRequest { query: query.clone(), start, end, step, sum_by: Vec::new() };
    assert_eq!(QueryRangeRequest::decode(recorded("query_range.request")).unwrap(), range);
    let merge = Some(MergeProfile { query, start, end });
    let merge = QueryRequest { mode: MODE_MERGE, merge, report_type: REPORT_PPROF };
    assert_eq!(QueryRequest::decode(recorded("query_merge_pprof.request")).unwrap(), merge);
    let types = ProfileTypesRequest { start, end };
    assert_eq!(ProfileTypesRequest::decode(recorded("profile_types.request")).unwrap(), types);
    let values = ValuesRequest { label_name: "pod".to_owned(), start, end };
    assert_eq!(ValuesRequest::decode(recorded("values_pod.request")).unwrap(), values);
}

#[tokio::test]
async fn totals_are_grouped_and_bucketed() {
    let parca = FakeParca::start(recording).await;
    let store = store_of(&parca);
    let by = ["pod".to_owned()];
    let found = store.totals(&select("{}"), &cpu(), 15 * SECOND_NS, &by).await.unwrap();
    let pods: Vec<String> = found.iter().map(|series| series.labels.to_string()).collect();
    assert_eq!(pods, [r#"{pod="shop-0"}"#, r#"{pod="shop-1"}"#, r#"{pod="shop-2"}"#]);
    let at = |second: i64| UnixNanos((START + second) * SECOND_NS);
    let expected =
        [(at(0), 210_000_000), (at(15), 350_000_000), (at(30), 610_000_000), (at(45), 750_000_000)];
    assert_eq!(found[0].points, expected);
    let calls = parca.calls();
    let asked = calls.iter().find(|call| call.method == "QueryRange").unwrap();
    let asked = QueryRangeRequest::decode(asked.message.clone()).unwrap();
    assert_eq!((asked.sum_by, asked.step), (by.to_vec(), Some(Duration { seconds: 15 })));
    // The last millisecond before the end.
    let last = Timestamp { seconds: START + 59, nanos: 999_000_000 };
    assert_eq!((asked.start, asked.end), (Some(Timestamp { seconds: START, nanos: 0 }), Some(last)));
    // Wider steps are summed up here.
    let found = store.totals(&select("{}"), &cpu(), 60 * SECOND_NS, &[]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].points, [(at(0), 5_880_000_000)]);
}

#[tokio::test]
async fn the_merged_profile_is_a_tree_of_the_same_total() {
    let parca = FakeParca::start(recording).await;
    let store = store_of(&parca);
    let merged = store.call_tree(&select(r#"{service_name="shop"}"#), &cpu()).await.unwrap();
    assert_eq!(merged.tree.total(NodeId::ROOT), 5_880_000_000);
    assert_eq!(merged.profiles, 1);
    let expected = [r#"process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta{service_name="shop"}"#];
    assert_eq!(queries(&parca.calls(), "Query"), expected);
    let profile = store.profile(&select(r#"{service_name="shop"}"#), &cpu()).await.unwrap();
    assert_eq!((profile.samples.total(0), profile.mappings.len()), (5_880_000_000, 1));
    assert_eq!(profile.time_nanos, START * SECOND_NS);
    let inlined = (0..profile.locations.len()).filter(|&i| profile.locations.get(i).lines.len() == 2);
    assert_eq!(inlined.count(), 1);
}

#[tokio::test]
async fn costs_over_time_take_one_merged_profile_a_column() {
    let parca = FakeParca::start(recording).await;
    let query = CostsQuery { step_ns: 30 * SECOND_NS, cost: Cost::Total, rows: Vec::new() };
    let found = store_of(&parca).costs_over_time(&select("{}"), &cpu(), &query).await.unwrap();
    let found: Vec<(i64, i64)> =
        found.iter().map(|(at, column)| (at.as_secs() - START, column.all)).collect();
    assert_eq!(found, [(0, 5_880_000_000), (30, 5_880_000_000)]);
    let mut methods: Vec<String> = parca.calls().into_iter().map(|call| call.method).collect();
    methods.sort();
    assert_eq!(methods, ["ProfileTypes", "ProfileTypes", "Query", "Query", "QueryRange"]);
}

#[tokio::test]
async fn series_have_their_types_and_the_newest_profile() {
    let parca = FakeParca::start(|call| {
        let counts = call.method == "QueryRange"
            && QueryRangeRequest::decode(call.message.clone()).unwrap().query.contains(":samples:count:");
        if counts { Reply::Status(5) } else { recording(call) }
    })
    .await;
    let found = store_of(&parca).series(&select("{}")).await.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].labels.to_string(), r#"{pod="shop-0"}"#);
    assert_eq!((found[0].profile_types.to_vec(), found[0].newest.0), (vec![cpu()], (START + 45) * SECOND_NS));
    let calls = parca.calls();
    let asked = calls.iter().find(|call| call.method == "QueryRange").unwrap();
    let sum_by = QueryRangeRequest::decode(asked.message.clone()).unwrap().sum_by;
    assert_eq!(sum_by, ["pod", "region", "service_name", "version"]);
    // What does not match is left out, whatever Parca says.
    let found = store_of(&parca).series(&select(r#"{pod="shop-1"}"#)).await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn single_profiles_are_known_by_series_and_second() {
    let parca = FakeParca::start(recording).await;
    let store = store_of(&parca);
    let mut totals = Vec::new();
    store.each_total(&select("{}"), &cpu(), &mut |at, value| totals.push((at, value))).await.unwrap();
    assert_eq!((totals.len(), totals.iter().map(|(_, value)| value).sum()), (12, 5_880_000_000_i64));
    let times = store.profile_times(&select("{}"), &cpu()).await.unwrap();
    assert_eq!((times.replicas.len(), times.len(), times.block_ns), (3, 12, SECOND_NS));
    assert_eq!(times.replicas[0].duration_ns, 60 * SECOND_NS);
    let mut pieces = BTreeMap::new();
    let block_ns = store
        .each_piece(&select("{}"), &cpu(), &mut |labels, piece| {
            pieces.insert(labels.to_string(), (piece.starts.to_vec(), piece.duration_ns));
        })
        .await
        .unwrap();
    let starts: Vec<i64> = [0, 15, 30, 45].iter().map(|second| (START + second) * SECOND_NS).collect();
    assert_eq!((block_ns, pieces.len()), (SECOND_NS, 3));
    assert_eq!(pieces[r#"{pod="shop-0"}"#], (starts, 60 * SECOND_NS));
}

#[tokio::test]
async fn patterns_are_evaluated_here() {
    let parca = FakeParca::start(recording).await;
    let store = store_of(&parca);
    store.call_tree(&select(r#"{pod=~"shop-[01]"}"#), &cpu()).await.unwrap();
    let kind = "process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta";
    let expected = format!(r#"{kind}{{pod=~"^(?:shop-0|shop-1)$"}}"#);
    assert_eq!(queries(&parca.calls(), "Query"), [expected]);
    store.call_tree(&select(r#"{pod!~"shop-.*"}"#), &cpu()).await.unwrap();
    let expected =
        [format!(r#"{kind}{{pod=""}}"#), format!(r#"{kind}{{pod=~"^(?:mail-0|mail-1|mail-2)$"}}"#)];
    assert_eq!(queries(&parca.calls(), "Query"), expected);
    let none = store.call_tree(&select(r#"{pod=~"nothing"}"#), &cpu()).await.unwrap();
    assert!(none.tree.is_empty() && queries(&parca.calls(), "Query").is_empty());
}

#[tokio::test]
async fn bounds_are_in_every_question_and_their_answers_add_up() {
    let parca = FakeParca::start(recording).await;
    let store = store_of(&parca);
    let mine = within("{}", &[r#"{region="eu"}"#, r#"{service_name="mail"}"#]);
    let merged = store.call_tree(&mine, &cpu()).await.unwrap();
    let asked = queries(&parca.calls(), "Query");
    assert!(asked.len() > 1 && asked.iter().all(|query| query.contains(r#"region="#)), "{asked:?}");
    assert_eq!(merged.tree.total(NodeId::ROOT), asked.len() as i64 * 5_880_000_000);
    let nothing = within("{}", &[]);
    assert!(store.call_tree(&nothing, &cpu()).await.unwrap().tree.is_empty());
    assert!(store.totals(&nothing, &cpu(), SECOND_NS, &[]).await.unwrap().is_empty());
    assert!(store.series(&nothing).await.unwrap().is_empty());
    let calls = parca.calls();
    assert!(calls.iter().all(|call| !call.method.starts_with("Query")), "{calls:?}");
}

#[tokio::test]
async fn the_configured_label_is_the_service() {
    let parca = FakeParca::start(recording).await;
    let mut config = config(&format!("http://{}/parca", parca.address));
    config.service_label = "pod".to_owned();
    let store = store(&config);
    assert!(store.has_service("shop-0").await.unwrap());
    assert!(!store.has_service("shop").await.unwrap());
    let calls = parca.calls();
    assert_eq!(calls[0].path, "/parca/parca.query.v1alpha1.QueryService/Values");
    assert_eq!(ValuesRequest::decode(calls[0].message.clone()).unwrap().label_name, "pod");
    let by = ["service_name".to_owned()];
    let found = store.totals(&select(r#"{service_name="x"}"#), &cpu(), SECOND_NS, &by).await.unwrap();
    assert_eq!(found[0].labels.to_string(), r#"{service_name="shop-0"}"#);
    let expected = [r#"process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta{pod="x"}"#];
    assert_eq!(queries(&parca.calls(), "QueryRange"), expected);
}

#[tokio::test]
async fn nothing_there_is_no_error() {
    let parca = FakeParca::start(|call| match call.method.as_str() {
        "QueryRange" => Reply::Status(5),
        "Query" => Reply::Message(recorded("query_merge_pprof_nothing.response")),
        _ => recording(call),
    })
    .await;
    let store = store_of(&parca);
    assert!(store.totals(&select("{}"), &cpu(), SECOND_NS, &[]).await.unwrap().is_empty());
    assert!(store.series(&select("{}")).await.unwrap().is_empty());
    let merged = store.call_tree(&select("{}"), &cpu()).await.unwrap();
    assert_eq!((merged.tree.is_empty(), merged.profiles), (true, 0));
    let mut empty = select("{}");
    empty.range = TimeRange::nanos(5, 5);
    parca.calls();
    assert!(store.series(&empty).await.unwrap().is_empty() && parca.calls().is_empty());
    store.check().await.unwrap();
}

#[test]
fn without_labels_parca_sums_up_all_series() {
    let answer = QueryRangeResponse::decode(recorded("query_range.response")).unwrap();
    let labels: Vec<usize> = answer
        .series
        .iter()
        .map(|series| series.labelset.as_ref().map_or(0, |set| set.labels.len()))
        .collect();
    assert_eq!(labels, [0]);
    let MetricsSample { value, duration, .. } = answer.series[0].samples[0];
    assert_eq!((value, duration), (660_000_000, 15 * SECOND_NS));
}
