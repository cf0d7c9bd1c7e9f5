//! Memory and response times of the embedded store as services grow. Each service has two replicas and a quarter of an hour of profiles,
//! each of which covers five minutes.

use super::home::Home;
use super::{WITHOUT_QUOTA, load};
use crate::busy_service::settle;
use crate::latency::Summary;
use crate::report::Report;
use crate::server::{Configured, Server};
use crate::{callers, now_s};
use anyhow::{Result, ensure};
use reqwest::Client;
use std::time::Instant;

const SIZES: [(usize, &str); 3] =
    [(10, "10 services"), (1_000, "1 000 services"), (10_000, "10 000 services")];
const MINUTES: usize = 15;
const REQUESTS: usize = 50;
const HOUR_MS: i64 = 3_600_000;

/// Three rows for each number of services, on a server of its own.
pub(crate) async fn report(http: &Client, report: &mut Report) -> Result<()> {
    for (services, text) in SIZES {
        println!("pushing a quarter of an hour of {text} …");
        let configured = Configured::start(WITHOUT_QUOTA, http).await?;
        let server = &configured.server;
        let home = Home { server, http };
        load::send(home, load::steady(services), now_s() - MINUTES as i64 * 60, MINUTES).await?;
        settle(server).await?;
        let (idle, _) = server.memory_mb()?;
        let list = list(server, http).await?;
        let overview = home.times(REQUESTS).await?;
        let (after, peak) = server.memory_mb()?;
        let memory = format!("{idle:.0} MB, {after:.0} MB after queries, peak {peak:.0} MB");
        report.row(&format!("{text}, a quarter of an hour: memory"), memory, "", "");
        report.row(&format!("{text}, a quarter of an hour: `/api/v1/services`"), list.to_string(), "", "");
        report.row(&format!("{text}, a quarter of an hour: overview, 50 rows"), overview.to_string(), "", "");
        configured.server.stop()?;
    }
    Ok(())
}

/// Response times of the list of all services, one request after the other. Every range is new.
async fn list(server: &Server, http: &Client) -> Result<Summary> {
    let until_ms = callers::now_ms();
    let mut ms = Vec::with_capacity(REQUESTS);
    for number in 0..REQUESTS as i64 {
        let from_ms = until_ms - HOUR_MS - number;
        let url = format!("{}/api/v1/services?from={from_ms}&until={until_ms}", server.url);
        let asked = Instant::now();
        let answer = http.get(url).header("accept", "application/x-protobuf").send().await?;
        ensure!(answer.status().is_success(), "no services: {}", answer.status());
        answer.bytes().await?;
        ms.push(asked.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Summary::of(ms))
}
