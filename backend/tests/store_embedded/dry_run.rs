//! `flarepath retention --dry-run`, beside a store that is open.

use super::{BASE, DAY, MINUTE, open, profile, total};
use flarepath::store::{ProfileStore, ProfileWriter};
use std::path::Path;
use std::process::{Command, Output};

fn retention(args: &[&str], dir: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.arg("retention").args(args).arg("--data").arg(dir.join("data"));
    command.arg("--config").arg(dir.join("new.toml")).output().unwrap()
}

#[tokio::test]
async fn a_dry_run_prints_what_would_be_dropped_and_deletes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("data")).await;
    let batch = (0..72).map(|hour| profile(BASE + hour * 60 * MINUTE, 1)).collect();
    store.append(batch).await.unwrap();
    store.fold_all().await.unwrap();
    std::fs::write(dir.path().join("new.toml"), "[retention]\nraw = '1d'\nmax_size = '64MB'").unwrap();
    let shown = retention(&["--dry-run"], dir.path());
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.status.success(), "{shown:?}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("Dry run as of ") && lines[1].ends_with("limit 64.0 MB."), "{text}");
    // The newest profile is an hour before the end of the third day.
    assert!(lines[2].starts_with("single profiles  2024-10-04 00:00 UTC to 2024-10-05 00:00 UTC"), "{text}");
    assert!(lines[2].contains(" 24 rows ") && lines[2].ends_with("by age"), "{text}");
    assert_eq!(lines.len(), 3, "{text}");
    assert_eq!(total(&store, BASE, BASE + 3 * DAY).await, 72);
    let refused = retention(&[], dir.path());
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--dry-run"), "{refused:?}");
    store.close().await.unwrap();
}
