//! Profiles in ClickHouse's engine: a server whose only store it is takes a day of pushes and answers questions about it, first with a
//! tenth of the data.
//!
//! The engine is no server: it runs one statement after the other, in one process of Python. So the times are upper bounds for one caller,
//! and say nothing about many.

use super::day::{DAY_S, Day, PODS};
use super::engine::Engine;
use crate::latency::Summary;
use crate::now_s;
use crate::push::{Pool, Pushed};
use crate::query::{self, Question};
use crate::report::Report;
use crate::server::{Configured, Server};
use anyhow::Result;
use reqwest::Client;
use std::time::Duration;

const REPETITIONS: i64 = 7;
/// Profiles in a request that fills the store: an hour of a pod.
const TOGETHER: usize = 24;
/// How long the store is filled. On a slow machine there is less than ten times the data then, and the rows say how much.
const PATIENCE: Duration = Duration::from_secs(120);

/// All rows, or one that says why there are none.
pub(super) async fn measure(http: &Client, pool: &Pool, report: &mut Report) -> Result<()> {
    let Some(engine) = Engine::start()? else {
        println!("skipped: chdb is missing; `scripts/setup.sh checks` installs it");
        report.row("profiles in ClickHouse", "not measured: chdb is missing".to_owned(), "", "");
        return Ok(());
    };
    let config = format!(
        "self_profile = false\n[stores.columns]\nkind = \"clickhouse\"\nurl = \"{}\"\n\
         [ingest]\nstore = \"columns\"\n",
        engine.url
    );
    let configured = Configured::start(&config, http).await?;
    let server = &configured.server;
    println!("pushing a day to ClickHouse's engine …");
    let end_s = now_s();
    let day = Day { start_s: end_s - DAY_S, pool };
    let first = day.push(server, http, 0..1, 1, PATIENCE).await?;
    ingest(&first, "one profile a request", report);
    let asker = Asker { engine: &engine, server, http };
    // A second earlier, so that no answer about a tenth of the data is used again.
    let small = asker.ask(end_s - 1, report).await?;
    let rest = day.push(server, http, 1..PODS, TOGETHER, PATIENCE).await?;
    ingest(&rest, &format!("{TOGETHER} profiles a request"), report);
    let large = asker.ask(end_s, report).await?;
    disk(&engine, http, first.samples + rest.samples, report).await?;
    let [hour, day, series]: [f64; 3] = std::array::from_fn(|at| large.p50s[at] / small.p50s[at]);
    report.row(
        &format!("ClickHouse's engine, {:.1} times the data", large.rows as f64 / small.rows as f64),
        format!("merged tree of 1 h {hour:.1} ×, of 24 h {day:.1} ×, series {series:.1} × the time"),
        "",
        "",
    );
    configured.server.stop()
}

fn ingest(pushed: &Pushed, how: &str, report: &mut Report) {
    let rate = pushed.profiles as f64 / pushed.wall.as_secs_f64();
    let times = Summary::of(pushed.latencies_ms.clone());
    let cpu = pushed.cpu.as_secs_f64() * 1e3 / pushed.profiles as f64;
    let ours = format!("{rate:.0} profiles/s, a request {times}; our CPU {cpu:.2} ms a profile");
    report.row(&format!("ClickHouse's engine: ingest, {how}"), ours, "", "");
}

async fn disk(engine: &Engine, http: &Client, samples: usize, report: &mut Report) -> Result<()> {
    let (bytes, rows) = (engine.bytes_on_disk(http).await? as f64, engine.sample_rows(http).await? as f64);
    let ours =
        format!("{:.2}, in {:.1} rows of {:.2}", bytes / samples as f64, rows / samples as f64, bytes / rows);
    report.row("ClickHouse's engine: bytes a sample on disk, symbols included", ours, "", "");
    Ok(())
}

/// Asks about the day that was pushed.
struct Asker<'a> {
    engine: &'a Engine,
    server: &'a Server,
    http: &'a Client,
}

/// What a size of the data has.
struct Asked {
    rows: u64,
    /// Median times of the questions in milliseconds, in their order.
    p50s: [f64; 3],
}

impl Asker<'_> {
    /// Three rows about ranges up to `end_s`, once all parts are merged.
    async fn ask(&self, end_s: i64, report: &mut Report) -> Result<Asked> {
        self.engine.merge_parts(self.http).await?;
        let rows = self.engine.sample_rows(self.http).await?;
        let mut p50s = [0.0; 3];
        let questions = [
            ("merged tree, 1 h", Question::Tree, 3_600),
            ("merged tree, 24 h", Question::Tree, DAY_S),
            ("series, 24 h by minute", Question::Series(60), DAY_S),
        ];
        for ((name, question, seconds), p50) in questions.into_iter().zip(&mut p50s) {
            let start_s = end_s - seconds;
            let timed = query::ask(self.server, self.http, question, start_s, end_s, REPETITIONS).await?;
            let what = format!("ClickHouse's engine, {:.1} M rows: {name}", rows as f64 / 1e6);
            report.question(&what, &timed, "", "");
            *p50 = timed.p50();
        }
        Ok(Asked { rows, p50s })
    }
}
