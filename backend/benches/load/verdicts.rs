//! Verdicts on a recorded run of the demo, in which nothing changed but one version of one service.

#[path = "../../tests/api/recorded/pairs.rs"]
mod pairs;

use crate::report::Report;
use crate::server::{self, Server};
use anyhow::{Context, Result, bail};
use flarepath::demo::recording::{FILE, Recording};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::verdict::VerdictResponse;
use pairs::{Pair, unchanged};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

const TYPE: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

/// False alarms among pairs of unchanged windows, and the time of a verdict.
pub(crate) async fn measure(http: &reqwest::Client, report: &mut Report) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/recorded");
    let path = folder.join(FILE);
    let file = std::fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    let recording = Recording::read(&file)?;
    let data = tempfile::tempdir()?;
    let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
    let start = SystemTime::now() - recording.length() - Duration::from_secs(60);
    let start = humantime::format_rfc3339_seconds(start).to_string();
    replay(&server, &folder, &start)?;
    let zero =
        UnixNanos::default().plus(humantime::parse_rfc3339(&start)?.duration_since(SystemTime::UNIX_EPOCH)?);
    let pairs = unchanged(&recording);
    let (mut alarms, mut ms) = (0, Vec::new());
    for pair in &pairs {
        let asked = Instant::now();
        let found = verdict(&server, http, pair, zero).await?;
        ms.push(asked.elapsed().as_secs_f64() * 1e3);
        if found.outcome == "changed" {
            alarms += 1;
            println!("false alarm: {}: {}", pair.selector(), found.headline);
        }
    }
    ms.sort_by(f64::total_cmp);
    let share = f64::from(alarms) / pairs.len() as f64 * 100.0;
    let what = format!("false alarms in {} pairs of unchanged windows of a recorded run", pairs.len());
    report.row(&what, format!("{alarms} ({share:.1} %)"), "≤ 1 %", "");
    let time = format!("p50 {:.1} ms, at most {:.1} ms", ms[ms.len() / 2], ms[ms.len() - 1]);
    report.row("verdict on a pair, 3 replicas, 20 to 120 min", time, "", "");
    server.stop()
}

fn replay(server: &Server, folder: &Path, start: &str) -> Result<()> {
    let status = Command::new(server::binary())
        .args(["demo", "--url", &server.url, "--start", start, "--replay"])
        .arg(folder)
        .stdout(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("the recording cannot be replayed: {status}");
    }
    Ok(())
}

async fn verdict(
    server: &Server,
    http: &reqwest::Client,
    pair: &Pair,
    zero: UnixNanos,
) -> Result<VerdictResponse> {
    let ms = |at: Duration| zero.plus(at).as_millis().to_string();
    let mut url = reqwest::Url::parse(&format!("{}/api/v1/verdict", server.url))?;
    url.query_pairs_mut()
        .append_pair("type", TYPE)
        .append_pair("selector", &pair.selector())
        .append_pair("from", &ms(pair.comparison.start))
        .append_pair("until", &ms(pair.comparison.end))
        .append_pair("baseline_from", &ms(pair.baseline.start))
        .append_pair("baseline_until", &ms(pair.baseline.end));
    let answer = http.get(url).header("accept", "application/json").send().await?;
    if !answer.status().is_success() {
        bail!("no verdict: {} {}", answer.status(), answer.text().await?);
    }
    Ok(answer.json().await?)
}
