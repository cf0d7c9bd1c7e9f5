//! Verdict on a soak: whether its bounds held.

use super::samples::{Phase, Sample, Samples};
use super::traffic::Traffic;
use crate::latency::Summary;
use crate::outage::{MAX_MS, P99_MS, TARGET};
use crate::report::Report;
use flarepath_profile::stats;

/// Memory in the last quarter of the load, compared with the second.
const GROWTH: f64 = 1.10;
const IDLE_BEFORE_MB: f64 = 40.0;
const IDLE_AFTER_MB: f64 = 60.0;
/// More descriptors after the load than before it: connections that the load generator keeps.
const MORE_DESCRIPTORS: usize = 64;

/// Lines: name, measured, bound, whether it held.
#[derive(Default)]
pub(crate) struct Verdict(Vec<(String, String, String, bool)>);

impl Verdict {
    pub(crate) fn line(&mut self, what: &str, measured: String, bound: &str, held: bool) {
        self.0.push((what.to_owned(), measured, bound.to_owned(), held));
    }

    /// What the samples show.
    pub(crate) fn memory(&mut self, samples: &Samples) {
        let (before, load, after) =
            (samples.of(Phase::Before), samples.of(Phase::Load), samples.of(Phase::After));
        // The last sample of an idle phase: 25 s after the start, and more than a minute after the load.
        let last = |samples: &[Sample], of: fn(&Sample) -> f64| samples.last().map_or(f64::INFINITY, of);
        let idle = last(&before, |sample| sample.memory);
        let bound = format!("≤ {IDLE_BEFORE_MB} MB");
        self.line("idle before, profiling itself", format!("{idle:.0} MB"), &bound, idle <= IDLE_BEFORE_MB);
        let quarter = load.len() / 4;
        let second = median(&load[quarter..quarter * 2]);
        let fourth = median(&load[load.len() - quarter..]);
        let measured = format!("{second:.0} → {fourth:.0} MB");
        let held = quarter > 0 && fourth <= second * GROWTH;
        self.line("memory, second and last quarter of the load", measured, "within 10 %", held);
        let idle = last(&after, |sample| sample.memory - sample.caches);
        let bound = format!("≤ {IDLE_AFTER_MB} MB");
        self.line("idle after, beyond live caches", format!("{idle:.0} MB"), &bound, idle <= IDLE_AFTER_MB);
        let count = |samples: &[Sample]| samples.last().map_or(0, |sample| sample.descriptors);
        let (first, end) = (count(&before), count(&after));
        let bound = format!("≤ {MORE_DESCRIPTORS} more");
        let held = end <= first + MORE_DESCRIPTORS;
        self.line("descriptors, idle before and after", format!("{first} → {end}"), &bound, held);
    }

    /// What became of the requests.
    pub(crate) fn traffic(&mut self, traffic: &Traffic) {
        for (kind, tally) in traffic.tallies() {
            let times = Summary::of(tally.ms);
            let mut measured = format!("{} succeeded", tally.succeeded);
            for (count, what) in
                [(tally.refused, "refused"), (tally.busy, "told to come again"), (tally.failed, "failed")]
            {
                if count > 0 {
                    measured.push_str(&format!(", {count} {what}"));
                }
            }
            if times.count > 0 {
                measured.push_str(&format!("; {times}"));
            }
            tally.failures.iter().for_each(|failure| println!("failed, {kind}: {failure}"));
            // Only guesses are to be refused. A few queries find nothing to export.
            let steady = ["ingest", "/healthz", "/readyz", "sign-in"].contains(&kind);
            let unharmed = tally.failed == 0 && (!steady || tally.refused + tally.busy == 0);
            let succeeds = kind == "wrong password" || tally.succeeded > tally.refused * 4;
            let timed = ["ingest", "/healthz", "/readyz"].contains(&kind);
            let in_time = !timed || (times.p99 <= P99_MS && times.max <= MAX_MS);
            let bound = if timed { format!("none fails; {TARGET}") } else { "none fails".to_owned() };
            self.line(kind, measured, &bound, unharmed && succeeds && in_time);
        }
    }

    /// Prints all lines into the report. Whether all held.
    pub(crate) fn report(self, report: &mut Report) -> bool {
        let mut all = true;
        for (what, measured, bound, held) in self.0 {
            all &= report.bounded(&what, measured, &bound, held);
        }
        all
    }
}

fn median(samples: &[Sample]) -> f64 {
    stats::median(samples.iter().map(|sample| sample.memory).collect()).unwrap_or(f64::INFINITY)
}
