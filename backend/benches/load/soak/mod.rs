//! Everything at once, for a long time, on one server with sign-in: what grows shows.
//!
//! 1. The server starts with an empty data directory, and is idle.
//! 2. Load: pushes at a steady rate, files of every client's format, queries of all kinds, abandoned queries, sign-ins with
//!    right and wrong passwords, shares, large files, backups, SIGHUP ([`load`]).
//! 3. The server is idle again.
//! 4. The measurements of `make bench` of a server under 200 hang-ups and 40 callers, and at half of the highest rate.
//!
//! Memory, descriptors, files and caches are sampled all the time ([`samples`]). Bounds are in [`verdict`].

mod account;
mod files;
mod large;
mod load;
mod queries;
mod samples;
mod shares;
mod traffic;
mod verdict;

use crate::half_rate;
use crate::model::Model;
use crate::outage;
use crate::push::{self, Load, Pool, Pushed};
use crate::report::Report;
use crate::server::{self, Server};
use account::Account;
use anyhow::{Result, ensure};
use reqwest::Client;
use samples::{Phase, Samples};
use std::sync::Arc;
use std::time::Duration;
use traffic::Traffic;
use verdict::Verdict;

/// Idle times before and after the load. Memory is given back within a minute.
const BEFORE: Duration = Duration::from_secs(25);
const AFTER: Duration = Duration::from_secs(75);
/// Shorter loads show nothing.
const SHORTEST: Duration = Duration::from_secs(120);

/// Runs for `duration`, and a few minutes for what follows. Whether all bounds held; they are rows of the report.
pub(crate) async fn run(duration: Duration, http: &Client, report: &mut Report) -> Result<bool> {
    ensure!(duration >= SHORTEST, "a soak takes {SHORTEST:?} or more");
    let pool = Arc::new(Pool::new(&Model::new()));
    let data = tempfile::tempdir()?;
    let server = Server::start(&server::binary(), data.path(), http, &[]).await?;
    let account = Account::claim(&server, http).await?;
    let mut samples = Samples::new(&server, data.path(), account.token.clone(), http.clone());
    let mut verdict = Verdict::default();

    samples.take_for(BEFORE, Phase::Before, None).await?;
    let traffic = Traffic::new(http.clone(), server.url.clone(), account);
    let tasks = load::start(&traffic, &pool, &server, data.path())?;
    samples.take_for(duration - BEFORE - AFTER, Phase::Load, Some(&traffic)).await?;
    traffic.end();
    for task in tasks {
        task.await?;
    }
    samples.take_for(AFTER, Phase::After, None).await?;
    server.stop()?;
    verdict.memory(&samples);
    verdict.traffic(&traffic);

    println!("health checks and pushes while queries pile up …");
    for measured in outage::measure(http).await? {
        verdict.line(&measured.name, measured.text(), outage::TARGET, measured.holds());
    }
    half_of_the_highest_rate(http, &pool, &mut verdict).await?;
    Ok(verdict.report(report))
}

async fn half_of_the_highest_rate(http: &Client, pool: &Pool, verdict: &mut Verdict) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
    let end_s = crate::now_s();
    let load = Load { instances: 20, start_s: end_s - 3600, seconds: 3600, concurrency: 8, pace: None };
    let highest: Pushed = push::push(&server, http, pool, load).await?;
    let half = half_rate::measure(&server, http, pool, &highest, (end_s - 7200, end_s, 3600)).await?;
    verdict.line(&half.name(), half.text(), half_rate::HalfRate::TARGET, half.holds());
    server.stop()
}
