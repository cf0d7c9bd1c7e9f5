//! Health checks and pushes while queries pile up on a service with 300 000 functions: 200 that are abandoned, and 40 callers who
//! wait for their answers.

use crate::callers::{self, Callers};
use crate::probe::{Probed, Probes};
use crate::report::Report;
use crate::server::{self, Server};
use anyhow::{Result, ensure};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::Client;
use std::fmt::Write;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const SERVICE: &str = "jit";
/// Functions of a push, and pushes: each function has a name of its own, as those of a compiler at run time.
const FUNCTIONS: usize = 50_000;
const PUSHES: u64 = 6;
const HANG_UPS: i64 = 200;
const AT_ONCE: i64 = 20;
const CALLERS: usize = 40;
/// How long the callers ask, and how long probes go on after the last hang-up.
const ASKING: Duration = Duration::from_secs(15);

/// Targets of health checks and pushes under load, in milliseconds.
pub(crate) const P99_MS: f64 = 100.0;
pub(crate) const MAX_MS: f64 = 500.0;
pub(crate) const TARGET: &str = "p99 ≤ 100 ms, max ≤ 500 ms";

/// What probes of one kind saw under one load.
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) probed: Probed,
}

impl Measured {
    pub(crate) fn holds(&self) -> bool {
        let times = self.probed.times;
        self.probed.failed == 0 && times.count > 0 && times.p99 <= P99_MS && times.max <= MAX_MS
    }

    pub(crate) fn text(&self) -> String {
        let failed = self.probed.failed;
        if failed == 0 {
            self.probed.times.to_string()
        } else {
            format!("{}; {failed} failed", self.probed.times)
        }
    }
}

/// Both loads, as rows of the report.
pub(crate) async fn report(http: &Client, report: &mut Report) -> Result<()> {
    for measured in measure(http).await? {
        report.row(&measured.name, measured.text(), TARGET, "");
    }
    Ok(())
}

/// Both loads, on a server of their own.
pub(crate) async fn measure(http: &Client) -> Result<Vec<Measured>> {
    let data = tempfile::tempdir()?;
    let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
    fill(&server, http).await?;
    let probes = Probes::start(&server)?;
    hang_up(&server).await?;
    tokio::time::sleep(ASKING).await;
    let mut measured = named("200 hang-ups", probes).await?;
    let probes = Probes::start(&server)?;
    let callers = Callers::start(&server, CALLERS, &[SERVICE], callers::now_ms(), 2 * 3600);
    tokio::time::sleep(ASKING).await;
    println!("40 callers: {}", callers.end().await?);
    measured.extend(named("40 callers at once", probes).await?);
    server.stop()?;
    Ok(measured)
}

async fn named(load: &str, probes: Probes) -> Result<Vec<Measured>> {
    let probed = probes.end().await?;
    Ok(probed
        .into_iter()
        .map(|(name, probed)| Measured { name: format!("{name} under {load}"), probed })
        .collect())
}

async fn fill(server: &Server, http: &Client) -> Result<()> {
    let mut random = StdRng::seed_from_u64(7);
    for _ in 0..PUSHES {
        let mut folded = String::with_capacity(FUNCTIONS * 64);
        for i in 0..FUNCTIONS {
            writeln!(folded, "main;middle_{};function_{:032x} 1", i % 100, random.random::<u128>())?;
        }
        let push = http.post(format!("{}/ingest?name={SERVICE}", server.url)).body(folded);
        let answer = push.send().await?;
        ensure!(answer.status().is_success(), "not filled: {} {}", answer.status(), answer.text().await?);
    }
    Ok(())
}

/// Queries whose connections are closed a moment later.
async fn hang_up(server: &Server) -> Result<()> {
    let address = server.url.trim_start_matches("http://").to_owned();
    let now_ms = callers::now_ms();
    for wave in 0..HANG_UPS / AT_ONCE {
        let queries = (0..AT_ONCE).map(|i| {
            let number = wave * AT_ONCE + i;
            let path = callers::path("top-functions", SERVICE, now_ms - 3_600_000 - number, now_ms + number);
            abandon(address.clone(), path, Duration::from_millis(100 + number as u64 * 37 % 300))
        });
        for query in queries.map(tokio::spawn).collect::<Vec<_>>() {
            query.await??;
        }
    }
    Ok(())
}

/// Asks, and closes the connection after `patience`.
pub(crate) async fn abandon(address: String, path: String, patience: Duration) -> Result<()> {
    let mut connection = TcpStream::connect(&address).await?;
    connection.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await?;
    tokio::time::sleep(patience).await;
    Ok(())
}
