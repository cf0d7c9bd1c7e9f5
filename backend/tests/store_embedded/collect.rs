//! Series, services and symbols that nothing refers to any more are dropped; everything else stays exact.

use super::{BASE, DAY, MINUTE, between, manual, open};
use flarepath::store::conformance::{Case, ProfileSpec, Question, SampleSpec, compare, new_profile};
use flarepath::store::embedded::EmbeddedStore;
use flarepath::store::memory::MemoryStore;
use flarepath::store::{ProfileStore, ProfileWriter, Retention, StoreError, TimeRange};
use flarepath_profile::unix_nanos::UnixNanos;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Executor};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// Ages count from the profile at the end of the tenth day, so everything before the sixth goes.
const KEPT_FROM: i64 = BASE + 5 * DAY;
const NEWEST: i64 = BASE + 10 * DAY;

pub(super) async fn database(dir: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(dir.join("profiles.db")).connect().await.unwrap()
}

pub(super) async fn count(connection: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

/// Profiles of ten days. Services, pods and call sites change over the days, so some end with each of them.
pub(super) fn random_profiles(seed: u64) -> Vec<ProfileSpec> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut all: Vec<ProfileSpec> = (0..400)
        .map(|_| {
            let at = rng.random_range(0..10 * DAY);
            let era = (at / DAY / 2) as u8;
            let sample = |rng: &mut StdRng| SampleSpec {
                path: (0..rng.random_range(0..5)).map(|_| era * 10 + rng.random_range(0..15)).collect(),
                value: rng.random_range(0..1000),
                span: rng.random_range(0..3),
            };
            ProfileSpec {
                service: if rng.random_bool(0.5) { 0 } else { era.min(4) },
                pod: era + rng.random_range(0..2),
                kind: rng.random_range(0..2),
                start_ns: BASE + at,
                samples: (0..rng.random_range(0..6)).map(|_| sample(&mut rng)).collect(),
            }
        })
        .collect();
    all.push(ProfileSpec { start_ns: NEWEST, ..ProfileSpec::default() });
    all
}

pub(super) async fn push(store: &dyn ProfileWriter, specs: &[ProfileSpec]) {
    for some in specs.chunks(40) {
        store.append(some.iter().map(new_profile).collect()).await.unwrap();
    }
}

/// Drops what is older than five days, of all levels.
pub(super) async fn drop_old(store: &EmbeddedStore) {
    store.fold_all().await.unwrap();
    let days = Duration::from_secs(5 * 24 * 3600);
    let retention = Retention { raw: days, five_minutes: days, hours: days, days };
    store.apply_retention(retention, UnixNanos(NEWEST)).await.unwrap();
}

pub(super) fn kept(specs: &[ProfileSpec]) -> Vec<ProfileSpec> {
    specs.iter().filter(|spec| spec.start_ns >= KEPT_FROM).cloned().collect()
}

/// Questions about everything, about ranges that end in the past, and about parts of the series.
fn questions() -> Case {
    let question = |start, end, matchers: &[u8]| Question {
        range: TimeRange::nanos(start, end),
        matchers: matchers.to_vec(),
        kind: 0,
        step_ns: 90 * MINUTE,
        by: 3,
        span: 0,
        bounds: None,
    };
    let mut questions = vec![
        question(BASE, NEWEST + DAY, &[]),
        question(KEPT_FROM, NEWEST - 3 * DAY + 7, &[]),
        question(NEWEST - DAY - 11, NEWEST, &[2]),
        question(KEPT_FROM + 3 * MINUTE, NEWEST + DAY, &[0]),
    ];
    // By span, one call tree is computed a column.
    let day = questions[2].clone();
    questions.extend((0..2).map(|kind| Question { kind, span: 1, step_ns: DAY / 4, ..day.clone() }));
    Case { batches: Vec::new(), questions }
}

/// Compares all answers with those of the naive merge.
pub(super) async fn assert_exact(store: &EmbeddedStore, specs: &[ProfileSpec]) {
    let oracle = MemoryStore::new();
    push(&oracle, specs).await;
    compare(store, &oracle, &questions()).await.unwrap();
}

/// Distinct services, and distinct pairs of labels and kind.
fn distinct(specs: &[ProfileSpec]) -> (i64, i64) {
    let services: BTreeSet<u8> = specs.iter().map(|spec| spec.service).collect();
    let series: BTreeSet<_> = specs.iter().map(|spec| (spec.service, spec.pod, spec.kind)).collect();
    (services.len() as i64, series.len() as i64)
}

async fn rows(dir: &Path) -> (i64, i64) {
    let mut connection = database(dir).await;
    let services = count(&mut connection, "SELECT count(*) FROM service").await;
    (services, count(&mut connection, "SELECT count(*) FROM series").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn series_without_profiles_are_dropped_and_the_rest_stays_exact() {
    for seed in 0..4 {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path()).await;
        let all = random_profiles(seed);
        push(&*store, &all).await;
        drop_old(&store).await;
        let kept = kept(&all);
        assert_exact(&store, &kept).await;
        assert_eq!(rows(dir.path()).await, distinct(&all), "seed {seed}");
        store.collect_all().await.unwrap();
        assert_eq!(rows(dir.path()).await, distinct(&kept), "seed {seed}");
        assert_exact(&store, &kept).await;
        // What was dropped comes back with profiles of today.
        let again: Vec<ProfileSpec> =
            all.iter().take(100).map(|s| ProfileSpec { start_ns: NEWEST, ..s.clone() }).collect();
        push(&*store, &again).await;
        let now: Vec<ProfileSpec> = kept.iter().chain(&again).cloned().collect();
        assert_exact(&store, &now).await;
        store.fold_all().await.unwrap();
        store.verify_all().await.unwrap();
        store.check().await.unwrap();
        store.close().await.unwrap();
        let store = open(dir.path()).await;
        assert_exact(&store, &now).await;
        store.verify_all().await.unwrap();
        store.check().await.unwrap();
        store.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pushes_that_collection_overtakes_are_stored() {
    for seed in 10..14 {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path()).await;
        let all = random_profiles(seed);
        push(&*store, &all).await;
        drop_old(&store).await;
        // The same series and call sites again while their rows are dropped.
        let again: Vec<ProfileSpec> =
            all.iter().map(|s| ProfileSpec { start_ns: NEWEST, ..s.clone() }).collect();
        let pushing = again.chunks(20).map(|some| {
            let (store, some) = (store.clone(), some.to_vec());
            tokio::spawn(async move { push(&*store, &some).await })
        });
        let pushing: Vec<_> = pushing.collect();
        store.collect_all().await.unwrap();
        for pushed in pushing {
            pushed.await.unwrap();
        }
        store.collect_all().await.unwrap();
        let now: Vec<ProfileSpec> = kept(&all).into_iter().chain(again).collect();
        assert_exact(&store, &now).await;
        assert_eq!(rows(dir.path()).await, distinct(&now), "seed {seed}");
        store.verify_all().await.unwrap();
        store.check().await.unwrap();
        store.close().await.unwrap();
        let store = open(dir.path()).await;
        assert_exact(&store, &now).await;
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn profiles_that_were_never_folded_keep_their_series() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let all = random_profiles(1);
    push(&*store, &all).await;
    drop_old(&store).await;
    let late = ProfileSpec { service: 9, start_ns: BASE + DAY, ..ProfileSpec::default() };
    push(&*store, std::slice::from_ref(&late)).await;
    store.collect_all().await.unwrap();
    let series = store.series(&between(BASE, BASE + 2 * DAY)).await.unwrap();
    assert_eq!(series.len(), 1, "it is not folded, so retention has not dropped it");
    assert_eq!(series[0].labels.service(), "service-9");
}

#[tokio::test]
async fn missing_rows_are_noticed_although_ids_have_gaps() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    push(&*store, &random_profiles(2)).await;
    drop_old(&store).await;
    store.collect_all().await.unwrap();
    store.close().await.unwrap();
    let mut connection = database(dir.path()).await;
    let gaps = "SELECT (SELECT last_series FROM registered) - (SELECT count(*) FROM series)";
    assert!(count(&mut connection, gaps).await > 0);
    for table in ["services", "series"] {
        let sql = |sign| sqlx::AssertSqlSafe(format!("UPDATE registered SET {table} = {table} {sign} 1"));
        sqlx::query(sql("+")).execute(&mut connection).await.unwrap();
        let opened = EmbeddedStore::open(dir.path(), manual()).await;
        assert!(matches!(&opened, Err(StoreError::Corrupt(text)) if text.contains("missing")), "{table}");
        drop(opened);
        sqlx::query(sql("-")).execute(&mut connection).await.unwrap();
    }
    // As if the row had never been there: only those that refer to it tell.
    connection.execute("DELETE FROM series WHERE id = (SELECT max(series_id) FROM profile)").await.unwrap();
    drop(connection);
    let store = open(dir.path()).await;
    let _ = store.verify_all().await;
    let Err(StoreError::Corrupt(damage)) = store.check().await else { panic!("not noticed") };
    assert!(damage.contains("refer to a series that is missing"), "{damage}");
}
