//! Lists of series with many services, for ranges that end at any time, before and after folding and a restart.

use super::{BASE, MINUTE, open};
use flarepath::store::conformance::{Case, ProfileSpec, Question, compare, new_profile};
use flarepath::store::embedded::EmbeddedStore;
use flarepath::store::memory::MemoryStore;
use flarepath::store::{ProfileStore, ProfileWriter, TimeRange};

/// More than are looked up one by one.
const SERVICES: u8 = 80;

/// Each service has profiles of two pods, at times of its own.
fn specs() -> Vec<ProfileSpec> {
    let spec = |service: u8, pod: u8, minute: i64| ProfileSpec {
        service,
        pod,
        kind: service % 2,
        start_ns: BASE + minute * MINUTE,
        ..ProfileSpec::default()
    };
    let of_service = |service: u8| {
        let minute = i64::from(service) * 3;
        [spec(service, 1, minute), spec(service, 2, minute + 70), spec(service, 1, minute + 600)]
    };
    (0..SERVICES).flat_map(of_service).collect()
}

async fn assert_exact(store: &EmbeddedStore) {
    let oracle = MemoryStore::new();
    oracle.append(specs().iter().map(new_profile).collect()).await.unwrap();
    let ranges = [(0, 1000), (0, 61), (59, 61), (100, 130), (100, 101), (50, 400), (900, 1000)];
    let question = |(from, until): (i64, i64)| Question {
        range: TimeRange::nanos(BASE + from * MINUTE, BASE + until * MINUTE),
        matchers: Vec::new(),
        kind: 0,
        step_ns: 600 * MINUTE,
        by: 0,
        span: 0,
        bounds: None,
    };
    let case = Case { batches: Vec::new(), questions: ranges.map(question).to_vec() };
    compare(store, &oracle, &case).await.unwrap();
}

#[tokio::test]
async fn lists_are_exact_for_all_ranges() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for some in specs().chunks(60) {
        store.append(some.iter().map(new_profile).collect()).await.unwrap();
    }
    assert_exact(&store).await;
    store.close().await.unwrap();
    let store = open(dir.path()).await;
    assert_exact(&store).await;
    store.fold_all().await.unwrap();
    assert_exact(&store).await;
    store.close().await.unwrap();
    let store = open(dir.path()).await;
    assert_exact(&store).await;
    store.close().await.unwrap();
}
