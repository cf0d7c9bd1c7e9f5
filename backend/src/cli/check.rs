//! `flarepath check`: reads everything in a data directory and reports damage. The server may be running.

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Flags};
use crate::db::files;
use crate::store::profile_inspection as profiles;
use anyhow::{Context, bail};
use secrecy::ExposeSecret;
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(super) struct CheckArgs {
    /// Continue without the missing acknowledged profiles, so that the server starts again; the server must be stopped
    #[arg(long)]
    accept_loss: bool,

    /// Data directory of the server [default: as for `flarepath serve`]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Configuration file of the server, if it has one
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: CheckArgs) -> anyhow::Result<()> {
    let flags = Flags { data: args.data, ..Flags::default() };
    let config = Config::load(args.config.as_deref(), &flags)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(check(&config, args.accept_loss))
}

async fn check(config: &Config, accept_loss: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut say = |line: &str| writeln!(out, "{line}").context("cannot write to standard output");
    if accept_loss {
        match profiles::accept_loss(&config.data).await? {
            Some(missing) => say(&format!("Going on without {missing} acknowledged profiles."))?,
            None => say("No acknowledged profiles are missing.")?,
        }
    }
    let report = profiles::inspect(&config.data, SystemClock.now()).await?;
    let mut damage = report.damage;
    let url = config.records_url.as_ref().map(|url| url.expose_secret());
    match files::path(&config.data, url) {
        Some(path) => damage.extend(files::inspect(&path).await?),
        None => say("The records are in PostgreSQL, which has checks of its own (pg_amcheck).")?,
    }
    for line in report.notes.iter().chain(&damage) {
        say(line)?;
    }
    if !damage.is_empty() {
        bail!("{} is damaged; see the lines above", config.data.display());
    }
    say(&format!("{}: no damage ({} rows of profiles read).", config.data.display(), report.rows))
}
