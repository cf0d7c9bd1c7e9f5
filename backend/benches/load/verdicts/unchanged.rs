//! False alarms: windows of a recorded run in which nothing changed, called changed.

use super::pairs::{LEAST_PAIRS, Pair, apart, unchanged};
use super::run::Run;
use crate::report::Report;
use anyhow::Result;
use std::time::Instant;

/// What became of pairs.
#[derive(Default)]
struct Found {
    compared: usize,
    alarms: usize,
    ms: Vec<f64>,
}

impl Found {
    /// Whether at most one in a hundred is a false alarm.
    fn is_bounded(&self) -> bool {
        self.compared > 0 && self.alarms * 100 <= self.compared
    }

    fn text(&self) -> String {
        let percent = self.alarms as f64 / self.compared.max(1) as f64 * 100.0;
        format!("{} ({percent:.1} %)", self.alarms)
    }
}

/// Three rows. Whether the bounds held.
pub(super) async fn measure(run: &Run<'_>, report: &mut Report) -> Result<bool> {
    let first = found(run, &apart(&run.recording)).await?;
    let what = format!("recorded: false alarms in {} pairs of windows that are apart", first.compared);
    let is_enough = first.compared >= LEAST_PAIRS;
    let bound = format!("≤ 1 % of at least {LEAST_PAIRS}");
    let mut held = report.bounded(&what, first.text(), &bound, first.is_bounded() && is_enough);
    let next = found(run, &unchanged(&run.recording)).await?;
    let what = format!(
        "recorded: false alarms in {} pairs of windows of 10 to 60 min next to each other",
        next.compared
    );
    held &= report.bounded(&what, next.text(), "≤ 1 %", next.is_bounded());
    let mut ms = [first.ms, next.ms].concat();
    ms.sort_by(f64::total_cmp);
    let time = format!("p50 {:.1} ms, at most {:.1} ms", ms[ms.len() / 2], ms[ms.len() - 1]);
    report.row("recorded: time of these verdicts, 3 replicas", time, "", "");
    Ok(held)
}

/// Asks for the verdict on each pair. Those with too little data cannot be false alarms, and do not count.
async fn found(run: &Run<'_>, pairs: &[Pair]) -> Result<Found> {
    let mut found = Found::default();
    for pair in pairs {
        let asked = Instant::now();
        let verdict = run.verdict(&pair.selector(), pair.comparison, Some(pair.baseline)).await?;
        found.ms.push(asked.elapsed().as_secs_f64() * 1e3);
        found.compared += usize::from(["changed", "unchanged"].contains(&verdict.outcome.as_str()));
        if verdict.outcome == "changed" {
            found.alarms += 1;
            println!("false alarm: {} {:?}: {}", pair.selector(), pair.comparison, verdict.headline);
        }
    }
    Ok(found)
}
