//! The overview of many services, on a server of its own for each number of them: how long Home takes, what it costs to keep the overview
//! up to date, how soon services are shown that changed, and how many are shown that did not.
//!
//! 1. Services that do not change: two hours of profiles, and a quarter of an hour ahead of the clock, so that none falls silent while the
//!    others are measured.
//! 2. Ten services that have cost 30 % more for half an hour, half of them with a new version. Time counts from the moment at which all of
//!    their profiles are stored.
//! 3. Home, one request after the other, and then two minutes without any.
//! 4. Verdicts on one hour of all services, within requests: the job, which computes at most 40 a minute, would take an hour for 2 000.
//!
//! [`growth`] measures memory and response times as services grow, with less of each.

mod fleet;
pub(crate) mod growth;
mod home;
mod lines;
mod load;

use crate::busy_service::settle;
use crate::now_s;
use crate::report::Report;
use crate::server::Configured;
use anyhow::Result;
use home::Home;
use lines::{all_compared, changes, flagged, idle, response_time};
use reqwest::Client;

/// Minutes of profiles before the start of the measurement, and ahead of it. Each covers five, and may start ten minutes ahead.
const BEFORE: usize = 120;
const AHEAD: usize = 15;
/// All profiles come from one address, faster than one sender may push.
const WITHOUT_QUOTA: &str = "[quotas]\nprofiles_per_token = 0\n";

/// A number of services.
struct Size {
    services: usize,
    text: &'static str,
    /// Bound on the median response time of Home, in milliseconds.
    home_ms: f64,
    /// Bound on the CPU time of the idle server, in percent of one core.
    most_cpu_percent: Option<f64>,
    /// Whether all of them are compared within requests, too.
    compares_all: bool,
}

const SIZES: [Size; 2] = [
    Size {
        services: 2_000,
        text: "2 000 services",
        home_ms: 300.0,
        most_cpu_percent: Some(5.0),
        compares_all: true,
    },
    Size {
        services: 10_000,
        text: "10 000 services",
        home_ms: 500.0,
        most_cpu_percent: None,
        compares_all: false,
    },
];

/// A row: name, measured, and if there is a bound, its text and whether it held.
struct Line(String, String, Option<(String, bool)>);

/// All rows, beside their targets.
pub(crate) async fn report(http: &Client, report: &mut Report) -> Result<()> {
    for size in &SIZES {
        for Line(what, ours, bound) in measure(size, http).await? {
            let target = bound.map(|(text, _)| text).unwrap_or_default();
            report.row(&what, ours, &target, "");
        }
    }
    Ok(())
}

/// All rows, and whether all bounds held.
pub(crate) async fn check(http: &Client, report: &mut Report) -> Result<bool> {
    let mut all = true;
    for size in &SIZES {
        for Line(what, ours, bound) in measure(size, http).await? {
            match bound {
                Some((text, held)) => all &= report.bounded(&what, ours, &text, held),
                None => report.row(&what, ours, "", ""),
            }
        }
    }
    Ok(all)
}

async fn measure(size: &Size, http: &Client) -> Result<Vec<Line>> {
    let configured = Configured::start(WITHOUT_QUOTA, http).await?;
    let server = &configured.server;
    let home = Home { server, http };
    let end_s = now_s();
    println!("pushing two hours of {} …", size.text);
    load::send(home, load::steady(size.services), end_s - BEFORE as i64 * 60, BEFORE + AHEAD).await?;
    settle(server).await?;
    let mut lines = Vec::from(changes(size, home).await?);
    lines.push(response_time(size, home).await?);
    lines.push(idle(size, server).await?);
    lines.push(flagged(size, "by the verdicts so far", &home.all_rows("").await?));
    if size.compares_all {
        lines.push(flagged(size, "once all have a verdict", &all_compared(home, end_s).await?));
    }
    configured.server.stop()?;
    Ok(lines)
}
