//! Draw list of the timeline: bars, gaps, ticks. No pixels and no browser.
//!
//! Totals of things that add up over time (CPU time, bytes allocated) become rates of a replica: divided by the time that the
//! profiles of a bucket cover, of all replicas together. What is a level and no flow (memory in use) becomes the mean of the
//! profiles. A bucket that is still filling, or that the range cuts, is drawn, but neither the scale nor the highest value comes from
//! it, and no number is said.

use super::buckets::{Absence, Bar, Bucket, MAX_LINES, filled, gaps, highest};
use super::colours::{ALONE, COLOURS, Kept, colours};
use crate::state::clock_text::Zone;
use crate::state::time_range::Span;
use crate::state::timeline::{Partial, TimelineData};
use flarepath_profile::flame::within;
use flarepath_profile::time_series;
use flarepath_profile::units::{Tick, Unit, UnitScale, ticks};
use flarepath_profile::verdict::is_level;

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
    /// Marks on the time axis: when, and `03:05` or the date.
    pub(crate) times: Vec<(i64, String)>,
    /// All buckets, gaps included.
    pub(crate) buckets: Vec<Bucket>,
    /// Names of the lines; empty when there is one only.
    pub(crate) legend: Vec<String>,
    /// Colour of each line.
    pub(crate) colours: Vec<usize>,
    /// Width of a bucket.
    pub(crate) step_ms: i64,
    /// Unit of all values.
    pub(crate) scale: UnitScale,
    /// What follows a value: of what it is.
    per: &'static str,
    /// The time that was asked for, which the first and the last bucket may exceed.
    pub(crate) span: Span,
}

/// Lays `data` out. The time axis is cut in `zone`, `width` is its length in CSS pixels, `now_ms` is when the data was read.
/// Lines that the drawing before had keep their colours, which are `kept`.
pub(super) fn scene(
    data: &TimelineData,
    zone: Zone,
    width: f64,
    now_ms: i64,
    kept: &[(String, usize)],
) -> Scene {
    let step = data.step_ms.max(1);
    let (buckets, mut bars) = filled(data, now_ms);
    let from_ms = data.span.bars(step).0;
    let until_ms = from_ms + buckets.len() as i64 * step;
    let unit = axis_unit(data);
    // While no bucket is whole, the scale fits what there is.
    let all = || buckets.iter().filter_map(|b| b.value.ok()).fold(0.0, f64::max);
    let highest = highest(&buckets).map_or_else(all, |(_, value)| value);
    let top = if highest > 0.0 { highest * 1.08 } else { 1.0 };
    for bar in &mut bars {
        (bar.low, bar.high) = (bar.low.min(top), bar.high.min(top));
    }
    Scene {
        from_ms,
        until_ms,
        top,
        bars,
        gaps: gaps(&buckets, step),
        values: if highest > 0.0 { ticks(0.0, top, 3, &unit) } else { Vec::new() },
        times: time_ticks(from_ms, until_ms, zone, (width / 90.0).max(2.0) as i64),
        buckets,
        legend: legend(data),
        colours: line_colours(data, kept),
        step_ms: step,
        scale: UnitScale::for_largest(&unit, highest),
        per: per(data),
        span: data.span,
    }
}

/// The unit of the value axis.
fn axis_unit(data: &TimelineData) -> Unit {
    let unit = Unit::of(&data.sample_type, &data.unit);
    if is_level(&data.sample_type) { unit } else { unit.per_second() }
}

/// Of what a value is.
fn per(data: &TimelineData) -> &'static str {
    match (is_level(&data.sample_type), data.covered.replicas) {
        (true, _) => " on average",
        (false, 2..) => " per replica",
        (false, _) => "",
    }
}

/// The largest lines have colours by their names, the rest has the one after them; a line alone is neutral.
fn line_colours(data: &TimelineData, kept: &[(String, usize)]) -> Vec<usize> {
    if data.by.is_none() {
        return vec![ALONE];
    }
    let count = if data.lines.len() > MAX_LINES + 1 { MAX_LINES } else { data.lines.len() };
    let names: Vec<&str> = data.lines.iter().take(count).map(|line| line.name.as_str()).collect();
    let mut found = colours(&names, kept);
    found.resize(found.len().max(MAX_LINES + 1), COLOURS);
    found
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

/// At most about `count` marks at round times of the zone: whole minutes, hours, days.
pub(crate) fn time_ticks(from_ms: i64, until_ms: i64, zone: Zone, count: i64) -> Vec<(i64, String)> {
    let least_ms = (until_ms - from_ms) / (count.max(0) + 1) + 1;
    let step = time_series::round_step_secs(time_series::least_step(least_ms, 1000).max(60)) * 1000;
    zone.ticks(from_ms, until_ms, step)
}

impl Scene {
    /// The lines that have colours of their own, for the next drawing.
    pub(super) fn kept(&self) -> Kept {
        let lines = self.legend.iter().cloned().zip(self.colours.iter().copied());
        lines.filter(|(_, colour)| *colour < COLOURS).collect()
    }

    /// The bucket at a share of the width (0 to 1).
    pub(crate) fn bucket_at(&self, share: f64) -> Option<usize> {
        let last = self.buckets.len().checked_sub(1)?;
        let at = (within(share, 0.0, 1.0) * self.buckets.len() as f64) as usize;
        Some(at.min(last))
    }

    /// Where an instant is, as a share of the width.
    pub(crate) fn share_of(&self, ms: i64) -> f64 {
        (ms - self.from_ms) as f64 / (self.until_ms - self.from_ms).max(1) as f64
    }

    /// The readout of a bucket: `03:05 – 03:06  1.2 cores`.
    pub(crate) fn readout(&self, index: usize, zone: Zone) -> String {
        let Some(bucket) = self.buckets.get(index) else { return String::new() };
        let interval = (bucket.from_ms, bucket.from_ms + self.step_ms);
        let time = zone.interval(interval, (self.from_ms, self.until_ms));
        let text = match (bucket.partial, bucket.value) {
            (Some(why), _) => why.text().to_owned(),
            (None, Ok(value)) => self.scale.amount(value) + self.per,
            (None, Err(absence)) => absence.text().to_owned(),
        };
        format!("{time}  {text}")
    }

    /// Why the last bucket holds less than its width would, if it does.
    pub(crate) fn last_partial(&self) -> Option<Partial> {
        self.buckets.last()?.partial
    }

    /// The chart in a sentence, for those who do not see it.
    pub(crate) fn summary(&self, zone: Zone) -> String {
        let with_data = self.buckets.iter().filter(|b| b.value.is_ok()).count();
        let is_unknown = self.buckets.iter().any(|b| b.value == Err(Absence::Unknown));
        match (with_data, is_unknown) {
            (0, true) => return "Timeline without rates: covered time is not known.".to_owned(),
            (0, false) => return "Timeline without data.".to_owned(),
            _ => {}
        }
        let mut text = format!("Timeline of {} intervals, {with_data} with data.", self.buckets.len());
        if let Some((index, _)) = highest(&self.buckets) {
            text.push_str(&format!(" Highest: {}.", self.readout(index, zone)));
        }
        if let Some(why) = self.last_partial() {
            text.push_str(&format!(" The last interval is {}.", why.text()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::timeline::{BucketCover, Coverage, Line};

    const T: i64 = 1_764_000_000_000;
    /// One core in the unit of the axis: so many nanoseconds of CPU time a second.
    const CORE: f64 = 1e9;

    fn covered(at_ms: i64, secs: i64) -> BucketCover {
        BucketCover { at_ms, replica_ms: secs * 1000, range_ms: 1000 * secs.min(60), profiles: 1 }
    }

    /// Buckets with data are wholly covered.
    fn data(lines: Vec<Line>) -> TimelineData {
        let mut times: Vec<i64> = lines.iter().flat_map(|line| line.times_ms.clone()).collect();
        times.sort_unstable();
        times.dedup();
        let buckets = times.into_iter().map(|at| covered(at, 60)).collect();
        TimelineData {
            lines,
            step_ms: 60_000,
            unit: "nanoseconds".into(),
            sample_type: "cpu".into(),
            span: Span::of_ms(T, T + 290_000),
            covered: Coverage { replicas: 1, buckets },
            by: None,
        }
    }

    fn drawn(data: &TimelineData, now_ms: i64) -> Scene {
        scene(data, Zone::UTC, 900.0, now_ms, &[])
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
        let scene = drawn(&data(vec![line("", &[(0, 1.5), (3, 0.0), (4, 0.5)])]), T + 290_000);
        let values: Vec<_> = scene.buckets.iter().map(|b| (b.value, b.partial.is_none())).collect();
        assert_eq!(
            values,
            [
                (Ok(1.5 * CORE), true),
                (Err(Absence::Gap), true),
                (Err(Absence::Gap), true),
                (Ok(0.0), true),
                (Ok(0.5 * CORE), false)
            ]
        );
        assert_eq!(scene.gaps, [(T + 60_000, T + 180_000)]);
        let ends = [0, 1, 3, 4].map(|at| scene.readout(at, Zone::UTC).split_once("  ").unwrap().1.to_owned());
        assert_eq!(ends, ["1.5 cores", "no data", "0 cores", "still filling"]);
    }

    #[test]
    fn a_bucket_that_is_still_filling_says_nothing_about_the_whole() {
        let now = T + 290_000;
        let peak_at_the_end = data(vec![line("", &[(0, 1.5), (4, 9.0)])]);
        let filling = drawn(&peak_at_the_end, now);
        assert_eq!(filling.top, 1.5 * CORE * 1.08);
        assert!(filling.bars.iter().all(|bar| bar.high <= filling.top));
        let summary = filling.summary(Zone::UTC);
        assert!(summary.contains("1.5 cores. The last interval is still filling."), "{summary}");
        // A range that ends within a bucket cuts it; its rate stays unknown.
        let past = drawn(&peak_at_the_end, now + 15_000);
        assert_eq!(past.top, filling.top);
        let summary = past.summary(Zone::UTC);
        assert!(summary.ends_with("The last interval is partly outside of the time range."), "{summary}");
        // While there is nothing else, the scale fits what there is.
        let first = drawn(&data(vec![line("", &[(4, 9.0)])]), now);
        assert!(first.top > 9.0 * CORE, "{}", first.top);
        assert!(!first.summary(Zone::UTC).contains("Highest"), "{}", first.summary(Zone::UTC));
    }

    #[test]
    fn values_have_one_unit_in_readout_and_axis() {
        let small = drawn(&data(vec![line("", &[(0, 0.03), (1, 0.000_2)])]), T + 600_000);
        assert!(small.readout(1, Zone::UTC).ends_with("  0.0002 cores"), "{}", small.readout(1, Zone::UTC));
        assert!(small.values.iter().all(|tick| tick.label.ends_with("cores")), "{:?}", small.values);
    }

    #[test]
    fn groups_are_stacked_and_their_sum_is_read_out() {
        let mut grouped = data(vec![line("a", &[(0, 1.0)]), line("b", &[(0, 0.5), (1, 2.0)])]);
        grouped.by = Some("pod".into());
        let scene = drawn(&grouped, T + 600_000);
        let parts: Vec<_> = scene.bars.iter().map(|b| (b.line, b.low, b.high)).collect();
        assert_eq!(parts, [(0, 0.0, CORE), (1, CORE, 1.5 * CORE), (1, 0.0, 2.0 * CORE)]);
        assert_eq!(scene.buckets[0].value, Ok(1.5 * CORE));
        assert_eq!(scene.legend, ["a", "b"]);
    }

    #[test]
    fn lines_keep_their_colours_when_the_costs_change_their_order() {
        let coloured = |lines: Vec<Line>| {
            let scene = drawn(&TimelineData { by: Some("pod".into()), ..data(lines) }, T + 600_000);
            let mut pairs: Vec<_> = scene.legend.into_iter().zip(scene.colours).collect();
            pairs.sort();
            pairs
        };
        for count in [2, 7, 8] {
            let names: Vec<String> = (0..count).map(|i| format!("v{i}")).collect();
            let lines = || names.iter().map(|name| line(name, &[(0, 1.0)]));
            assert_eq!(coloured(lines().collect()), coloured(lines().rev().collect()), "{count} lines");
        }
    }

    #[test]
    fn what_is_on_screen_keeps_its_colours_and_a_line_alone_is_neutral() {
        let by_pod = |names: &[&str], kept: &[(String, usize)]| {
            let lines = names.iter().map(|name| line(name, &[(0, 1.0)])).collect();
            let grouped = TimelineData { by: Some("pod".into()), ..data(lines) };
            scene(&grouped, Zone::UTC, 900.0, T + 600_000, kept)
        };
        let names: Vec<String> = (0..20).map(|i| i.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let before = by_pod(&names[13..], &[]).kept();
        assert_eq!(before.len(), 7);
        let after = by_pod(&[&names[10..], &names[..10]].concat(), &before).kept();
        assert!(after.iter().filter(|line| before.contains(line)).count() >= 4, "{before:?} {after:?}");
        assert_eq!(drawn(&data(vec![line("", &[(0, 1.0)])]), T + 600_000).colours, [ALONE]);
    }

    #[test]
    fn many_groups_share_the_last_colour() {
        let mut grouped = data((0..20).map(|i| line(&i.to_string(), &[(0, 1.0)])).collect());
        grouped.by = Some("pod".into());
        let scene = drawn(&grouped, T + 600_000);
        assert_eq!(scene.legend.len(), MAX_LINES + 1);
        assert_eq!((scene.colours.len(), scene.colours[MAX_LINES]), (MAX_LINES + 1, COLOURS));
        assert_eq!(scene.legend[MAX_LINES], "13 more");
        assert_eq!(scene.buckets[0].value, Ok(20.0 * CORE));
    }

    #[test]
    fn rates_are_those_of_one_replica() {
        let mut three = data(vec![line("", &[(0, 6.0)])]);
        three.covered = Coverage { replicas: 3, buckets: vec![covered(T, 180)] };
        let readout = drawn(&three, T + 600_000).readout(0, Zone::UTC);
        assert!(readout.ends_with("  2 cores per replica"), "{readout}");
        three.covered.buckets.clear();
        let summary = drawn(&three, T + 600_000).summary(Zone::UTC);
        assert_eq!(summary, "Timeline without rates: covered time is not known.");
    }

    #[test]
    fn levels_are_means_and_no_rates() {
        let mut memory = data(vec![Line { name: String::new(), times_ms: vec![T], values: vec![2097152.0] }]);
        (memory.unit, memory.sample_type) = ("bytes".into(), "inuse_space".into());
        memory.covered.buckets[0].profiles = 2;
        let readout = drawn(&memory, T + 600_000).readout(0, Zone::UTC);
        assert!(readout.ends_with("  1 MiB on average"), "{readout}");
    }

    #[test]
    fn time_is_cut_at_round_minutes_of_the_zone() {
        let ticks = time_ticks(0, 86_400_000, Zone(|_| 90), 10);
        assert!(ticks.len() <= 11 && ticks.len() >= 5);
        assert!(ticks.iter().all(|(ms, _)| (ms + 90 * 60_000) % 10_800_000 == 0));
        assert_eq!(ticks.iter().filter(|(_, label)| label == "01-02").count(), 1);
    }

    #[test]
    fn places_and_instants_agree() {
        let scene = drawn(&data(vec![]), T + 600_000);
        for index in 0..scene.buckets.len() {
            let middle = scene.buckets[index].from_ms + 30_000;
            assert_eq!(scene.bucket_at(scene.share_of(middle)), Some(index));
        }
        assert_eq!(scene.bucket_at(7.0), Some(4));
        assert_eq!(scene.summary(Zone::UTC), "Timeline without data.");
    }
}
