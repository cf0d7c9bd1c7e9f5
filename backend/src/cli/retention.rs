//! `flarepath retention --dry-run`: what retention would drop now. The server may be running.

use crate::app;
use crate::clock::{SettledClock, SystemClock};
use crate::config::{Config, Flags};
use crate::store::retention_plan::{self, Plan, Planned, Reason};
use anyhow::{Context, bail};
use flarepath_profile::unix_nanos::UnixNanos;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

const LEVELS: [&str; 4] = ["single profiles", "5-minute blocks", "1-hour blocks", "1-day blocks"];

#[derive(clap::Args, Debug)]
pub(super) struct RetentionArgs {
    /// Print what would be dropped now, and delete nothing. The server itself applies retention
    #[arg(long)]
    dry_run: bool,

    /// Data directory of the server [default: as for `flarepath serve`]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Configuration file of the server, or the one to try out
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: RetentionArgs) -> anyhow::Result<()> {
    if !args.dry_run {
        bail!("pass --dry-run to see what would be dropped; the running server applies retention by itself");
    }
    let flags = Flags { data: args.data, ..Flags::default() };
    let config = Config::load(args.config.as_deref(), &flags)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let now = SettledClock::open(&config.data, Arc::new(SystemClock)).now();
    let plan = retention_plan::plan(&config.data, app::retention(&config), config.max_size, now);
    let plan = runtime.block_on(plan)?;
    let text = text(&plan, config.max_size, now);
    std::io::stdout().lock().write_all(text.as_bytes()).context("cannot write to standard output")
}

fn text(plan: &Plan, max_size: Option<u64>, now: UnixNanos) -> String {
    let usage = plan.usage;
    let limit = max_size.map_or_else(|| "no limit".to_owned(), |bytes| format!("limit {}", size(bytes)));
    let mut text = format!(
        "Dry run as of {}: nothing is deleted.\nData {}, free pages {}, log {}; {limit}.\n",
        time(now),
        size(usage.used),
        size(usage.free),
        size(usage.log),
    );
    for planned in &plan.planned {
        text += &line(planned);
    }
    if plan.planned.is_empty() {
        text += "Nothing would be dropped.\n";
    }
    if plan.waits {
        text += "More would be dropped because of retention.max_size once all profiles are folded.\n";
    }
    text
}

fn line(planned: &Planned) -> String {
    let Planned { level, reason, from, until, rows, bytes } = *planned;
    let reason = match reason {
        Reason::Age => "age",
        Reason::Size => "retention.max_size",
    };
    let (level, bytes) = (LEVELS[level], size(bytes));
    format!("{level:<16} {} to {}  {rows:>12} rows  about {bytes:>9}  by {reason}\n", time(from), time(until))
}

fn time(at: UnixNanos) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(at.0))
        .map_or_else(|_| at.0.to_string(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// Bytes with a decimal unit, as `retention.max_size` has them.
fn size(bytes: u64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let bytes_f = bytes as f64;
    match units.into_iter().find(|(unit, _)| bytes_f >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", bytes_f / unit),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::DiskUsage;

    #[test]
    fn lists_levels_with_range_rows_and_bytes() {
        const DAY: i64 = 86_400_000_000_000;
        let planned = Planned {
            level: 1,
            reason: Reason::Size,
            from: UnixNanos(0),
            until: UnixNanos(2 * DAY),
            rows: 1234,
            bytes: 5_600_000,
        };
        let usage = DiskUsage { used: 3_000_000_000, free: 12, log: 4_000, disk_free: 0 };
        let plan = Plan { usage, planned: vec![planned], waits: false };
        let shown = text(&plan, Some(2_000_000_000), UnixNanos(3 * DAY));
        assert!(shown.contains("Data 3.0 GB, free pages 12 B, log 4.0 kB; limit 2.0 GB."), "{shown}");
        let row = "5-minute blocks  1970-01-01 00:00 UTC to 1970-01-03 00:00 UTC          1234 rows  about    5.6 MB  by retention.max_size\n";
        assert!(shown.contains(row), "{shown}");
        let none = text(&Plan { planned: vec![], waits: true, ..plan }, None, UnixNanos(0));
        assert!(
            none.contains("no limit") && none.contains("Nothing would") && none.contains("once all profiles"),
            "{none}"
        );
    }
}
