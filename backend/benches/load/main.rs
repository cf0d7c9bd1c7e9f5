//! Benchmark of the server over HTTP: a release build, an empty data directory, the load of one busy service.
//!
//! `cargo bench --bench load -- [--hours H] [--skip-thirty-days] [--out FILE]` prints each figure as it is measured and
//! writes the table. There are no assertions.
//!
//! Four options measure something else instead, say of each row whether its bound held, and end with an error if one did not:
//!
//! - `cargo bench --bench load -- --verdicts-only [--hours H] [--out FILE]`: verdicts ([`verdicts`]);
//! - `cargo bench --bench load -- --overview-only [--out FILE]`: the overview of thousands of services ([`overview`]), whose rows are also
//!   part of the table above;
//! - `cargo bench --bench load -- --stores-only [--out FILE]`: stores on other servers, and the embedded one as services grow ([`stores`]);
//!   its rows are also part of the table above;
//! - `cargo bench --bench load -- --soak 10m`: a server that is loaded with everything at once for that time ([`soak`]).

// Tasks and clocks of a test or benchmark end with its process.
#![allow(clippy::disallowed_methods)]
#![allow(clippy::print_stdout)] // a benchmark reports on stdout

mod busy_service;
mod callers;
mod half_rate;
mod latency;
mod model;
mod outage;
mod overview;
mod probe;
mod push;
mod query;
mod report;
mod server;
mod sign_in;
mod soak;
mod stores;
mod verdicts;

use anyhow::Result;
use clap::Parser;
use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Parser)]
struct Options {
    /// Hours of load: 20 instances, one profile every 15 s each
    #[arg(long, default_value_t = 24)]
    hours: i64,
    /// Skip 30 days of one instance, one profile every 15 s each
    #[arg(long)]
    skip_thirty_days: bool,
    /// Measure only the cost of sign-in per request
    #[arg(long)]
    sign_in_only: bool,
    /// Measure only health checks and pushes while queries pile up
    #[arg(long)]
    outage_only: bool,
    /// Measure only verdicts, and check their bounds
    #[arg(long)]
    verdicts_only: bool,
    /// Measure only the overview of thousands of services, and check its bounds
    #[arg(long)]
    overview_only: bool,
    /// Measure only stores on other servers, and the embedded one as services grow, and check the bounds
    #[arg(long)]
    stores_only: bool,
    /// Load a server with everything at once for this time, such as `10m`, and check its bounds
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    soak: Option<Duration>,
    /// File for the table [default: standard output]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Repetitions of each query
    #[arg(long, default_value_t = 11)]
    repetitions: i64,
    /// Passed by `cargo bench`; ignored
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let options = Options::parse();
    let http = flarepath::web_client::build(None, |client| client.pool_max_idle_per_host(64))?;
    let has_bounds =
        options.soak.is_some() || options.verdicts_only || options.overview_only || options.stores_only;
    let mut report = Report::new(if has_bounds { "verdict" } else { "peers, or verdict" });
    let mut held = true;
    match options.soak {
        Some(duration) => held = soak::run(duration, &http, &mut report).await?,
        None if options.verdicts_only => held = verdicts::measure(&options, &http, &mut report).await?,
        None if options.overview_only => held = overview::check(&http, &mut report).await?,
        None if options.stores_only => held = stores::measure(&http, &mut report).await?,
        None => measure(&options, &http, &mut report).await?,
    }
    match &options.out {
        Some(path) => report.write(path)?,
        None => println!("{}", report.markdown()),
    }
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(options: &Options, http: &reqwest::Client, report: &mut Report) -> Result<()> {
    if !options.sign_in_only && !options.outage_only {
        busy_service::measure(options, http, report).await?;
        overview::report(http, report).await?;
        // Its rows say whether their bounds held.
        stores::measure(http, report).await?;
    }
    if !options.sign_in_only {
        println!("health checks and pushes while queries pile up …");
        outage::report(http, report).await?;
    }
    if !options.outage_only {
        println!("queries with and without sign-in …");
        sign_in::measure(http, report).await?;
    }
    Ok(())
}

/// The last whole minute, in seconds since the epoch; all loads end here.
fn now_s() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64) / 60 * 60
}
