//! Pairs of windows of a recorded run in which nothing changed: one after the other, of one version of one service.

use flarepath::demo::recording::Recording;
use std::collections::BTreeMap;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// Lengths of windows, in minutes.
const LENGTHS: [u32; 5] = [10, 15, 20, 30, 60];
/// Distance of one pair from the next. Pairs overlap, so their number is larger than what is independent in them.
const STEP: Duration = Duration::from_secs(240);

/// A range of time, from the start of the recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) start: Duration,
    pub(crate) end: Duration,
}

/// Two windows to compare.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) service: String,
    pub(crate) version: String,
    pub(crate) baseline: Window,
    pub(crate) comparison: Window,
}

impl Pair {
    pub(crate) fn selector(&self) -> String {
        format!("{{service_name={:?},version={:?}}}", self.service, self.version)
    }
}

/// All pairs. The first and the last two minutes of a version are left out: its processes start and end then.
pub(crate) fn unchanged(recording: &Recording) -> Vec<Pair> {
    let mut spans: BTreeMap<(&str, &str), Window> = BTreeMap::new();
    for push in recording.pushes() {
        let labels = recording.labels(push);
        let key = (labels.service(), labels.get("version").unwrap_or_default());
        spans.entry(key).or_insert(Window { start: push.arrived, end: push.arrived }).end = push.arrived;
    }
    let mut pairs = Vec::new();
    for ((service, version), span) in spans {
        for length in LENGTHS.map(|minutes| minutes * MINUTE) {
            let mut start = span.start + 2 * MINUTE;
            while start + 2 * length + 2 * MINUTE <= span.end {
                let middle = start + length;
                pairs.push(Pair {
                    service: service.to_owned(),
                    version: version.to_owned(),
                    baseline: Window { start, end: middle },
                    comparison: Window { start: middle, end: middle + length },
                });
                start += STEP;
            }
        }
    }
    pairs
}
