//! Pushes and readiness beside queries that take all there is.

use super::{EmbeddedOptions, EmbeddedStore, WORKERS};
use crate::store::conformance::{ProfileSpec, SampleSpec, new_profile};
use crate::store::{NewProfile, ProfileStore, ProfileWriter, Selection, StoreError, TimeRange};
use crate::work::{CancelToken, cores};
use std::sync::Arc;
use std::sync::mpsc;

async fn opened() -> (tempfile::TempDir, Arc<EmbeddedStore>) {
    let dir = tempfile::tempdir().unwrap();
    let options = EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() };
    let store = EmbeddedStore::open(dir.path(), options).await.unwrap();
    (dir, store)
}

fn profile(service: &str, leaf: u8) -> NewProfile {
    let sample = SampleSpec { path: vec![1, leaf], value: 1, span: 0 };
    let mut new = new_profile(&ProfileSpec { samples: vec![sample], ..ProfileSpec::default() });
    new.labels.set("service_name", service);
    new
}

#[tokio::test]
async fn pushes_and_readiness_wait_for_no_query() {
    let (_dir, store) = opened().await;
    store.append(vec![profile("old", 1)]).await.unwrap();
    // All threads and all connections of queries are taken.
    let (mut gates, mut held) = (Vec::new(), Vec::new());
    for _ in 0..4 * cores() {
        let (open, gate) = mpsc::channel::<()>();
        gates.push(open);
        held.push(WORKERS.start(move || gate.recv()).await);
    }
    let mut readers = Vec::new();
    for _ in 0..store.readers.options().get_max_connections() {
        readers.push(store.readers.acquire().await.unwrap());
    }
    for leaf in 0..3 {
        store.append(vec![profile("old", leaf), profile("new", leaf)]).await.unwrap();
    }
    store.check().await.unwrap();
    drop((gates, readers));
    for running in held {
        assert!(running.await.unwrap().is_err(), "its gate was dropped");
    }
}

#[tokio::test]
async fn a_cancelled_question_ends_with_an_error_and_harms_no_other() {
    let (_dir, store) = opened().await;
    store.append((0..50).map(|leaf| profile("old", leaf)).collect()).await.unwrap();
    let selection = |cancel: &CancelToken| {
        let all = Selection::new(&Default::default(), TimeRange::nanos(0, i64::MAX)).unwrap();
        all.under(cancel.clone())
    };
    let profile_type = "process_cpu:samples:count:cpu:nanoseconds".parse().unwrap();
    for _ in 0..5 {
        let cancel = CancelToken::default();
        let asked = selection(&cancel);
        cancel.cancel();
        let ended = store.call_tree(&asked, &profile_type).await;
        assert!(matches!(ended, Err(StoreError::Busy(_))), "{ended:?}");
        let wanted = CancelToken::default();
        let merged = store.call_tree(&selection(&wanted), &profile_type).await.unwrap();
        assert_eq!(merged.profiles, 50);
    }
}
