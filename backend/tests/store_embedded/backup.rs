//! Backup and restore by the command, beside a process that writes.

use super::{BASE, MINUTE, open, profile, total};
use flarepath::db::Records;
use flarepath::store::embedded::EmbeddedStore;
use flarepath::store::{ProfileStore, ProfileWriter};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

fn flarepath(args: &[&str], dir: &Path, data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.args(args).arg(dir).arg("--data").arg(data).env_remove("FLAREPATH_CONFIG").output().unwrap()
}

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{output:?}");
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

struct Data {
    dir: TempDir,
    store: Arc<EmbeddedStore>,
    records: Records,
}

async fn data() -> Data {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let store = open(&data).await;
    Data { store, records: Records::open_in(&data).await.unwrap(), dir }
}

impl Data {
    fn folder(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    async fn append(&self, number: i64) {
        self.store.append(vec![profile(BASE + number * MINUTE, 1)]).await.unwrap();
    }
}

/// What is in a folder: profiles, and how far the records are.
async fn contents(data: &Path) -> (i64, i64) {
    let store = open(data).await;
    let profiles = total(&store, 0, i64::MAX).await;
    store.check().await.unwrap();
    store.close().await.unwrap();
    let records = Records::open_in(data).await.unwrap();
    let mut facts = 0;
    while records.fact(&format!("step {facts}")).await.unwrap().is_some() {
        facts += 1;
    }
    records.close().await;
    (profiles, facts)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_shows_both_databases_at_one_moment_and_all_that_was_acknowledged_before() {
    let data = Arc::new(data().await);
    let acknowledged = Arc::new(AtomicI64::new(0));
    // A profile, then its record, and so on: at any moment there is as much of one as of the other, or one profile more.
    let (writing, count) = (data.clone(), acknowledged.clone());
    let writer = tokio::spawn(async move {
        for step in 0.. {
            writing.append(step).await;
            let mut change = writing.records.change().await.unwrap();
            assert!(change.set_fact_once(&format!("step {step}"), "done").await.unwrap());
            change.commit_unaudited().await.unwrap();
            count.store(step + 1, Ordering::SeqCst);
        }
    });
    while acknowledged.load(Ordering::SeqCst) < 5 {
        tokio::task::yield_now().await;
    }
    for round in 0..3 {
        let before = acknowledged.load(Ordering::SeqCst);
        let (backup, source) = (data.folder("backup"), data.folder("data"));
        let (to, from) = (backup.clone(), source.clone());
        let made = tokio::task::spawn_blocking(move || flarepath(&["backup"], &to, &from)).await.unwrap();
        succeeds(&made);
        let restored = data.folder(&format!("restored-{round}"));
        succeeds(&flarepath(&["restore"], &backup, &restored));
        let (profiles, facts) = contents(&restored).await;
        assert!(facts >= before, "{facts} of {before} acknowledged before the backup began");
        assert!(profiles == facts || profiles == facts + 1, "{profiles} profiles, {facts} records");
    }
    writer.abort();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_a_backup_and_what_is_restored() {
    use std::os::unix::fs::PermissionsExt;
    let data = data().await;
    data.append(0).await;
    let (backup, restored) = (data.folder("backup"), data.folder("restored"));
    succeeds(&flarepath(&["backup"], &backup, &data.folder("data")));
    succeeds(&flarepath(&["restore"], &backup, &restored));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&backup), 0o700);
    for (folder, names) in [
        (&backup, &["profiles.db", "records.db", "backup.json"][..]),
        (&restored, &["profiles.db", "records.db"]),
    ] {
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), names.len());
        names.iter().for_each(|name| assert_eq!(mode(&folder.join(name)), 0o600, "{name}"));
    }
}

#[tokio::test]
async fn a_backup_that_fails_leaves_the_one_before() {
    let data = data().await;
    data.append(0).await;
    let (backup, source) = (data.folder("backup"), data.folder("data"));
    succeeds(&flarepath(&["backup"], &backup, &source));
    data.store.close().await.unwrap();
    data.records.close().await;
    let file = source.join("records.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].iter_mut().for_each(|byte| *byte = 0xa5);
    std::fs::write(&file, bytes).unwrap();
    let complaint = refused(&flarepath(&["backup"], &backup, &source));
    assert!(complaint.contains("the previous one is unchanged"), "{complaint}");
    assert!(!data.folder("backup.incomplete").exists());
    succeeds(&flarepath(&["restore"], &backup, &data.folder("restored")));
    assert_eq!(contents(&data.folder("restored")).await, (1, 0));
}

#[tokio::test]
async fn restore_refuses_folders_in_use_and_backups_that_are_damaged_or_newer() {
    let data = data().await;
    data.append(0).await;
    let (backup, source) = (data.folder("backup"), data.folder("data"));
    let none = refused(&flarepath(&["restore"], &backup, &data.folder("new")));
    assert!(none.contains("is not a backup"), "{none}");
    succeeds(&flarepath(&["backup"], &backup, &source));
    let full = refused(&flarepath(&["restore"], &backup, &source));
    assert!(full.contains("is not empty"), "{full}");
    let file = backup.join("profiles.db");
    let sound = std::fs::read(&file).unwrap();
    let mut damaged = sound.clone();
    damaged[20_000] ^= 1;
    std::fs::write(&file, damaged).unwrap();
    let complaint = refused(&flarepath(&["restore"], &backup, &data.folder("new")));
    assert!(complaint.contains("profiles.db is damaged"), "{complaint}");
    std::fs::write(&file, sound).unwrap();
    let manifest = backup.join("backup.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
    let complaint = refused(&flarepath(&["restore"], &backup, &data.folder("new")));
    assert!(complaint.contains("newer"), "{complaint}");
    assert!(std::fs::read_dir(data.folder("new")).map_or(true, |mut entries| entries.next().is_none()));
    std::fs::write(&manifest, text).unwrap();
    succeeds(&flarepath(&["restore"], &backup, &data.folder("new")));
}

#[tokio::test]
async fn with_records_on_postgresql_says_what_to_use_for_them() {
    let data = data().await;
    data.append(0).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.arg("backup").arg(data.folder("backup")).arg("--data").arg(data.folder("data"));
    let made = command.env("FLAREPATH_RECORDS__URL", "postgres://nowhere/x").output().unwrap();
    succeeds(&made);
    assert!(String::from_utf8_lossy(&made.stdout).contains("pg_dump"), "{made:?}");
    assert!(!data.folder("backup").join("records.db").exists());
}
