//! Samples of the server while it runs: memory, caches, descriptors, files.

use super::traffic::Traffic;
use crate::server::{Server, memory_mb};
use anyhow::{Context, Result};
use reqwest::Client;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(5);
const MB: f64 = 1e6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Idle, before the load.
    Before,
    Load,
    /// Idle, after the load.
    After,
}

/// Sizes in MB (10^6 bytes).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) phase: Phase,
    pub(crate) memory: f64,
    /// Of `memory`: answers and symbols in caches.
    pub(crate) caches: f64,
    pub(crate) descriptors: usize,
    /// Database and log of profiles.
    profiles: f64,
    records: f64,
    pushed: usize,
    asked: usize,
}

pub(crate) struct Samples {
    pid: u32,
    url: String,
    data: PathBuf,
    token: String,
    http: Client,
    started: Instant,
    pub(crate) all: Vec<Sample>,
}

impl Samples {
    pub(crate) fn new(server: &Server, data: &Path, token: String, http: Client) -> Samples {
        println!("| time | phase | memory | in caches | descriptors | profiles | records | pushed | asked |");
        println!("|---|---|---|---|---|---|---|---|---|");
        let (pid, url, data) = (server.pid(), server.url.clone(), data.to_owned());
        Samples { pid, url, data, token, http, started: Instant::now(), all: Vec::new() }
    }

    /// Takes samples for some time.
    pub(crate) async fn take_for(
        &mut self,
        duration: Duration,
        phase: Phase,
        traffic: Option<&Traffic>,
    ) -> Result<()> {
        let end = Instant::now() + duration;
        while Instant::now() < end {
            tokio::time::sleep(EVERY.min(end - Instant::now())).await;
            let sample = self.take(phase, traffic).await?;
            self.print(&sample);
            self.all.push(sample);
        }
        Ok(())
    }

    async fn take(&self, phase: Phase, traffic: Option<&Traffic>) -> Result<Sample> {
        let metrics = self.http.get(format!("{}/metrics", self.url)).bearer_auth(&self.token);
        let metrics = metrics.send().await?.error_for_status()?.text().await?;
        let size = |name: &str| std::fs::metadata(self.data.join(name)).map_or(0, |m| m.len()) as f64 / MB;
        let count = |kind| traffic.map_or(0, |traffic| traffic.succeeded(kind));
        let descriptors = std::fs::read_dir(format!("/proc/{}/fd", self.pid));
        Ok(Sample {
            phase,
            memory: memory_mb(self.pid)?.0,
            caches: cache_bytes(&metrics) / MB,
            descriptors: descriptors.context("descriptors of the server")?.count(),
            profiles: size("profiles.db") + size("profiles.db-wal"),
            records: size("records.db") + size("records.db-wal"),
            pushed: count("ingest"),
            asked: count("queries"),
        })
    }

    fn print(&self, sample: &Sample) {
        let Sample { phase, memory, caches, descriptors, profiles, records, pushed, asked } = sample;
        let at = self.started.elapsed().as_secs();
        println!(
            "| {at} s | {phase:?} | {memory:.0} MB | {caches:.0} MB | {descriptors} | {profiles:.0} MB | {records:.1} MB \
             | {pushed} | {asked} |"
        );
    }

    /// Samples of a phase.
    pub(crate) fn of(&self, phase: Phase) -> Vec<Sample> {
        self.all.iter().filter(|sample| sample.phase == phase).copied().collect()
    }
}

/// The sum of all caches, from the text of `/metrics`.
fn cache_bytes(metrics: &str) -> f64 {
    let lines = metrics.lines().filter(|line| line.starts_with("flarepath_cache_bytes{"));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}
