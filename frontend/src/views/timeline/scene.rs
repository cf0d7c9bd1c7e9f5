//! What the timeline shows, as data: bars, gaps, ticks. No pixels and no browser.
//!
//! Totals of things that add up over time (CPU time, bytes allocated) become rates: divided by the width of
//! a bucket. What is a level and no flow (memory in use) stays a sum.

use crate::state::clock_text::{civil, span_text};
use crate::state::timeline::TimelineData;
use flarepath_profile::time_series;
use flarepath_profile::units::{Tick, Unit, format_value, ticks};

/// Lines with a colour of their own; the rest share the last.
pub(crate) const MAX_LINES: usize = 7;

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bar {
    /// Left edge.
    pub(crate) from_ms: i64,
    /// Right edge.
    pub(crate) until_ms: i64,
    /// Lower end, in the unit of the axis.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
    /// Index into [`Scene::legend`].
    pub(crate) line: usize,
    /// False for a bucket that is still being filled.
    pub(crate) complete: bool,
}

/// A mark on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimeTick {
    /// When.
    pub(crate) ms: i64,
    /// `03:05`, or the date.
    pub(crate) label: String,
}

/// A bucket with all its parts, for the readout.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bucket {
    /// Left edge.
    pub(crate) from_ms: i64,
    /// Sum of all lines in the unit of the axis; `None` in a gap.
    pub(crate) value: Option<f64>,
    /// False while the bucket is still being filled.
    pub(crate) complete: bool,
}

/// The whole chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scene {
    /// Start of the time axis.
    pub(crate) from_ms: i64,
    /// Its end.
    pub(crate) until_ms: i64,
    /// Top of the value axis.
    pub(crate) top: f64,
    /// Parts of bars.
    pub(crate) bars: Vec<Bar>,
    /// Times without data between the first and the last bucket, and around them.
    pub(crate) gaps: Vec<(i64, i64)>,
    /// Marks on the value axis.
    pub(crate) values: Vec<Tick>,
    /// Marks on the time axis.
    pub(crate) times: Vec<TimeTick>,
    /// All buckets, gaps included.
    pub(crate) buckets: Vec<Bucket>,
    /// Names of the lines; empty when there is one only.
    pub(crate) legend: Vec<String>,
    /// Width of a bucket.
    pub(crate) step_ms: i64,
    /// Unit of the value axis.
    pub(crate) unit: Unit,
}

/// Lays `data` out. `offset_min` is the zone in which the time axis is cut, `width` its length in CSS pixels,
/// `now_ms` decides which bucket is still being filled.
pub(crate) fn scene(data: &TimelineData, offset_min: i64, width: f64, now_ms: i64) -> Scene {
    let (from_ms, step) = (data.span.from_ms, data.step_ms);
    let count = ((data.span.length_ms() + step - 1) / step).clamp(0, 20_000) as usize;
    let until_ms = from_ms + count as i64 * step;
    let (unit, divisor) = axis_unit(data);
    let complete = |from: i64| from + step <= data.span.until_ms.min(now_ms);

    let mut heights: Vec<Option<f64>> = vec![None; count];
    let mut bars = Vec::new();
    for (index, line) in data.lines.iter().enumerate() {
        for (time, value) in line.times_ms.iter().zip(&line.values) {
            let slot = (time - from_ms).div_euclid(step);
            let Some(height) = usize::try_from(slot).ok().and_then(|i| heights.get_mut(i)) else { continue };
            let low = height.unwrap_or(0.0);
            let high = low + value / divisor;
            *height = Some(high);
            let from = from_ms + slot * step;
            let line = index.min(MAX_LINES);
            bars.push(Bar {
                from_ms: from,
                until_ms: from + step,
                low,
                high,
                line,
                complete: complete(from),
            });
        }
    }
    let buckets: Vec<Bucket> = (0_i64..)
        .zip(heights)
        .map(|(i, value)| Bucket {
            from_ms: from_ms + i * step,
            value,
            complete: complete(from_ms + i * step),
        })
        .collect();
    let highest = buckets.iter().filter_map(|b| b.value).fold(0.0, f64::max);
    let top = if highest > 0.0 { highest * 1.08 } else { 1.0 };
    Scene {
        from_ms,
        until_ms,
        top,
        bars,
        gaps: gaps(&buckets, step),
        values: if highest > 0.0 { ticks(0.0, top, 3, &unit) } else { Vec::new() },
        times: time_ticks(from_ms, until_ms, offset_min, (width / 90.0).max(2.0) as i64),
        buckets,
        legend: legend(data),
        step_ms: step,
        unit,
    }
}

fn axis_unit(data: &TimelineData) -> (Unit, f64) {
    let unit = Unit::of(&data.sample_type, &data.unit);
    let level = data.sample_type.starts_with("inuse") || data.sample_type.starts_with("goroutine");
    match level {
        true => (unit, 1.0),
        false => (unit.per_second(), data.step_ms as f64 / 1000.0),
    }
}

fn legend(data: &TimelineData) -> Vec<String> {
    if data.by.is_none() {
        return Vec::new();
    }
    let name = |text: &str| if text.is_empty() { "(none)".to_owned() } else { text.to_owned() };
    let mut names: Vec<String> = data.lines.iter().take(MAX_LINES).map(|line| name(&line.name)).collect();
    match data.lines.len() - names.len() {
        0 => {}
        1 => names.push(name(&data.lines[MAX_LINES].name)),
        rest => names.push(format!("{rest} more")),
    }
    names
}

/// Runs of complete buckets without data.
fn gaps(buckets: &[Bucket], step: i64) -> Vec<(i64, i64)> {
    // Only the last buckets can be incomplete.
    let complete = &buckets[..buckets.iter().take_while(|b| b.complete).count()];
    let (Some(first), Some(last)) = (complete.first(), complete.last()) else { return Vec::new() };
    let range = first.from_ms..last.from_ms + step;
    let starts = complete.iter().filter(|b| b.value.is_some()).map(|b| b.from_ms).collect();
    let gaps = time_series::gaps(&time_series::covered(starts, step, &range), &range);
    gaps.into_iter().map(|gap| (gap.start, gap.end)).collect()
}

/// At most `count` marks at round times of the zone: whole minutes, hours, days.
pub(crate) fn time_ticks(from_ms: i64, until_ms: i64, offset_min: i64, count: i64) -> Vec<TimeTick> {
    let least_ms = (until_ms - from_ms) / (count.max(0) + 1) + 1;
    let step = time_series::round_step_secs(time_series::least_step(least_ms, 1000).max(60)) * 1000;
    let local = from_ms + offset_min * 60_000;
    let first = (local + step - 1).div_euclid(step) * step - offset_min * 60_000;
    let label = |ms: i64| {
        let at = civil(ms, offset_min);
        match (at.hour, at.minute) {
            (0, 0) => at.date()[5..].to_owned(),
            _ => at.time(),
        }
    };
    let times = (0..=count + 1).map(|i| first + i * step).take_while(|ms| *ms < until_ms);
    times.map(|ms| TimeTick { ms, label: label(ms) }).collect()
}

impl Scene {
    /// The bucket at a share of the width (0 to 1).
    pub(crate) fn bucket_at(&self, share: f64) -> Option<usize> {
        let last = self.buckets.len().checked_sub(1)?;
        let at = (share.clamp(0.0, 1.0) * self.buckets.len() as f64) as usize;
        Some(at.min(last))
    }

    /// Where an instant is, as a share of the width.
    pub(crate) fn share_of(&self, ms: i64) -> f64 {
        (ms - self.from_ms) as f64 / (self.until_ms - self.from_ms).max(1) as f64
    }

    /// The readout of a bucket: `03:05 – 03:06  1.2 cores`.
    pub(crate) fn readout(&self, index: usize, offset_min: i64) -> String {
        let Some(bucket) = self.buckets.get(index) else { return String::new() };
        let until_ms = bucket.from_ms + self.step_ms;
        let at = |ms| civil(ms, offset_min).time();
        let time = match self.until_ms - self.from_ms > 86_400_000 {
            true => span_text(bucket.from_ms, until_ms, offset_min),
            false => format!("{} – {}", at(bucket.from_ms), at(until_ms)),
        };
        match (bucket.value, bucket.complete) {
            (Some(value), true) => format!("{time}  {}", format_value(value, &self.unit)),
            (Some(value), false) => format!("{time}  {} so far", format_value(value, &self.unit)),
            (None, true) => format!("{time}  no data"),
            (None, false) => format!("{time}  no data yet"),
        }
    }

    /// The chart in a sentence, for those who do not see it.
    pub(crate) fn summary(&self, offset_min: i64) -> String {
        let with_data = self.buckets.iter().filter(|b| b.value.is_some()).count();
        let highest = self.buckets.iter().enumerate().filter(|(_, b)| b.value.is_some());
        let highest = highest
            .max_by(|(_, a), (_, b)| a.value.partial_cmp(&b.value).unwrap_or(std::cmp::Ordering::Equal));
        match highest {
            None => "Timeline without data.".to_owned(),
            Some((index, _)) => format!(
                "Timeline of {} intervals, {with_data} with data. Highest: {}.",
                self.buckets.len(),
                self.readout(index, offset_min)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::time_range::Span;
    use crate::state::timeline::Line;

    const T: i64 = 1_764_000_000_000;
    /// One core in the unit of the axis: so many nanoseconds of CPU time a second.
    const CORE: f64 = 1e9;

    fn data(lines: Vec<Line>) -> TimelineData {
        TimelineData {
            lines,
            step_ms: 60_000,
            unit: "nanoseconds".into(),
            sample_type: "cpu".into(),
            span: Span { from_ms: T, until_ms: T + 290_000 },
            by: None,
        }
    }

    fn line(name: &str, points: &[(i64, f64)]) -> Line {
        Line {
            name: name.into(),
            times_ms: points.iter().map(|(i, _)| T + i * 60_000).collect(),
            values: points.iter().map(|(_, v)| v * 60.0 * CORE).collect(),
        }
    }

    #[test]
    fn cpu_time_becomes_cores_and_absence_a_gap() {
        let scene = scene(&data(vec![line("", &[(0, 1.5), (3, 0.0), (4, 0.5)])]), 0, 900.0, T + 290_000);
        let values: Vec<_> = scene.buckets.iter().map(|b| (b.value, b.complete)).collect();
        assert_eq!(
            values,
            [
                (Some(1.5 * CORE), true),
                (None, true),
                (None, true),
                (Some(0.0), true),
                (Some(0.5 * CORE), false)
            ]
        );
        assert_eq!(scene.gaps, [(T + 60_000, T + 180_000)]);
        assert!(scene.readout(0, 0).ends_with("1.5 cores"), "{}", scene.readout(0, 0));
        assert!(scene.readout(1, 0).ends_with("no data"));
        assert!(scene.readout(4, 0).ends_with("so far"));
    }

    #[test]
    fn groups_are_stacked_and_their_sum_is_read_out() {
        let mut grouped = data(vec![line("a", &[(0, 1.0)]), line("b", &[(0, 0.5), (1, 2.0)])]);
        grouped.by = Some("pod".into());
        let scene = scene(&grouped, 0, 900.0, T + 600_000);
        let parts: Vec<_> = scene.bars.iter().map(|b| (b.line, b.low, b.high)).collect();
        assert_eq!(parts, [(0, 0.0, CORE), (1, CORE, 1.5 * CORE), (1, 0.0, 2.0 * CORE)]);
        assert_eq!(scene.buckets[0].value, Some(1.5 * CORE));
        assert_eq!(scene.legend, ["a", "b"]);
    }

    #[test]
    fn many_groups_share_the_last_colour() {
        let mut grouped = data((0..20).map(|i| line(&i.to_string(), &[(0, 1.0)])).collect());
        grouped.by = Some("pod".into());
        let scene = scene(&grouped, 0, 900.0, T + 600_000);
        assert_eq!(scene.legend.len(), MAX_LINES + 1);
        assert_eq!(scene.legend[MAX_LINES], "13 more");
        assert_eq!(scene.buckets[0].value, Some(20.0 * CORE));
    }

    #[test]
    fn levels_are_no_rates() {
        let mut memory = data(vec![Line { name: String::new(), times_ms: vec![T], values: vec![1048576.0] }]);
        (memory.unit, memory.sample_type) = ("bytes".into(), "inuse_space".into());
        assert!(scene(&memory, 0, 900.0, T + 600_000).readout(0, 0).ends_with("1 MiB"));
    }

    #[test]
    fn time_is_cut_at_round_minutes_of_the_zone() {
        let ticks = time_ticks(0, 86_400_000, 90, 10);
        assert!(ticks.len() <= 11 && ticks.len() >= 5);
        assert!(ticks.iter().all(|t| (t.ms + 90 * 60_000) % 10_800_000 == 0));
        assert_eq!(ticks.iter().filter(|t| t.label == "01-02").count(), 1);
    }

    #[test]
    fn places_and_instants_agree() {
        let scene = scene(&data(vec![]), 0, 900.0, T + 600_000);
        for index in 0..scene.buckets.len() {
            let middle = scene.buckets[index].from_ms + 30_000;
            assert_eq!(scene.bucket_at(scene.share_of(middle)), Some(index));
        }
        assert_eq!(scene.bucket_at(7.0), Some(4));
        assert_eq!(scene.summary(0), "Timeline without data.");
    }
}
