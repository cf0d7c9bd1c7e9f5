//! Commands on data directories: backup, restore, check.

use anyhow::{Context, ensure};
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use std::process::Stdio;
use tokio::process::{Child, Command};

fn flarepath(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.env_remove("FLAREPATH_CONFIG").env("FLAREPATH_DATA", data).kill_on_drop(true);
    command
}

/// Begins a backup; it runs until its process has ended.
pub(crate) fn back_up(data: &Path, folder: &Path) -> anyhow::Result<Child> {
    let mut command = flarepath(data);
    command.arg("backup").arg(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().context("cannot start the backup")
}

/// Restores a backup into an empty folder.
pub(crate) async fn restore(folder: &Path, data: &Path) -> anyhow::Result<()> {
    succeeds(flarepath(data).arg("restore").arg(folder)).await
}

/// Reads everything in a data directory.
pub(crate) async fn check(data: &Path) -> anyhow::Result<()> {
    succeeds(flarepath(data).arg("check")).await
}

async fn succeeds(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().await?;
    ensure!(output.status.success(), "{command:?}: {output:?}");
    Ok(())
}

/// How many levels of blocks there are, and how many levels have been dropped up to some time.
pub(crate) async fn levels(data: &Path) -> anyhow::Result<(i64, i64)> {
    let url = format!("sqlite://{}", data.join("profiles.db").display());
    let mut profiles = SqliteConnection::connect(&url).await?;
    let folded =
        sqlx::query_scalar("SELECT count(DISTINCT level) FROM sealed").fetch_one(&mut profiles).await?;
    let dropped = sqlx::query_scalar("SELECT count(*) FROM dropped").fetch_one(&mut profiles).await?;
    profiles.close().await?;
    Ok((folded, dropped))
}
