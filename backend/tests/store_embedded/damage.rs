//! Damage: found before the store is ready, or by the check in the background, and never answered wrongly.

use super::{BASE, MINUTE, between, manual, open, profile, samples_type, total};
use flarepath::store::embedded::EmbeddedStore;
use flarepath::store::{ProfileStore, ProfileWriter, StoreError};
use flarepath_profile::call_tree::NodeId;
use std::path::Path;
use std::process::{Command, Output};

const PAGE: usize = 16 << 10;
const PROFILES: i64 = 300;

fn flarepath(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.args(args).arg("--data").arg(dir).env_remove("FLAREPATH_CONFIG").output().unwrap()
}

/// Profiles, some of them in blocks; closed.
async fn fill(dir: &Path) {
    let store = open(dir).await;
    for i in 0..PROFILES {
        store.append(vec![profile(BASE + i * MINUTE, i)]).await.unwrap();
    }
    store.fold_all().await.unwrap();
    store.close().await.unwrap();
}

/// Everything, as blocks and as single profiles.
async fn answers(store: &EmbeddedStore) -> Result<(i64, i64), StoreError> {
    let ask = async |from: i64| {
        let merged = store.call_tree(&between(from, i64::MAX), &samples_type()).await?;
        Ok::<_, StoreError>(merged.tree.total(NodeId::ROOT))
    };
    Ok((ask(0).await?, ask(BASE + 290 * MINUTE + 1).await?))
}

/// Whether damage was noticed: at the start, by a question or by the check in the background. What was not noticed must have changed
/// no answer.
async fn is_noticed(dir: &Path, right: (i64, i64)) -> bool {
    let store = match EmbeddedStore::open(dir, manual()).await {
        Err(StoreError::Corrupt(advice)) => {
            assert!(advice.contains("restore"), "{advice}");
            return true;
        }
        Err(other) => panic!("{other:?}"),
        Ok(store) => store,
    };
    let answers = answers(&store).await;
    // Ends at the first page that cannot be read.
    let _ = store.verify_all().await;
    let checked = store.check().await;
    // What is damaged may not close cleanly either.
    let _ = store.close().await;
    match (answers, checked) {
        (_, Err(StoreError::Corrupt(_))) => true,
        (answers, Ok(())) => {
            assert_eq!(answers.unwrap(), right, "a wrong answer while ready");
            false
        }
        (_, other) => panic!("{other:?}"),
    }
}

async fn answers_of(dir: &Path) -> (i64, i64) {
    let store = open(dir).await;
    let right = answers(&store).await.unwrap();
    store.close().await.unwrap();
    right
}

/// Puts a database in the place of another, and of what belongs to that.
fn put(dir: &Path, bytes: &[u8]) {
    for name in ["profiles.db-wal", "profiles.db-shm", "profiles.commits"] {
        let _ = std::fs::remove_file(dir.join(name));
    }
    std::fs::write(dir.join("profiles.db"), bytes).unwrap();
}

/// The sound file with 16 bytes changed.
fn changed(sound: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    bytes[at..at + 16].iter_mut().for_each(|byte| *byte ^= 0x5a);
    bytes
}

#[tokio::test]
async fn flips_in_the_header_are_found_before_the_store_is_ready() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let file = dir.path().join("profiles.db");
    let sound = std::fs::read(&file).unwrap();
    for at in [0, 17, 18, 21, 45, 59, 75, 100, 103] {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&file, &bytes).unwrap();
        let Err(StoreError::Corrupt(advice)) = EmbeddedStore::open(dir.path(), manual()).await else {
            panic!("byte {at}");
        };
        assert!(
            advice.contains("profiles.db") && advice.contains("flarepath restore"),
            "byte {at}: {advice}"
        );
    }
}

#[tokio::test]
async fn damage_of_the_schema_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let file = dir.path().join("profiles.db");
    let (sound, right) = (std::fs::read(&file).unwrap(), answers_of(dir.path()).await);
    // The text of the schema is at the end of the first page.
    let places: Vec<usize> = (PAGE - 3200..PAGE - 16).step_by(151).collect();
    let mut noticed = 0;
    for &at in &places {
        put(dir.path(), &changed(&sound, at));
        noticed += usize::from(is_noticed(dir.path(), right).await);
    }
    // A place may be in a text that is only needed for later migrations.
    assert!(noticed + 2 >= places.len(), "{noticed} of {}", places.len());
}

#[tokio::test]
async fn damage_of_any_page_is_noticed_or_harmless() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let file = dir.path().join("profiles.db");
    let (sound, right) = (std::fs::read(&file).unwrap(), answers_of(dir.path()).await);
    let pages = sound.len() / PAGE;
    let mut noticed = 0;
    for page in 1..pages {
        put(dir.path(), &changed(&sound, page * PAGE));
        noticed += usize::from(is_noticed(dir.path(), right).await);
    }
    // The others are not in use.
    assert!(noticed * 2 > pages, "{noticed} of {pages}");
}

#[tokio::test]
async fn a_file_that_was_cut_is_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let file = dir.path().join("profiles.db");
    let sound = std::fs::read(&file).unwrap();
    for size in [50, PAGE, sound.len() - PAGE, sound.len() - 1] {
        std::fs::write(&file, &sound[..size]).unwrap();
        let Err(StoreError::Corrupt(advice)) = EmbeddedStore::open(dir.path(), manual()).await else {
            panic!("{size} bytes");
        };
        assert!(advice.contains("profiles.db"), "{advice}");
    }
}

/// The folder as a kill leaves it: `acknowledged` profiles, all of them in the log.
async fn killed(acknowledged: i64) -> tempfile::TempDir {
    let (running, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(running.path()).await;
    for i in 0..acknowledged {
        store.append(vec![profile(BASE + i * MINUTE, 1)]).await.unwrap();
    }
    for name in ["profiles.db", "profiles.db-wal", "profiles.commits"] {
        std::fs::copy(running.path().join(name), dir.path().join(name)).unwrap();
    }
    dir
}

#[tokio::test]
async fn a_kill_loses_nothing_and_raises_no_alarm() {
    let dir = killed(20).await;
    let store = open(dir.path()).await;
    assert_eq!(total(&store, 0, i64::MAX).await, 20);
    store.check().await.unwrap();
}

#[tokio::test]
async fn a_truncated_log_is_noticed() {
    for keep in [0.9, 0.5, 0.0] {
        let dir = killed(20).await;
        let log = dir.path().join("profiles.db-wal");
        let bytes = std::fs::read(&log).unwrap();
        std::fs::write(&log, &bytes[..(bytes.len() as f64 * keep) as usize]).unwrap();
        let Err(StoreError::Corrupt(advice)) = EmbeddedStore::open(dir.path(), manual()).await else {
            panic!("{keep} of the log");
        };
        assert!(advice.contains("profiles.db-wal") && advice.contains("--accept-loss"), "{advice}");
        let accepted = flarepath(dir.path(), &["check", "--accept-loss"]);
        let said = String::from_utf8(accepted.stdout).unwrap();
        let numbers: Vec<i64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let store = open(dir.path()).await;
        let missing = 20 - total(&store, 0, i64::MAX).await;
        // The last group is not recorded as acknowledged until the writer has been idle.
        assert!(
            missing > 0 && numbers[0] <= missing && missing <= numbers[0] + 1,
            "{missing} are missing: {said}"
        );
        store.append(vec![profile(BASE, 1)]).await.unwrap();
        store.close().await.unwrap();
        open(dir.path()).await;
    }
}

#[tokio::test]
async fn retention_of_the_last_profile_is_no_loss() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.append(vec![profile(BASE + 100 * super::DAY, 1)]).await.unwrap();
    // Pushed last, and dropped first.
    store.append(vec![profile(BASE, 1)]).await.unwrap();
    store.fold_all().await.unwrap();
    let day = std::time::Duration::from_secs(86_400);
    let retention = flarepath::store::Retention { raw: day, five_minutes: day, hours: day, days: day };
    let now = flarepath_profile::unix_nanos::UnixNanos(BASE + 100 * super::DAY);
    store.apply_retention(retention, now).await.unwrap();
    assert_eq!(total(&store, 0, i64::MAX).await, 1);
    store.close().await.unwrap();
    open(dir.path()).await.check().await.unwrap();
}

#[tokio::test]
async fn the_command_reads_everything_beside_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    flarepath::db::Records::open_in(dir.path()).await.unwrap().close().await;
    let store = open(dir.path()).await;
    let sound = flarepath(dir.path(), &["check"]);
    assert!(sound.status.success(), "{sound:?}");
    assert!(String::from_utf8_lossy(&sound.stdout).contains("no damage"), "{sound:?}");
    store.close().await.unwrap();
    for (name, at) in [("profiles.db", 3 * PAGE), ("records.db", 3 * 4096)] {
        let file = dir.path().join(name);
        let bytes = std::fs::read(&file).unwrap();
        let mut damaged = bytes.clone();
        damaged[at..at + 64].iter_mut().for_each(|byte| *byte ^= 0x5a);
        std::fs::write(&file, damaged).unwrap();
        let found = flarepath(dir.path(), &["check"]);
        assert_eq!(found.status.code(), Some(1), "{found:?}");
        assert!(String::from_utf8_lossy(&found.stdout).contains(name), "{found:?}");
        std::fs::write(&file, bytes).unwrap();
    }
}
