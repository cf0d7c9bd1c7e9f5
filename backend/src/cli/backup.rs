//! `flarepath backup` and `flarepath restore`: copies of the data directory, of a running server too.

use crate::backup;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Flags};
use crate::db::files;
use anyhow::Context;
use secrecy::ExposeSecret;
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(super) struct BackupArgs {
    /// Folder of the backup; a backup that is there is replaced once the new one is complete
    dir: PathBuf,

    /// Data directory of the server [default: as for `flarepath serve`]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Configuration file of the server, if it has one
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub(super) struct RestoreArgs {
    /// Folder of the backup
    dir: PathBuf,

    /// Data directory to restore into; must be missing or empty [default: as for `flarepath serve`]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Configuration file of the server, if it has one
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,
}

pub(super) fn back_up(args: BackupArgs) -> anyhow::Result<()> {
    let flags = Flags { data: args.data, ..Flags::default() };
    let config = Config::load(args.config.as_deref(), &flags)?;
    let url = config.records_url.as_ref().map(|url| url.expose_secret());
    let records = files::path(&config.data, url);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let made =
        runtime.block_on(backup::back_up(&config.data, records.as_deref(), &args.dir, SystemClock.now()))?;
    let names: Vec<&str> = made.files.keys().map(String::as_str).collect();
    say(&format!(
        "Backed up {} as of {} to {}; verified.",
        names.join(" and "),
        made.made_at,
        args.dir.display()
    ))?;
    if records.is_none() {
        say(
            "The records (users, tokens, shares, the audit log) are in PostgreSQL: back them up with pg_dump.",
        )?;
    }
    Ok(())
}

pub(super) fn restore(args: RestoreArgs) -> anyhow::Result<()> {
    let flags = Flags { data: args.data, ..Flags::default() };
    let config = Config::load(args.config.as_deref(), &flags)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let restored = runtime.block_on(backup::restore(&args.dir, &config.data))?;
    say(&format!("Restored the backup of {} into {}.", restored.made_at, config.data.display()))?;
    if !restored.files.contains_key(files::FILE_NAME) {
        say("It holds no records: they were in PostgreSQL. Restore them with pg_restore or psql.")?;
    }
    Ok(())
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}").context("cannot write to standard output")
}
