//! Collection of symbols while profiles are stored, and interrupted at each step.

use super::symbols::{prepare, swap};
use crate::store::conformance::{Case, ProfileSpec, Question, SampleSpec, compare, new_profile};
use crate::store::embedded::columns::Columns;
use crate::store::embedded::row::Row;
use crate::store::embedded::writer::{Job, Outcome};
use crate::store::embedded::{EmbeddedOptions, EmbeddedStore};
use crate::store::memory::MemoryStore;
use crate::store::{Growth, ProfileStore, ProfileWriter, Retention, StoreError, TimeRange, Unlimited};
use flarepath_profile::unix_nanos::UnixNanos;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const MINUTE: i64 = 60_000_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
const BASE: i64 = 20_000 * DAY;
const NOW: i64 = BASE + 4 * DAY;

async fn open(dir: &Path) -> Arc<EmbeddedStore> {
    let options = EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() };
    EmbeddedStore::open(dir, options).await.unwrap()
}

/// Profiles of one service whose call sites are below `sites`.
fn specs(seed: u64, count: usize, start_ns: i64, sites: std::ops::Range<u8>) -> Vec<ProfileSpec> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut sample = || SampleSpec {
        path: (0..rng.random_range(0..6)).map(|_| rng.random_range(sites.clone())).collect(),
        value: rng.random_range(1..100),
        span: rng.random_range(0..3),
    };
    let spec = |at: usize| ProfileSpec {
        start_ns: start_ns + at as i64 * MINUTE,
        samples: (0..8).map(|_| sample()).collect(),
        ..ProfileSpec::default()
    };
    (0..count).map(spec).collect()
}

async fn push(store: &dyn ProfileWriter, specs: &[ProfileSpec]) {
    store.append(specs.iter().map(new_profile).collect()).await.unwrap();
}

/// A store with an old day that retention has dropped, and what remains.
async fn filled(dir: &Path, seed: u64) -> (Arc<EmbeddedStore>, Vec<ProfileSpec>) {
    let store = open(dir).await;
    push(&*store, &specs(seed, 60, BASE, 0..120)).await;
    let kept = specs(seed + 1000, 30, NOW, 0..40);
    push(&*store, &kept).await;
    store.fold_all().await.unwrap();
    let days = Duration::from_secs(2 * 24 * 3600);
    let retention = Retention { raw: days, five_minutes: days, hours: days, days };
    store.apply_retention(retention, UnixNanos(NOW + DAY)).await.unwrap();
    (store, kept)
}

/// Compares all answers with those of the naive merge, and looks for what is missing.
async fn assert_exact(store: &Arc<EmbeddedStore>, specs: &[ProfileSpec]) {
    let oracle = MemoryStore::new();
    push(&oracle, specs).await;
    let question = |span| Question {
        range: TimeRange::nanos(NOW, NOW + DAY),
        matchers: Vec::new(),
        kind: 0,
        step_ns: 60 * MINUTE,
        by: 0,
        span,
        bounds: None,
    };
    let case = Case { batches: Vec::new(), questions: vec![question(0), question(1)] };
    compare(&**store, &oracle, &case).await.unwrap();
    store.verify_all().await.unwrap();
    store.check().await.unwrap();
}

async fn known_stacks(store: &EmbeddedStore) -> usize {
    let symbols = store.symbols(1).await.unwrap();
    symbols.read().known_stacks(usize::MAX)
}

async fn chunks(store: &EmbeddedStore) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM symbol_chunk").fetch_one(&store.readers).await.unwrap()
}

#[tokio::test]
async fn unused_symbols_leave_disk_and_memory_and_come_back_when_pushed() {
    for seed in 0..4 {
        let dir = tempfile::tempdir().unwrap();
        let (store, kept) = filled(dir.path(), seed).await;
        let (stacks, bytes) = (known_stacks(&store).await, store.symbol_bytes());
        assert_exact(&store, &kept).await;
        store.collect_all().await.unwrap();
        assert_exact(&store, &kept).await;
        let (left, left_bytes) = (known_stacks(&store).await, store.symbol_bytes());
        assert!(left * 2 < stacks, "{left} of {stacks} stacks");
        assert!(left_bytes < bytes, "{left_bytes} of {bytes} bytes");
        // The stacks of the old day again, today.
        let again = specs(seed, 60, NOW + 60 * MINUTE, 0..120);
        push(&*store, &again).await;
        assert_eq!(known_stacks(&store).await, stacks);
        let all: Vec<ProfileSpec> = kept.into_iter().chain(again).collect();
        assert_exact(&store, &all).await;
        store.fold_all().await.unwrap();
        store.collect_all().await.unwrap();
        assert_eq!(known_stacks(&store).await, stacks, "all are in use");
        store.close().await.unwrap();
        let store = open(dir.path()).await;
        assert_exact(&store, &all).await;
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_stored_during_a_collection_is_in_the_new_table() {
    for seed in 10..14 {
        let dir = tempfile::tempdir().unwrap();
        let (store, mut all) = filled(dir.path(), seed).await;
        let new = prepare(&store, 1, usize::MAX, Duration::ZERO).await.unwrap().unwrap();
        // Some stacks were not marked, and some are new.
        for (more, sites) in [(1, 0..120), (2, 100..220)] {
            let during = specs(seed + more, 40, NOW + more as i64 * 60 * MINUTE, sites);
            push(&*store, &during).await;
            all.extend(during);
        }
        // These are encoded with the old table, and must not be stored with it.
        let batch: Arc<[_]> = specs(seed, 5, NOW + 5 * 60 * MINUTE, 0..250).iter().map(new_profile).collect();
        let growth: Arc<dyn Growth> = Arc::new(Unlimited);
        let rows = store.encode(&batch, &growth, &mut HashSet::new()).await.unwrap();
        assert_eq!(swap(&store, new).await.map(|collected| collected.stacks > 0).ok(), Some(true));
        assert!(rows.iter().all(Row::is_outdated));
        let (answer, done) = tokio::sync::oneshot::channel();
        let sent = store.send(Job::Append(rows, answer), done).await;
        assert_eq!(sent.unwrap(), Outcome::Outdated);
        assert_exact(&store, &all).await;
        store.close().await.unwrap();
        let store = open(dir.path()).await;
        assert_exact(&store, &all).await;
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_interrupted_collection_loses_nothing_and_its_chunks_go_with_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let (store, mut all) = filled(dir.path(), 20).await;
    let before = chunks(&store).await;
    let unfinished = prepare(&store, 1, usize::MAX, Duration::ZERO).await.unwrap();
    assert!(unfinished.is_some() && chunks(&store).await > before);
    drop(unfinished);
    let more = specs(21, 10, NOW + 60 * MINUTE, 0..200);
    push(&*store, &more).await;
    all.extend(more);
    store.close().await.unwrap();
    let store = open(dir.path()).await;
    assert_exact(&store, &all).await;
    store.collect_all().await.unwrap();
    assert_exact(&store, &all).await;
    assert_eq!(chunks(&store).await, 1, "of one generation");
    // Chunks are joined within their generation.
    for part in 0..70 {
        let more = specs(100 + part, 1, NOW + (120 + part as i64) * MINUTE, 150..250);
        push(&*store, &more).await;
        all.extend(more);
    }
    store.fold_all().await.unwrap();
    assert!(chunks(&store).await < 70);
    store.close().await.unwrap();
    let store = open(dir.path()).await;
    assert_exact(&store, &all).await;
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_stack_that_is_missing_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = filled(dir.path(), 30).await;
    store.collect_all().await.unwrap();
    let symbols = store.symbols(1).await.unwrap();
    let hole = (0..symbols.stacks()).find(|&stack| symbols.read().lacks(stack, &[1])).unwrap();
    let old = Columns { stacks: vec![hole as u32], values: vec![vec![1]; 2] };
    store.close().await.unwrap();
    let file = dir.path().join("profiles.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let damage = sqlx::query("UPDATE block SET samples = ? WHERE level = 1").bind(old.encode().unwrap());
    damage.execute(&mut connection).await.unwrap();
    drop(connection);
    let store = open(dir.path()).await;
    let _ = store.verify_all().await;
    assert!(
        matches!(store.check().await, Err(StoreError::Corrupt(text)) if text.contains("stacks that are missing"))
    );
}
