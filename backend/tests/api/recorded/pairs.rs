//! Pairs of windows of a recorded run in which nothing changed, of one version of one service.

use flarepath::demo::recording::Recording;
use std::collections::BTreeMap;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// Lengths of windows next to each other, in minutes.
const LENGTHS: [u32; 5] = [10, 15, 20, 30, 60];
/// Distance of one such pair from the next. They overlap, so their number is larger than what is independent in them.
const STEP: Duration = Duration::from_secs(240);
/// Lengths of windows that are apart, in minutes: the first that gives enough pairs.
const LENGTHS_APART: [u32; 5] = [20, 15, 10, 8, 6];
/// How many pairs that is.
pub(crate) const LEAST_PAIRS: usize = 200;

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

/// Pairs of windows of several lengths, each with the one after it.
pub(crate) fn unchanged(recording: &Recording) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (of, span) in spans(recording) {
        for length in LENGTHS.map(|minutes| minutes * MINUTE) {
            let mut start = span.start;
            while start + 2 * length <= span.end {
                let middle = start + length;
                let window = Window { start, end: middle };
                pairs.push(pair(of, window, Window { start: middle, end: middle + length }));
                start += STEP;
            }
        }
    }
    pairs
}

/// All pairs of windows that do not overlap: two pairs have at most one window in common, and are apart in the other side.
pub(crate) fn apart(recording: &Recording) -> Vec<Pair> {
    let of_length = |minutes: u32| {
        let mut pairs = Vec::new();
        for (of, span) in spans(recording) {
            let windows = cut(span, minutes * MINUTE);
            for (place, baseline) in windows.iter().enumerate() {
                let later = windows[place + 1..].iter();
                pairs.extend(later.map(|comparison| pair(of, *baseline, *comparison)));
            }
        }
        pairs
    };
    let all = LENGTHS_APART.map(of_length);
    let enough = all.iter().position(|pairs| pairs.len() >= LEAST_PAIRS).unwrap_or(all.len() - 1);
    all.into_iter().nth(enough).unwrap_or_default()
}

/// Windows of a length, one after the other.
fn cut(span: Window, length: Duration) -> Vec<Window> {
    let starts = std::iter::successors(Some(span.start), |start| Some(*start + length));
    let windows = starts.map(|start| Window { start, end: start + length });
    windows.take_while(|window| window.end <= span.end).collect()
}

fn pair((service, version): (&str, &str), baseline: Window, comparison: Window) -> Pair {
    Pair { service: service.to_owned(), version: version.to_owned(), baseline, comparison }
}

/// When each version of each service ran, without the first and the last two minutes: its processes start and end then.
fn spans(recording: &Recording) -> BTreeMap<(&str, &str), Window> {
    let mut spans: BTreeMap<(&str, &str), Window> = BTreeMap::new();
    for push in recording.pushes() {
        let labels = recording.labels(push);
        let key = (labels.service(), labels.get("version").unwrap_or_default());
        spans.entry(key).or_insert(Window { start: push.arrived, end: push.arrived }).end = push.arrived;
    }
    for span in spans.values_mut() {
        *span = Window { start: span.start + 2 * MINUTE, end: span.end.saturating_sub(2 * MINUTE) };
    }
    spans
}
