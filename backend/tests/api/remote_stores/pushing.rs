//! Pushes that are passed on to `prod`: nothing is acknowledged that the store has not acknowledged.

use super::{broken, clock, failing, overloaded, page, push};
use crate::server::Server;
use crate::upstream::{PROTO, Received, Reply, Upstream, prod, whole};
use axum::http::StatusCode;
use flarepath::app::App;
use flarepath::config::StoreKind;
use flarepath::store::OpenStores;
use rstest::rstest;
use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

type Script = fn(&Received) -> Reply;

/// A server whose only store is `prod`, which takes pushes.
fn server(kind: StoreKind, upstream: &Upstream) -> Server {
    let prod = prod(kind, &upstream.url, clock(), |_| {});
    let name = prod.storage.name.clone();
    let stores = OpenStores { default: name.clone(), ingest: Some(name), all: vec![prod] };
    Server(flarepath::http::router(App::without_sign_in(stores, clock()).build()))
}

fn not_found(_: &Received) -> Reply {
    Some(whole(404, "application/json", r#"{"code":"not_found"}"#))
}

#[rstest]
#[case::failing(failing)]
#[case::overloaded(overloaded)]
#[case::broken(broken)]
#[case::page(page)]
#[case::not_found(not_found)]
#[tokio::test]
async fn a_push_that_pyroscope_has_not_taken_is_not_acknowledged_nor_repeated(#[case] script: Script) {
    let upstream = Upstream::start(script).await;
    let pushed = push(&server(StoreKind::Pyroscope, &upstream)).await;
    assert!(!pushed.status.is_success(), "{}: {}", pushed.status, pushed.text());
    assert_eq!(upstream.received().len(), 1, "it may have had its effect");
}

#[tokio::test]
async fn a_push_that_pyroscope_has_taken_is_acknowledged() {
    let upstream = Upstream::start(|_| Some(whole(200, PROTO, ""))).await;
    let pushed = push(&server(StoreKind::Pyroscope, &upstream)).await;
    assert_eq!(pushed.status, StatusCode::OK, "{}", pushed.text());
    assert!(upstream.received()[0].text().contains("shop"));
}

/// Answers as a ClickHouse without tables, which takes everything.
fn taking(received: &Received) -> Reply {
    let is_version = received.text().contains("FROM system.tables");
    let version = if is_version { &b"\x01\x0225\0\0\0\0\0\0\0\0"[..] } else { &[] };
    Some(whole(200, "text/plain", version))
}

/// The table and the token of an insert.
fn insert(received: &Received) -> Option<(String, String)> {
    let (_, statement) = received.target.split_once("query=INSERT%20INTO%20")?;
    let (_, token) = received.target.split_once("insert_deduplication_token=")?;
    let until = |text: &str, end: char| text.split(end).next().unwrap_or_default().to_owned();
    Some((until(statement, '%'), until(token, '&')))
}

/// How many requests there were for each table and token.
fn inserts(upstream: &Upstream) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for insert in upstream.received().iter().filter_map(insert) {
        *counts.entry(insert).or_default() += 1;
    }
    counts
}

#[rstest]
#[case::memory(500, "Code: 241. DB::Exception: (total) memory limit exceeded", 503)]
#[case::too_many_parts(500, "Code: 252. DB::Exception: Too many parts (3000)", 503)]
#[case::read_only(500, "Code: 164. DB::Exception: Cannot execute query in readonly mode", 502)]
#[case::disk_full(500, "Code: 243. DB::Exception: Cannot reserve 1.00 MiB", 507)]
#[case::exception_after_the_status(200, "Code: 243. DB::Exception: Cannot reserve 1.00 MiB", 507)]
#[case::page(200, "<html>Sign in</html>", 502)]
#[tokio::test]
async fn half_of_a_batch_is_not_acknowledged(
    #[case] status: u16,
    #[case] answer: &'static str,
    #[case] expected: u16,
) {
    let upstream = Upstream::start(move |received| match insert(received) {
        Some((table, _)) if table == "samples" => Some(whole(status, "text/plain", answer)),
        _ => taking(received),
    })
    .await;
    let server = server(StoreKind::ClickHouse, &upstream);
    let pushed = push(&server).await;
    assert_eq!(pushed.status.as_u16(), expected, "{}", pushed.text());
    let first = inserts(&upstream);
    let stored = first.keys().filter(|(table, _)| table != "samples").count();
    assert!(stored > 1, "half of it was stored: {first:?}");
    // Sent again, it has the same tokens, so that what was stored is not stored again.
    push(&server).await;
    let token = |inserts: &BTreeMap<(String, String), usize>| {
        inserts.keys().find(|(table, _)| table == "profiles").cloned().unwrap()
    };
    assert_eq!(token(&inserts(&upstream)), token(&first));
}

#[tokio::test]
async fn a_batch_whose_acknowledgement_was_lost_is_sent_again_under_its_token() {
    let stored = Mutex::new(HashSet::new());
    let upstream = Upstream::start(move |received| match insert(received) {
        Some(sent) if stored.lock().unwrap().insert(sent.clone()) => broken(received),
        _ => taking(received),
    })
    .await;
    let pushed = push(&server(StoreKind::ClickHouse, &upstream)).await;
    assert_eq!(pushed.status, StatusCode::OK, "{}", pushed.text());
    let inserts = inserts(&upstream);
    let tables: HashSet<&String> = inserts.keys().map(|(table, _)| table).collect();
    assert!(tables.len() > 4 && tables.len() == inserts.len(), "one token for each table: {inserts:?}");
    assert!(inserts.values().all(|count| *count == 2), "{inserts:?}");
}
