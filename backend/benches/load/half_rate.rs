//! Pushes at half of the highest rate of the same run, while 40 callers ask.

use crate::callers::Callers;
use crate::latency::Summary;
use crate::push::{self, Load, Pool, Pushed, SERVICE};
use crate::server::Server;
use anyhow::Result;
use reqwest::Client;
use std::time::Duration;

const CALLERS: usize = 40;
/// Requests that may be in flight, so that a slow answer does not hold up the next ones.
const IN_FLIGHT: usize = 64;

/// Times from the moment at which each push was due.
pub(crate) struct HalfRate {
    pub(crate) times: Summary,
    /// Pushes by the second.
    pub(crate) rate: f64,
    /// Queries that were neither answered nor told to come again.
    pub(crate) failed: usize,
}

impl HalfRate {
    pub(crate) const TARGET: &str = "p99 ≤ 100 ms";

    pub(crate) fn holds(&self) -> bool {
        self.times.p99 <= crate::outage::P99_MS && self.failed == 0
    }

    pub(crate) fn name(&self) -> String {
        format!("time to durable response at {:.0} profiles/s, 40 callers asking", self.rate)
    }

    pub(crate) fn text(&self) -> String {
        if self.failed == 0 {
            self.times.to_string()
        } else {
            format!("{}; {} queries failed", self.times, self.failed)
        }
    }
}

/// Pushes an hour that begins at `start_s`; queries are about the `asked_s` seconds up to `end_s`.
pub(crate) async fn measure(
    server: &Server,
    http: &Client,
    pool: &Pool,
    highest: &Pushed,
    (start_s, end_s, asked_s): (i64, i64, i64),
) -> Result<HalfRate> {
    let rate = highest.profiles as f64 / highest.wall.as_secs_f64() / 2.0;
    let pace = Some(Duration::from_secs_f64(1.0 / rate));
    let load = Load { instances: 20, start_s, seconds: 3600, concurrency: IN_FLIGHT, pace };
    let callers = Callers::start(server, CALLERS, &[SERVICE], end_s * 1000, asked_s);
    let pushed = push::push(server, http, pool, load).await?;
    let asked = callers.end().await?;
    println!("40 callers: {asked}");
    Ok(HalfRate { times: Summary::of(pushed.latencies_ms), rate, failed: asked.failed() })
}
