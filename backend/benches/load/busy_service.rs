//! One busy service: start, ingest and queries of a day, and of 30 days of one instance.

use crate::half_rate::{self, HalfRate};
use crate::model::Model;
use crate::push::{self, Load, Pool};
use crate::query::{self, Question};
use crate::report::Report;
use crate::server::{self, Server};
use crate::{Options, now_s};
use anyhow::Result;
use std::time::Duration;

/// Start, ingest and queries.
pub(crate) async fn measure(options: &Options, http: &reqwest::Client, report: &mut Report) -> Result<()> {
    println!("making 400 profiles …");
    let pool = Pool::new(&Model::new());
    start_up(http, report).await?;
    one_day(options, http, &pool, report).await?;
    if !options.skip_thirty_days {
        thirty_days(options, http, &pool, report).await?;
    }
    Ok(())
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
    let load = Load { instances: 20, start_s, seconds: 3600, concurrency: 8, pace: None };
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
    let range = (start_s - 3600, end_s, options.hours * 3600);
    let half = half_rate::measure(&server, http, pool, &first, range).await?;
    report.row(&half.name(), half.text(), HalfRate::TARGET, "");
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
    let start_s = end_s - 30 * 86_400;
    let load = Load { instances: 1, start_s, seconds: 30 * 86_400, concurrency: 8, pace: None };
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
pub(crate) async fn settle(server: &Server) -> Result<()> {
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
