//! A backup made while profiles are pushed, folded and dropped, and while the server is killed and starts again.

use super::ledger::{self, Account, Ledger};
use super::{SETTINGS, tree};
use crate::data_directory;
use crate::running_server::RunningServer;
use anyhow::{Context, ensure};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use tokio::process::Child;

pub(crate) struct Backup {
    command: Child,
    folder: PathBuf,
    /// Acknowledged before it began.
    acknowledged: HashSet<Account>,
}

impl Backup {
    /// Begins to back up into a folder that may hold the backup before.
    pub(crate) fn start(server: &RunningServer, backups: &Path, ledger: &Ledger) -> Backup {
        let acknowledged = ledger.acknowledged().clone();
        let folder = backups.join("bank");
        let command = data_directory::back_up(server.data(), &folder).unwrap();
        Backup { command, folder, acknowledged }
    }

    /// Whether the backup was reported as made. If so, it is restored, and everything must be in it.
    pub(crate) async fn verify(self, ledger: &Ledger) -> anyhow::Result<bool> {
        let output = self.command.wait_with_output().await?;
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            ensure!(complaint.contains("the previous one is unchanged"), "{complaint}");
            eprintln!("no backup: {complaint}");
            return Ok(false);
        }
        let data = tempfile::tempdir()?;
        data_directory::restore(&self.folder, data.path()).await?;
        data_directory::check(data.path()).await?;
        let restored = RunningServer::start_on(data, SETTINGS).await.context("restored server")?;
        let tree = tree(&restored, ledger.calendar.kept(ledger.day)).await?;
        let stored = ledger::accounts(&tree.functions);
        let oldest = ledger.calendar.oldest_kept(ledger.day);
        let lost: Vec<&Account> =
            self.acknowledged.difference(&stored).filter(|account| account.day >= oldest).collect();
        ensure!(lost.is_empty(), "acknowledged before the backup, and not in it: {lost:?}");
        ensure!(
            tree.profiles == stored.len() as u64,
            "{} profiles, {} distinct",
            tree.profiles,
            stored.len()
        );
        Ok(true)
    }
}
