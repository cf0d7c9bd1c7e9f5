//! Lines of the report: measurements of a server that has received its services.

use super::home::{Home, is_change, is_compared};
use super::load::{self, CHANGED, CHANGED_MINUTES, DEPLOYED, GROWN, STEADY};
use super::{BEFORE, Line, Size};
use crate::now_s;
use crate::server::Server;
use anyhow::Result;
use flarepath_wire::overview::OverviewRow;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const REQUESTS: usize = 200;
/// Two runs of the job, which comes every minute.
const IDLE: Duration = Duration::from_secs(120);
const SHOWN_WITHIN: Duration = Duration::from_secs(120);
/// How long the services that changed are waited for.
const PATIENCE: Duration = Duration::from_secs(180);
/// Bound on the unchanged services that are shown as changed.
const MOST_FLAGGED: usize = 2;
/// How often all rows are read until each has a verdict.
const PASSES: usize = 20;

/// Two lines: when the services that changed were shown as changed.
pub(super) async fn changes(size: &Size, home: Home<'_>) -> Result<[Line; 2]> {
    load::send(home, load::changing(), now_s() - BEFORE as i64 * 60, BEFORE).await?;
    let stored = Instant::now();
    let mut shown: BTreeMap<String, Duration> = BTreeMap::new();
    while shown.len() < 2 * CHANGED && stored.elapsed() < PATIENCE {
        for row in home.first_page().await?.rows {
            let has_changed = row.service.starts_with(DEPLOYED) || row.service.starts_with(GROWN);
            if has_changed && is_change(&row) {
                shown.entry(row.service).or_insert_with(|| stored.elapsed());
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let line = |(name, how): (&str, &str)| {
        let of_kind = shown.iter().filter(|(service, _)| service.starts_with(name));
        let times: Vec<Duration> = of_kind.map(|(_, after)| *after).collect();
        let last = times.iter().max();
        let last = last.map_or_else(String::new, |last| format!(", the last after {} s", last.as_secs()));
        let held = times.len() == CHANGED && times.iter().all(|after| *after <= SHOWN_WITHIN);
        let bound = format!("all within {} s", SHOWN_WITHIN.as_secs());
        let what =
            format!("{}: {CHANGED} of them cost 30 % more since {CHANGED_MINUTES} min, {how}", size.text);
        Line(what, format!("{} shown as changed{last}", times.len()), Some((bound, held)))
    };
    Ok([(DEPLOYED, "with a new version"), (GROWN, "without a new version")].map(line))
}

/// How long Home waits for its first page.
pub(super) async fn response_time(size: &Size, home: Home<'_>) -> Result<Line> {
    let times = home.times(REQUESTS).await?;
    let bound = (format!("p50 ≤ {:.0} ms", size.home_ms), times.p50 <= size.home_ms);
    Ok(Line(format!("{}: Home", size.text), times.to_string(), Some(bound)))
}

/// CPU time of the whole server while nobody asks and nothing arrives.
pub(super) async fn idle(size: &Size, server: &Server) -> Result<Line> {
    let before = server.cpu()?;
    tokio::time::sleep(IDLE).await;
    let percent = (server.cpu()? - before).as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    let bound = size.most_cpu_percent.map(|most| (format!("≤ {most} %"), percent <= most));
    Ok(Line(format!("{}: CPU of the idle server, of one core", size.text), format!("{percent:.1} %"), bound))
}

/// How many of the services that did not change are shown as changed. `how` says by which verdicts.
pub(super) fn flagged(size: &Size, how: &str, rows: &[OverviewRow]) -> Line {
    let steady = || rows.iter().filter(|row| row.service.starts_with(STEADY));
    let compared = steady().filter(|row| is_compared(row)).count();
    let flagged = steady().filter(|row| is_change(row)).count();
    let bound = (format!("≤ {MOST_FLAGGED}"), compared > 0 && flagged <= MOST_FLAGGED);
    let what = format!("{}: unchanged ones shown as changed, {how}", size.text);
    Line(what, format!("{flagged} of {compared} compared"), Some(bound))
}

/// The rows of the hour before `end_s` once each has a verdict: every request computes some of them.
pub(super) async fn all_compared(home: Home<'_>, end_s: i64) -> Result<Vec<OverviewRow>> {
    let range = format!("&from={}&until={}", (end_s - 3600) * 1000, end_s * 1000);
    let mut rows = Vec::new();
    for _ in 0..PASSES {
        rows = home.all_rows(&range).await?;
        if rows.iter().all(|row| row.state != "pending") {
            break;
        }
    }
    Ok(rows)
}
