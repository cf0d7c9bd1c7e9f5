//! Every store without an external server gives the same results as the naive merge.

use flarepath::store::conformance::{self, Case, ProfileSpec, Question, SampleSpec, Subject, check};
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::memory::MemoryStore;
use flarepath::store::{ProfileStore, ProfileWriter, StoreError, TimeRange};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::sync::Arc;
use tempfile::TempDir;

fn manual() -> EmbeddedOptions {
    EmbeddedOptions { retention: None, background_folding: false, ..EmbeddedOptions::default() }
}

async fn open(dir: &TempDir) -> Arc<EmbeddedStore> {
    EmbeddedStore::open(dir.path(), manual()).await.unwrap()
}

#[tokio::test]
async fn the_oracle_agrees_with_itself() {
    conformance::run(|| async { Ok(Subject::writable(Arc::new(MemoryStore::new()))) }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_conforms() {
    let dirs: Vec<TempDir> = (0..8).map(|_| tempfile::tempdir().unwrap()).collect();
    let mut next = dirs.iter();
    conformance::run(|| {
        let dir = next.next().unwrap();
        async move { Ok::<_, StoreError>(Subject::writable(open(dir).await)) }
    })
    .await
    .unwrap();
}

const MINUTE: i64 = 60_000_000_000;
const BASE: i64 = 1_700_000_000_000_000_000;

fn time() -> impl Strategy<Value = i64> {
    // Mostly within two days, with some exactly on the edge of a window.
    prop_oneof![
        3 => (0..2880 * MINUTE).prop_map(|t| BASE + t),
        1 => (0i64..576).prop_map(|w| (BASE / (5 * MINUTE) + w) * 5 * MINUTE),
        1 => (0i64..49).prop_map(|w| (BASE / (60 * MINUTE) + w) * 60 * MINUTE),
    ]
}

fn profile() -> impl Strategy<Value = ProfileSpec> {
    let sample = (vec(any::<u8>().prop_map(|c| c % 40), 0..6), 0i64..1000, 0u8..4)
        .prop_map(|(path, value, span)| SampleSpec { path, value, span });
    (0u8..3, 0u8..3, 0u8..2, time(), vec(sample, 0..6)).prop_map(|(service, pod, kind, start_ns, samples)| {
        ProfileSpec { service, pod, kind, start_ns, samples }
    })
}

fn question() -> impl Strategy<Value = Question> {
    let bounds = option::of(vec(vec(any::<u8>(), 0..3), 0..4));
    (time(), time(), vec(any::<u8>(), 0..3), 0u8..2, 1i64..400 * MINUTE, 0u8..8, 0u8..5, bounds).prop_map(
        |(a, b, matchers, kind, step_ns, by, span, bounds)| Question {
            range: TimeRange::nanos(a.min(b), a.max(b)),
            matchers,
            kind,
            step_ns,
            by,
            span: span.saturating_sub(1),
            bounds,
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    (vec(vec(profile(), 0..25), 1..5), vec(question(), 1..6))
        .prop_map(|(batches, questions)| Case { batches, questions })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_cases_conform(case in case()) {
        block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let store = Subject::writable(open(&dir).await);
            check(&store, &case, || async { Ok(()) }).await.unwrap();
        });
    }

    #[test]
    fn folding_between_batches_changes_no_answer(case in case()) {
        block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let embedded = open(&dir).await;
            let store = Subject::writable(embedded.clone());
            check(&store, &case, || embedded.fold_all()).await.unwrap();
        });
    }

    #[test]
    fn reopening_between_batches_changes_no_answer(case in case()) {
        block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let oracle = MemoryStore::new();
            for batch in &case.batches {
                let store = open(&dir).await;
                let batch: Vec<_> = batch.iter().map(conformance::new_profile).collect();
                oracle.append(batch.clone()).await.unwrap();
                store.append(batch).await.unwrap();
                store.fold_all().await.unwrap();
                store.close().await.unwrap();
            }
            let store = open(&dir).await;
            conformance::compare(&*store, &oracle, &case).await.unwrap();
        });
    }
}
