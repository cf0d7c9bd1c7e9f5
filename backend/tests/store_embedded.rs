//! The embedded store and its data directory: locking, damage, full disks, retention, folding, readiness.

// Tasks and clocks of a test end with its process.
#![allow(clippy::disallowed_methods)]

#[path = "store_embedded/backup.rs"]
mod backup;
#[path = "store_embedded/clock.rs"]
mod clock;
#[path = "store_embedded/collect.rs"]
mod collect;
#[path = "store_embedded/damage.rs"]
mod damage;
#[path = "store_embedded/dry_run.rs"]
mod dry_run;
#[path = "store_embedded/series.rs"]
mod series;

use flarepath::store::conformance::{ProfileSpec, SampleSpec, new_profile};
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::{
    NewProfile, ProfileStore, ProfileWriter, Retention, Selection, StoreError, TimeRange,
};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use flarepath_profile::unix_nanos::UnixNanos;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const MINUTE: i64 = 60_000_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
const BASE: i64 = 20_000 * DAY;

fn manual() -> EmbeddedOptions {
    EmbeddedOptions { retention: None, background_folding: false, ..EmbeddedOptions::default() }
}

async fn open(dir: &Path) -> Arc<EmbeddedStore> {
    EmbeddedStore::open(dir, manual()).await.unwrap()
}

fn profile(start_ns: i64, value: i64) -> NewProfile {
    let sample = SampleSpec { path: vec![1, 2, 3], value, span: 0 };
    new_profile(&ProfileSpec { start_ns, samples: vec![sample], ..ProfileSpec::default() })
}

fn between(start_ns: i64, end_ns: i64) -> Selection {
    Selection::new(&Selector::default(), TimeRange::nanos(start_ns, end_ns)).unwrap()
}

fn samples_type() -> ProfileType {
    "process_cpu:samples:count:cpu:nanoseconds".parse().unwrap()
}

/// Total of all samples in a range, from the call tree.
async fn total(store: &EmbeddedStore, start_ns: i64, end_ns: i64) -> i64 {
    let merged = store.call_tree(&between(start_ns, end_ns), &samples_type()).await.unwrap();
    merged.tree.total(NodeId::ROOT)
}

#[tokio::test]
async fn a_second_store_on_the_same_folder_is_rejected() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).await;
    let second = EmbeddedStore::open(dir.path(), manual()).await;
    assert!(matches!(second, Err(StoreError::Locked(_))));
    first.close().await.unwrap();
    open(dir.path()).await.close().await.unwrap();
}

#[tokio::test]
async fn the_error_names_a_folder_that_cannot_be_created() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"in the way").unwrap();
    let Err(StoreError::Unusable(advice)) = EmbeddedStore::open(&file.join("data"), manual()).await else {
        panic!("opened a file as a folder");
    };
    assert!(advice.contains("file/data") && advice.contains("--data"), "{advice}");
}

#[tokio::test]
async fn a_damaged_database_is_rejected_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("profiles.db");
    let bytes = b"this is no database ".repeat(5000);
    std::fs::write(&file, &bytes).unwrap();
    let Err(StoreError::Corrupt(advice)) = EmbeddedStore::open(dir.path(), manual()).await else {
        panic!("opened a file that is not a database");
    };
    assert!(advice.contains("profiles.db") && advice.contains("flarepath restore"), "{advice}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn damaged_pages_give_an_error_not_a_wrong_answer() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for i in 0..200 {
        store.append(vec![profile(BASE + i * MINUTE, i)]).await.unwrap();
    }
    store.close().await.unwrap();
    let file = dir.path().join("profiles.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let schema = 16 << 10;
    bytes[schema..].iter_mut().for_each(|b| *b = 0xa5);
    std::fs::write(&file, &bytes).unwrap();
    let answer = match EmbeddedStore::open(dir.path(), manual()).await {
        Err(error) => Err(error),
        Ok(store) => store.call_tree(&between(0, i64::MAX), &samples_type()).await.map(drop),
    };
    assert!(matches!(answer, Err(StoreError::Corrupt(_))), "{answer:?}");
}

#[tokio::test]
async fn acknowledged_profiles_survive_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let options = EmbeddedOptions { max_pages: Some(40), ..manual() };
    let store = EmbeddedStore::open(dir.path(), options).await.unwrap();
    let mut stored = 0;
    let full = loop {
        let spread: Vec<SampleSpec> = (0..400u16)
            .map(|i| SampleSpec { path: vec![i as u8, (i >> 2) as u8, stored as u8], value: 1, span: 0 })
            .collect();
        let spec =
            ProfileSpec { start_ns: BASE + stored * MINUTE, samples: spread, ..ProfileSpec::default() };
        match store.append(vec![new_profile(&spec)]).await {
            Ok(()) => stored += 1,
            Err(error) => break error,
        }
        assert!(stored < 10_000, "never full");
    };
    assert!(matches!(&full, StoreError::DiskFull(advice) if advice.contains("free")), "{full:?}");
    assert!(stored > 0);
    assert_eq!(total(&store, 0, i64::MAX).await, stored * 400);
    store.close().await.unwrap();
    let roomy = open(dir.path()).await;
    assert_eq!(total(&roomy, 0, i64::MAX).await, stored * 400);
    roomy.append(vec![profile(BASE, 7)]).await.unwrap();
    assert_eq!(total(&roomy, 0, i64::MAX).await, stored * 400 + 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_appends_are_all_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                for i in 0..25 {
                    let sample = SampleSpec { path: vec![task, i], value: 1, span: 0 };
                    let spec = ProfileSpec {
                        pod: task,
                        start_ns: BASE,
                        samples: vec![sample],
                        ..Default::default()
                    };
                    store.append(vec![new_profile(&spec)]).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(total(&store, BASE, BASE + 1).await, 200);
    let before = store.call_tree(&between(BASE, BASE + 1), &samples_type()).await.unwrap().tree;
    store.close().await.unwrap();
    let again = open(dir.path()).await;
    let after = again.call_tree(&between(BASE, BASE + 1), &samples_type()).await.unwrap().tree;
    assert_eq!(before, after, "symbols mean the same after reopening");
}

#[tokio::test]
async fn a_closed_store_answers_busy() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.close().await.unwrap();
    assert!(matches!(store.append(vec![profile(BASE, 1)]).await, Err(StoreError::Busy(_))));
    assert!(matches!(
        store.call_tree(&between(0, 1), &samples_type()).await.map(drop),
        Ok(()) | Err(StoreError::Busy(_))
    ));
    store.close().await.unwrap();
}

#[tokio::test]
async fn closing_removes_the_write_ahead_log() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.append(vec![profile(BASE, 1)]).await.unwrap();
    store.close().await.unwrap();
    let log = std::fs::metadata(dir.path().join("profiles.db-wal")).map_or(0, |m| m.len());
    assert_eq!(log, 0);
}

#[tokio::test]
async fn wider_blocks_outlive_single_profiles() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let four_days = (0..4 * 24 * 6).map(|i| profile(BASE + i * 10 * MINUTE, 1));
    // Ages count from the newest profile.
    let batch = four_days.chain([profile(BASE + 4 * DAY, 1)]).collect();
    store.append(batch).await.unwrap();
    store.fold_all().await.unwrap();
    let days = |n: u64| Duration::from_secs(n * 24 * 3600);
    let retention = Retention { raw: days(1), five_minutes: days(2), hours: days(3), days: days(100) };
    store.apply_retention(retention, UnixNanos(BASE + 4 * DAY)).await.unwrap();
    assert_eq!(total(&store, BASE, BASE + 4 * DAY).await, 4 * 144, "nothing is lost from the whole");
    // Single profiles remain for the last day, where edges are exact.
    let edge = BASE + 3 * DAY + 15 * MINUTE;
    assert_eq!(total(&store, edge, BASE + 4 * DAY).await, 142);
    // Before that, 5-minute windows count when they start in the range; then hours; then days.
    let (minutes, hours) = (BASE + 2 * DAY + 12 * MINUTE, BASE + DAY + 90 * MINUTE);
    assert_eq!(total(&store, minutes, BASE + 3 * DAY).await, 142);
    assert_eq!(total(&store, hours, BASE + 2 * DAY).await, 22 * 6);
    assert_eq!(total(&store, BASE, BASE + MINUTE).await, 144);
    // Late profiles are added to the remaining data.
    store.append(vec![profile(BASE + 3 * MINUTE, 1000)]).await.unwrap();
    store.fold_all().await.unwrap();
    assert_eq!(total(&store, BASE, BASE + DAY).await, 1144);
    let gone = Retention { raw: days(1), five_minutes: days(1), hours: days(1), days: days(1) };
    store.append(vec![profile(BASE + 40 * DAY, 7)]).await.unwrap();
    store.apply_retention(gone, UnixNanos(BASE + 40 * DAY)).await.unwrap();
    assert_eq!(total(&store, 0, i64::MAX).await, 7);
}

#[tokio::test]
async fn background_folding_catches_up_without_changing_answers() {
    let dir = tempfile::tempdir().unwrap();
    let options = EmbeddedOptions { retention: None, ..EmbeddedOptions::default() };
    let store = EmbeddedStore::open(dir.path(), options).await.unwrap();
    for hour in 0..3 {
        let batch = (0..60).map(|m| profile(BASE + (hour * 60 + m) * MINUTE, 1)).collect();
        store.append(batch).await.unwrap();
        assert_eq!(total(&store, BASE + 5, BASE + 3 * DAY).await, (hour + 1) * 60 - 1);
    }
    store.fold_all().await.unwrap();
    assert_eq!(total(&store, BASE + 5, BASE + 3 * DAY).await, 179);
    store.close().await.unwrap();
}

#[tokio::test]
async fn is_ready_while_its_file_is_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.check().await.unwrap();
    store.append(vec![profile(BASE, 1)]).await.unwrap();
    store.check().await.unwrap();
    let (file, aside) = (dir.path().join("profiles.db"), dir.path().join("aside.db"));
    std::fs::rename(&file, &aside).unwrap();
    assert!(matches!(store.check().await, Err(StoreError::Unusable(_))), "the file is gone");
    std::fs::copy(&aside, &file).unwrap();
    let Err(StoreError::Unusable(advice)) = store.check().await else {
        panic!("ready although the file was replaced")
    };
    assert!(advice.contains("no longer the file that was opened"), "{advice}");
    std::fs::remove_file(&file).unwrap();
    std::fs::rename(&aside, &file).unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn is_not_ready_once_the_writer_has_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.close().await.unwrap();
    let Err(StoreError::Unusable(advice)) = store.check().await else {
        panic!("ready although the writer has stopped")
    };
    assert!(advice.contains("writer has stopped"), "{advice}");
}
