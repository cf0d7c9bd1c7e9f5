//! The measurements as a table, beside those of the peers.

use crate::push::Pushed;
use crate::query::Timed;
use anyhow::Result;
use std::fmt::Write;
use std::path::Path;

/// Rows in the order of measurement: name, Flarepath, target, and peers or whether the bound held.
pub(crate) struct Report {
    rows: Vec<[String; 4]>,
    last_column: &'static str,
}

impl Report {
    /// An empty one; the last column has this title.
    pub(crate) fn new(last_column: &'static str) -> Report {
        Report { rows: Vec::new(), last_column }
    }

    pub(crate) fn row(&mut self, what: &str, ours: String, target: &str, peers: &str) {
        println!("{what}: {ours}   (target: {target}; {peers})");
        self.rows.push([what.to_owned(), ours, target.to_owned(), peers.to_owned()]);
    }

    /// A row with its bound and whether that held, which is returned.
    pub(crate) fn bounded(&mut self, what: &str, ours: String, bound: &str, held: bool) -> bool {
        self.row(what, ours, bound, if held { "held" } else { "**NOT HELD**" });
        held
    }

    pub(crate) fn ingest(&mut self, when: &str, pushed: &Pushed, disk: Option<u64>) {
        let rate = pushed.profiles as f64 / pushed.wall.as_secs_f64();
        let cpu = pushed.cpu.as_secs_f64() * 1e3 / pushed.profiles as f64;
        let at = |share: f64| pushed.latencies_ms[(pushed.latencies_ms.len() as f64 * share) as usize];
        let peers = "Pyroscope 155/s, Parca 39/s";
        self.row(&format!("ingest, {when}"), format!("{rate:.0} profiles/s"), "≥ 1 000/s", peers);
        let peers = "Pyroscope 9.0–9.5 ms, Parca 41 ms";
        self.row(&format!("CPU a profile, {when}"), format!("{cpu:.2} ms"), "≤ 1.8 ms", peers);
        let latency = format!("p50 {:.1} ms, p99 {:.1} ms", at(0.5), at(0.99));
        self.row(
            &format!("time to durable response, {when}"),
            latency,
            "p50 ≤ 10 ms",
            "Pyroscope p50 0.5–1 s",
        );
        if let Some(disk) = disk {
            let per_sample = format!("{:.2}", disk as f64 / pushed.samples as f64);
            self.row(&format!("bytes a sample on disk, {when}"), per_sample, "≤ 3", "Parca 787");
        }
    }

    pub(crate) fn question(&mut self, what: &str, timed: &Timed, target: &str, peers: &str) {
        self.row(what, timed.to_string(), target, peers);
    }

    pub(crate) fn markdown(&self) -> String {
        let last = self.last_column;
        let mut text = format!("| measurement | Flarepath | target | {last} |\n|---|---|---|---|\n");
        for [what, ours, target, peers] in &self.rows {
            writeln!(text, "| {what} | {ours} | {target} | {peers} |").expect("writing to a string");
        }
        text
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        Ok(std::fs::write(path, self.markdown())?)
    }
}
