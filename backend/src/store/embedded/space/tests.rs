//! Space that goes back, in both ways; crashes and readers meanwhile.

use super::super::EmbeddedStore;
use super::super::folder::FILE_NAME;
use super::super::test_data::{BASE, DAY, EACH_HOUR, earlier_version, fill, keeping_raw, opened, total};
use super::super::writer::Job;
use super::Slice;
use crate::sqlite::{integrity, open_to_read};
use crate::store::ProfileStore;
use flarepath_profile::unix_nanos::UnixNanos;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Bytes that the single profiles of two days take, at least.
const DROPPED: u64 = (2 * 24 * EACH_HOUR as u64) * 2_000;

async fn slice(store: &EmbeddedStore, kept: u64) -> Slice {
    let (answer, done) = oneshot::channel();
    store.send(Job::GiveBack(kept, answer), done).await.unwrap()
}

/// Three days, without the single profiles of the first two.
async fn thinned(store: &EmbeddedStore) {
    fill(store, 3).await;
    store.fold_all().await.unwrap();
    store.apply_retention(keeping_raw(Duration::from_secs(3600)), UnixNanos::MAX).await.unwrap();
}

/// A store on the files as a crash at this moment would leave them; they are sound.
async fn crashed(dir: &Path) -> (tempfile::TempDir, Arc<EmbeddedStore>) {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let store = opened(copy.path()).await;
    let mut connection = open_to_read(&copy.path().join(FILE_NAME)).await.unwrap();
    assert_eq!(integrity::check(&mut connection).await.unwrap(), Vec::<String>::new());
    (copy, store)
}

async fn usage(store: &EmbeddedStore) -> crate::store::DiskUsage {
    store.disk().await.unwrap().unwrap().usage
}

/// Whether the file system of `dir` has holes.
fn has_holes(dir: &Path) -> bool {
    use rustix::fs::{FallocateFlags, fallocate};
    let file = File::create(dir.join("holes")).unwrap();
    file.set_len(1 << 16).unwrap();
    fallocate(&file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, 0, 1 << 16).is_ok()
}

#[tokio::test]
async fn the_file_gets_shorter_in_slices_and_a_crash_between_them_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    thinned(&store).await;
    let wanted = total(&store, BASE, BASE + 3 * DAY).await;
    store.close().await.unwrap();
    let length = || std::fs::metadata(dir.path().join(FILE_NAME)).unwrap().len();
    let before = length();
    let store = opened(dir.path()).await;
    let mut slices = 0;
    while slice(&store, DROPPED / 4).await == Slice::More {
        slices += 1;
        let (_copy, after_crash) = crashed(dir.path()).await;
        assert_eq!(total(&after_crash, BASE, BASE + 3 * DAY).await, wanted);
    }
    assert!(slices >= 1);
    let part = length();
    assert!(usage(&store).await.free >= DROPPED / 8, "some are kept");
    assert!(store.give_back(0).await.unwrap());
    assert!(length() <= part && length() + DROPPED <= before, "{before} to {}", length());
    assert_eq!(total(&store, BASE, BASE + 3 * DAY).await, wanted);
    fill(&store, 1).await;
    store.verify_all().await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn databases_of_earlier_versions_take_less_of_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    if !has_holes(dir.path()) {
        return;
    }
    earlier_version(dir.path()).await;
    let store = opened(dir.path()).await;
    thinned(&store).await;
    let wanted = total(&store, BASE, BASE + 3 * DAY).await;
    store.close().await.unwrap();
    let file = || std::fs::metadata(dir.path().join(FILE_NAME)).unwrap();
    let before = file();
    let store = opened(dir.path()).await;
    assert!(store.give_back(0).await.unwrap());
    assert_eq!(file().len(), before.len(), "holes do not shorten a file");
    let (blocks_before, blocks) = (before.blocks() * 512, file().blocks() * 512);
    assert!(blocks + DROPPED <= blocks_before, "{blocks_before} to {blocks}");
    assert!(usage(&store).await.free < DROPPED / 4);
    let (_copy, after_crash) = crashed(dir.path()).await;
    assert_eq!(total(&after_crash, BASE, BASE + 3 * DAY).await, wanted);
    // The holes are filled again.
    fill(&store, 3).await;
    store.verify_all().await.unwrap();
    store.check().await.unwrap();
    let (_copy, after_crash) = crashed(dir.path()).await;
    assert_eq!(total(&after_crash, BASE, BASE + 3 * DAY).await, 2 * wanted);
}

#[tokio::test]
async fn pages_that_a_reader_may_still_see_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    earlier_version(dir.path()).await;
    let store = opened(dir.path()).await;
    fill(&store, 3).await;
    store.fold_all().await.unwrap();
    store.close().await.unwrap();
    let store = opened(dir.path()).await;
    // Such as a backup in another process.
    let mut reader = store.readers.begin().await.unwrap();
    let count = "SELECT count(*) FROM profile WHERE length(samples) > 0";
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&mut *reader).await.unwrap();
    store.apply_retention(keeping_raw(Duration::from_secs(3600)), UnixNanos::MAX).await.unwrap();
    assert_eq!(slice(&store, 0).await, Slice::Blocked);
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut *reader).await.unwrap(), seen);
    reader.commit().await.unwrap();
    assert!(store.give_back(0).await.unwrap());
    store.verify_all().await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn sizes_are_sampled_and_an_empty_store_has_a_report() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    assert_eq!(store.disk().await.unwrap().unwrap().oldest, None);
    fill(&store, 1).await;
    store.fold_all().await.unwrap();
    let found = super::observe(&store).await.unwrap();
    assert_eq!(found.oldest, Some(UnixNanos(BASE)));
    assert!(found.usage.used >= DROPPED / 2 && found.usage.disk_free > 0);
    let text = std::fs::read_to_string(dir.path().join("profiles.sizes")).unwrap();
    assert!(text.ends_with(&format!(" {}\n", found.usage.used)), "{text}");
}
