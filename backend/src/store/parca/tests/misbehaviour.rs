//! A Parca that refuses, hangs, or gives what cannot be an answer.

use super::fake_parca::{FakeParca, Reply};
use super::{START, config, cpu, recorded, recording, select, store, store_of};
use crate::config::RemoteAuth;
use crate::store::parca::messages::{QueryRangeRequest, QueryResponse};
use crate::store::{ProfileStore, Selection, StoreError, TimeRange};
use bytes::Bytes;
use flarepath_profile::unix_nanos::SECOND_NS;
use prost::Message;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The failure of a tree, where the call for the merged profile gets this reply.
async fn failure(reply: fn() -> Reply) -> StoreError {
    let parca =
        FakeParca::start(move |call| if call.method == "Query" { reply() } else { recording(call) }).await;
    store_of(&parca).call_tree(&select("{}"), &cpu()).await.unwrap_err()
}

fn pprof(plain: &[u8]) -> Bytes {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(plain).unwrap();
    QueryResponse { pprof: Some(gzip.finish().unwrap().into()) }.encode_to_vec().into()
}

#[tokio::test]
async fn failures_say_what_they_are_and_name_the_store() {
    let unavailable = failure(|| Reply::Status(14)).await;
    assert!(
        matches!(&unavailable, StoreError::Unreachable(text) if text.starts_with("prod: ")),
        "{unavailable}"
    );
    let denied = failure(|| Reply::Status(16)).await;
    assert!(matches!(&denied, StoreError::Denied(text) if text.starts_with("prod: ")), "{denied}");
    let bad_query = failure(|| Reply::Status(3)).await;
    assert!(matches!(&bad_query, StoreError::Invalid(text) if text.starts_with("prod: ")), "{bad_query}");
    let large = failure(|| Reply::Announced((64 << 20) + 1)).await;
    assert!(matches!(&large, StoreError::TooLarge(text) if text.starts_with("prod: ")), "{large}");
    let cut = failure(|| Reply::Announced(1000)).await;
    assert!(matches!(&cut, StoreError::Unreachable(text) if text.starts_with("prod: ")), "{cut}");
}

#[tokio::test]
async fn invalid_profiles_are_refused() {
    let replies: [fn() -> Reply; 6] = [
        || Reply::Message(pprof(b"no pprof")),
        || Reply::Message(pprof(b"")),
        || Reply::Message(QueryResponse { pprof: Some(Bytes::from_static(b"plain")) }.encode_to_vec().into()),
        || Reply::Message(Bytes::new()),
        || Reply::Message(Bytes::from_static(b"\xff\xff\xff")),
        || Reply::Message(recorded("query_range_sum_by_pod.response")),
    ];
    for reply in replies {
        let error = failure(reply).await;
        assert!(matches!(&error, StoreError::Invalid(text) if text.starts_with("prod: ")), "{error}");
    }
}

#[tokio::test]
async fn a_profile_that_inflates_without_end_is_refused() {
    let zeros = vec![0; (64 << 20) + 1];
    let bomb = pprof(&zeros);
    let parca = FakeParca::start(move |call| match call.method.as_str() {
        "Query" => Reply::Message(bomb.clone()),
        _ => recording(call),
    })
    .await;
    let error = store_of(&parca).call_tree(&select("{}"), &cpu()).await.unwrap_err();
    assert!(matches!(&error, StoreError::TooLarge(text) if text.starts_with("prod: ")), "{error}");
}

#[tokio::test]
async fn a_parca_that_hangs_or_is_gone_is_given_up() {
    let parca = FakeParca::start(|_| Reply::Silence).await;
    let mut hanging = config(&format!("http://{}", parca.address));
    hanging.timeout = Duration::from_millis(300);
    let error = store(&hanging).call_tree(&select("{}"), &cpu()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Timeout(text) if text.contains("prod")), "{error}");
    // No TLS is spoken there.
    let mut without_tls = config(&format!("https://{}", parca.address));
    without_tls.timeout = Duration::from_secs(5);
    let error = store(&without_tls).check().await.unwrap_err();
    assert!(matches!(&error, StoreError::Unreachable(text) if text.starts_with("prod: ")), "{error}");
    // Nothing listens there.
    let error = store(&config("http://127.0.0.1:1")).check().await.unwrap_err();
    assert!(matches!(&error, StoreError::Unreachable(text) if text.starts_with("prod: ")), "{error}");
}

#[tokio::test]
async fn the_token_is_read_with_each_call() {
    let parca = FakeParca::start(recording).await;
    let token = tempfile::NamedTempFile::new().unwrap();
    let mut config = config(&format!("http://{}", parca.address));
    config.auth = RemoteAuth::Bearer(token.path().to_owned());
    let store = store(&config);
    for secret in ["first", "second"] {
        std::fs::write(token.path(), secret).unwrap();
        store.check().await.unwrap();
        assert_eq!(parca.calls()[0].authorization, Some(format!("Bearer {secret}")));
    }
    std::fs::remove_file(token.path()).unwrap();
    let error = store.check().await.unwrap_err();
    assert_eq!(error.to_string(), "the store denied access: prod: a file with a secret cannot be read");
    assert!(parca.calls().is_empty());
}

#[tokio::test]
async fn time_is_halved_until_answers_are_small_enough() {
    let parca = FakeParca::start(|call| match call.method.as_str() {
        "QueryRange" => {
            let asked = QueryRangeRequest::decode(call.message.clone()).unwrap();
            let seconds = asked.end.unwrap().seconds - asked.start.unwrap().seconds;
            if seconds > 20 { Reply::Status(8) } else { Reply::Status(5) }
        }
        _ => recording(call),
    })
    .await;
    let store = store_of(&parca);
    assert!(store.totals(&select("{}"), &cpu(), SECOND_NS, &[]).await.unwrap().is_empty());
    let ranges = parca.calls().iter().filter(|call| call.method == "QueryRange").count();
    assert_eq!(ranges, 7, "60 s, twice 30 s, four times 15 s");
    let never = FakeParca::start(|call| match call.method.as_str() {
        "QueryRange" => Reply::Status(8),
        _ => recording(call),
    })
    .await;
    let error = store_of(&never).totals(&select("{}"), &cpu(), SECOND_NS, &[]).await.unwrap_err();
    assert!(matches!(&error, StoreError::TooLarge(text) if text.starts_with("prod: ")), "{error}");
}

/// As a Parca answers whose clock is an hour behind.
#[tokio::test]
async fn samples_of_another_time_are_refused() {
    let parca = FakeParca::start(recording).await;
    let range = TimeRange::nanos((START + 3600) * SECOND_NS, (START + 3660) * SECOND_NS);
    let later = Selection::new(&"{}".parse().unwrap(), range).unwrap();
    let error = store_of(&parca).totals(&later, &cpu(), 15 * SECOND_NS, &[]).await.unwrap_err();
    assert!(matches!(&error, StoreError::Invalid(text) if text.starts_with("prod: ")), "{error}");
}

/// A proxy's page to sign in, in the place of an answer.
#[tokio::test]
async fn a_page_is_no_answer() {
    let error = failure(|| Reply::Page).await;
    assert!(error.to_string().contains("prod: "), "{error}");
}

/// As a Parca that is started again in the middle of a question.
#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again() {
    let has_broken = AtomicBool::new(false);
    let parca = FakeParca::start(move |call| match call.method.as_str() {
        "Query" if !has_broken.swap(true, Ordering::Relaxed) => Reply::Announced(1000),
        _ => recording(call),
    })
    .await;
    assert!(!store_of(&parca).call_tree(&select("{}"), &cpu()).await.unwrap().tree.is_empty());
    assert_eq!(parca.calls().iter().filter(|call| call.method == "Query").count(), 2);
}

#[tokio::test]
async fn spans_are_refused() {
    let parca = FakeParca::start(recording).await;
    let mut selection = select("{}");
    selection.spans = vec!["00f067aa0ba902b7".to_owned()];
    let error = store_of(&parca).call_tree(&selection, &cpu()).await.unwrap_err();
    assert_eq!(error.to_string(), "this store does not offer samples of single spans");
}
