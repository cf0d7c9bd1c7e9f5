//! Benchmark of the server over HTTP: a release build, an empty data folder, the load of one busy service.
//!
//! `cargo bench --bench load -- [--hours H] [--skip-thirty-days] [--out FILE]` prints each figure as it is measured and
//! writes the table. There are no assertions.

// Tasks and clocks of a test or benchmark end with its process.
#![allow(clippy::disallowed_methods)]
#![allow(clippy::print_stdout)] // a benchmark reports on stdout

mod model;
mod push;
mod query;
mod report;
mod server;
mod sign_in;

use anyhow::Result;
use clap::Parser;
use push::{Load, Pool};
use query::Question;
use report::Report;
use server::Server;
use std::path::PathBuf;
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
async fn main() -> Result<()> {
    let options = Options::parse();
    let http = flarepath::web_client::build(None, |client| client.pool_max_idle_per_host(64))?;
    let mut report = Report::default();
    if !options.sign_in_only {
        profiles(&options, &http, &mut report).await?;
    }
    println!("queries with and without sign-in …");
    sign_in::measure(&http, &mut report).await?;
    match &options.out {
        Some(path) => report.write(path)?,
        None => println!("{}", report.markdown()),
    }
    Ok(())
}

/// Start, ingest and queries.
async fn profiles(options: &Options, http: &reqwest::Client, report: &mut Report) -> Result<()> {
    println!("making 400 profiles …");
    let pool = Pool::new(&model::Model::new());
    start_up(http, report).await?;
    one_day(options, http, &pool, report).await?;
    if !options.skip_thirty_days {
        thirty_days(options, http, &pool, report).await?;
    }
    Ok(())
}

/// The last whole minute, in seconds since the epoch; all loads end here.
fn now_s() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64) / 60 * 60
}

/// Time from start to ready with an empty and with a used folder, and idle memory.
async fn start_up(http: &reqwest::Client, report: &mut Report) -> Result<()> {
    let data = tempfile::tempdir()?;
    let mut ready = Vec::new();
    for _ in 0..7 {
        let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
        ready.push(server.ready_in.as_secs_f64() * 1e3);
        server.stop()?;
    }
    ready.sort_by(f64::total_cmp);
    report.row(
        "cold start to ready",
        format!("{:.0} ms", ready[3]),
        "≤ 200 ms",
        "Pyroscope 46 s, Parca 240 ms",
    );
    let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
    tokio::time::sleep(Duration::from_secs(25)).await;
    let (now, _) = server.memory_mb()?;
    report.row(
        "idle memory, profiling itself",
        format!("{now:.0} MB"),
        "≤ 40 MB",
        "Pyroscope 103 MB, Parca 118 MB",
    );
    server.stop()
}

async fn one_day(options: &Options, http: &reqwest::Client, pool: &Pool, report: &mut Report) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
    let end_s = now_s();
    let start_s = end_s - options.hours * 3600;
    let load = Load { instances: 20, start_s, seconds: 3600, concurrency: 8 };
    let first = push::push(&server, http, pool, load).await?;
    settle(&server).await?;
    let disk = server::bytes_on_disk(data.path())?;
    report.ingest("first hour", &first, Some(disk));
    if options.hours > 1 {
        let rest = Load { start_s: start_s + 3600, seconds: (options.hours - 1) * 3600, ..load };
        let rest = push::push(&server, http, pool, rest).await?;
        let peak = server.memory_mb()?.1;
        settle(&server).await?;
        let disk = server::bytes_on_disk(data.path())?;
        report.ingest("the hours after", &rest, None);
        let per_sample = disk as f64 / (first.samples + rest.samples) as f64;
        let hours = options.hours;
        report.row(
            &format!("bytes a sample on disk, {hours} h"),
            format!("{per_sample:.2}"),
            "≤ 3",
            "Pyroscope 28.7",
        );
        report.row(
            "peak memory during ingest",
            format!("{peak:.0} MB"),
            "≤ 300 MB",
            "Pyroscope 0.9–2.0 GB, Parca 5.6 GB",
        );
    }
    trees(options, http, &server, end_s, report).await?;
    let hours = options.hours;
    let timed = query::ask(&server, http, Question::Series(60), start_s, end_s, options.repetitions).await?;
    report.question(
        &format!("series, {hours} h by minute"),
        &timed,
        "≤ 30 ms",
        "Pyroscope 134 ms, Parca 1.7 s (1 h)",
    );
    let (now, peak) = server.memory_mb()?;
    report.row("memory after these queries (peak)", format!("{now:.0} MB ({peak:.0} MB)"), "", "");
    server.stop()
}

/// The merged tree of increasing ranges, and how its cost grows from one hour to ten.
async fn trees(
    options: &Options,
    http: &reqwest::Client,
    server: &Server,
    end_s: i64,
    report: &mut Report,
) -> Result<()> {
    let mut one_hour = None;
    for (hours, target, peers) in [
        (1, "≤ 60 ms", "Pyroscope 600–680 ms, Parca 5.3 s"),
        (6, "≤ 200 ms", "Pyroscope 2.2 s"),
        (10, "", ""),
        (24, "≤ 500 ms", "Pyroscope 6.7 s"),
    ] {
        if hours > options.hours {
            break;
        }
        let start_s = end_s - hours * 3600;
        let timed = query::ask(server, http, Question::Tree, start_s, end_s, options.repetitions).await?;
        report.question(&format!("merged tree, {hours} h"), &timed, target, peers);
        let base = *one_hour.get_or_insert(timed.p50());
        if hours == 10 {
            report.row(
                "ten times the data, merged tree",
                format!("{:.1} × the time", timed.p50() / base),
                "",
                "",
            );
        }
    }
    Ok(())
}

async fn thirty_days(
    options: &Options,
    http: &reqwest::Client,
    pool: &Pool,
    report: &mut Report,
) -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
    let end_s = now_s();
    let load = Load { instances: 1, start_s: end_s - 30 * 86_400, seconds: 30 * 86_400, concurrency: 8 };
    push::push(&server, http, pool, load).await?;
    settle(&server).await?;
    let day = query::ask(&server, http, Question::Tree, end_s - 86_400, end_s, options.repetitions).await?;
    report.question("merged tree, 1 instance, 1 day", &day, "", "");
    let month =
        query::ask(&server, http, Question::Tree, end_s - 30 * 86_400, end_s, options.repetitions).await?;
    report.question("merged tree, 1 instance, 30 days", &month, "≤ 2 × the day", "");
    report.row("30 days against 1 day", format!("{:.2} ×", month.p50() / day.p50()), "≤ 2 ×", "");
    server.stop()
}

/// Waits until the server has been idle for two seconds, so that background folding is done; at most two minutes.
async fn settle(server: &Server) -> Result<()> {
    let mut quiet = 0;
    for _ in 0..120 {
        let before = server.cpu()?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        quiet = if server.cpu()? - before <= Duration::from_millis(30) { quiet + 1 } else { 0 };
        if quiet == 6 {
            break;
        }
    }
    Ok(())
}
