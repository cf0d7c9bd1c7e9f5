//! Answers that are none, are late, have no end, or cannot be true.

use super::{World, answering, broken, clock, failing, overloaded, page, silent, streaming};
use crate::upstream::{PROTO, Received, Reply, Upstream, prod, tree_answer, whole};
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use flarepath::config::StoreKind;
use flarepath_profile::varint;
use futures::stream;
use rstest::rstest;
use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const USUAL: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(100);
/// Nodes of the largest tree of an answer, the root included.
const MAX_NODES: usize = 5_000_000;
const PART: usize = 64 << 10;

type Script = fn(&Received) -> Reply;

/// A byte at a time, without an end: over gRPC, one empty message after the other.
fn dripping(_: &Received) -> Reply {
    let body = stream::unfold((), |()| async {
        tokio::task::yield_now().await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b"\0")), ()))
    });
    Some(streaming(Body::from_stream(body)))
}

/// Announces a gigabyte, of which no byte comes.
fn announcing(_: &Received) -> Reply {
    let body = streaming(Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()));
    Some(([(header::CONTENT_LENGTH, "1000000000")], body).into_response())
}

#[rstest]
#[case::silent(SHORT, silent, 504, "storage-timeout")]
#[case::dripping(SHORT, dripping, 504, "storage-timeout")]
#[case::failing(USUAL, failing, 502, "storage-unreachable")]
#[case::overloaded(USUAL, overloaded, 503, "busy")]
#[case::broken(USUAL, broken, 502, "bad-store-answer")]
#[case::page(USUAL, page, 502, "bad-store-answer")]
#[case::announcing(USUAL, announcing, 413, "storage-limit")]
#[tokio::test]
async fn faults_over_http_are_problems_of_the_store(
    #[values(StoreKind::Pyroscope, StoreKind::ClickHouse)] of: StoreKind,
    #[case] timeout: Duration,
    #[case] script: Script,
    #[case] status: u16,
    #[case] kind: &str,
) {
    let upstream = Upstream::start(script).await;
    let prod = prod(of, &upstream.url, clock(), |settings| settings.timeout = timeout);
    World::with(prod).await.fails_alone(status, kind).await;
}

#[rstest]
#[case(SHORT, silent, 504)]
#[case(SHORT, dripping, 504)]
#[case(USUAL, failing, 502)]
#[case(USUAL, page, 502)]
#[tokio::test]
async fn faults_over_grpc_are_problems_of_the_store(
    #[case] timeout: Duration,
    #[case] script: Script,
    #[case] status: u16,
) {
    let upstream = Upstream::start(script).await;
    let prod = prod(StoreKind::Parca, &upstream.url, clock(), |settings| settings.timeout = timeout);
    let world = World::with(prod).await;
    let answer = world.call_tree("prod").await;
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert!(answer.text().contains("`prod`"), "{}", answer.text());
    world.is_well_otherwise().await;
}

#[tokio::test]
async fn a_store_that_asks_for_a_long_pause_is_not_asked_again() {
    let upstream = Upstream::start(overloaded).await;
    let world = World::with(prod(StoreKind::Pyroscope, &upstream.url, clock(), |_| {})).await;
    let answer = world.call_tree("prod").await;
    assert_eq!((answer.status, answer.header(header::RETRY_AFTER)), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    let targets: Vec<String> = upstream.received().into_iter().map(|received| received.target).collect();
    let different: HashSet<&String> = targets.iter().collect();
    assert!(!targets.is_empty() && different.len() == targets.len(), "{targets:?}");
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_read_to_a_gigabyte() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    let upstream = Upstream::start(move |_| {
        let sent = counted.clone();
        let body = stream::iter(std::iter::repeat_with(move || {
            sent.fetch_add(PART, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from_static(&[b'x'; PART]))
        }));
        Some(streaming(Body::from_stream(body)))
    })
    .await;
    let world = World::with(prod(StoreKind::Pyroscope, &upstream.url, clock(), |_| {})).await;
    world.fails_alone(413, "storage-limit").await;
    // The limit of call trees and that of label names, and what is in the buffers of the sockets.
    assert!(sent.load(Ordering::Relaxed) < (128 << 20) + (4 << 20) + (64 << 20));
}

#[rstest]
#[case::more_children_than_bytes(b"\0\0\xff\xff\xff\xff\x0f".to_vec())]
#[case::a_name_beyond_the_end(b"\0\0\x01\x7fmain".to_vec())]
#[case::half(b"\0\0\x02\x04main\x02\0".to_vec())]
#[case::negative(b"\0\0\x01\x01a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0".to_vec())]
#[case::more_than_its_root(b"\0\0\x01\x04main\x02\0\x04work\x03\0".to_vec())]
#[case::too_many_nodes(star(MAX_NODES))]
#[tokio::test]
async fn a_tree_that_cannot_be_true_is_not_shown_in_part(#[case] tree: Vec<u8>) {
    let upstream = Upstream::start(move |received| match received.calls("SelectMergeStacktraces") {
        true => Some(tree_answer(&tree)),
        false => answering(received),
    })
    .await;
    let world = World::with(prod(StoreKind::Pyroscope, &upstream.url, clock(), |_| {})).await;
    world.fails_alone(502, "bad-store-answer").await;
}

/// A root with so many children.
fn star(children: usize) -> Vec<u8> {
    let mut tree = vec![0, 0];
    varint::put(&mut tree, children as u64);
    tree.resize(tree.len() + 3 * children, 0);
    tree
}

/// As if the store were started again in the middle of each of the questions.
#[tokio::test]
async fn a_question_that_breaks_off_is_asked_again() {
    let broken_off = Mutex::new(HashSet::new());
    let upstream = Upstream::start(move |received| {
        let is_first = broken_off.lock().unwrap().insert(received.target.clone());
        if is_first { broken(received) } else { answering(received) }
    })
    .await;
    let world = World::with(prod(StoreKind::Pyroscope, &upstream.url, clock(), |_| {})).await;
    let tree = world.call_tree("prod").await;
    assert_eq!(tree.status, StatusCode::OK, "{}", tree.text());
    assert!(tree.text().contains("there") && !tree.text().contains("work"), "{}", tree.text());
    let trees =
        upstream.received().iter().filter(|received| received.calls("SelectMergeStacktraces")).count();
    assert_eq!(trees, 2);
    world.is_well_otherwise().await;
}

#[tokio::test]
async fn an_empty_range_is_no_fault() {
    let upstream = Upstream::start(|_| Some(whole(200, PROTO, ""))).await;
    let world = World::with(prod(StoreKind::Pyroscope, &upstream.url, clock(), |_| {})).await;
    let tree = world.call_tree("prod").await;
    assert_eq!(tree.status, StatusCode::OK, "{}", tree.text());
    assert_eq!(tree.json()["profile_type_known"], false, "{}", tree.text());
}

#[rstest]
#[case::memory_of_the_query("241. DB::Exception: Query memory limit exceeded", 413, "storage-limit")]
#[case::memory_of_all("241. DB::Exception: (total) memory limit exceeded", 503, "busy")]
#[case::too_many_parts("252. DB::Exception: Too many parts (3000)", 503, "busy")]
#[case::read_only("164. DB::Exception: Cannot execute query in readonly mode", 502, "storage-denied")]
#[case::disk_full("243. DB::Exception: Cannot reserve 1.00 MiB", 507, "disk-full")]
#[tokio::test]
async fn exceptions_of_clickhouse_are_problems_of_the_store(
    #[case] exception: &'static str,
    #[case] status: u16,
    #[case] kind: &str,
) {
    // The tables are made and the profiles are counted; then the sums fail.
    let upstream = Upstream::start(move |received| {
        let text = received.text();
        if text.contains("FROM system.tables") {
            return Some(whole(200, "application/octet-stream", b"\x01\x0225\0\0\0\0\0\0\0\0"));
        }
        if text.starts_with("SELECT 1, count(), min(start)") {
            let facts: Vec<u8> = [&[1][..], &[1; 8], &[1; 8], &[1; 8], &[1; 8]].concat();
            return Some(whole(200, "application/octet-stream", facts));
        }
        match text.starts_with("SELECT 1, stack, sum(value)") {
            true => Some(whole(500, "text/plain", format!("Code: {exception}"))),
            false => Some(whole(200, "text/plain", "")),
        }
    })
    .await;
    let world = World::with(prod(StoreKind::ClickHouse, &upstream.url, clock(), |_| {})).await;
    world.fails_alone(status, kind).await;
}
