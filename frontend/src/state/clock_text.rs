//! Formats and parses instants. Pure: the caller supplies the time zone or the offset from UTC.
//!
//! An instant is always written at the offset that its [`Zone`] has then, in 24 hours; where a range crosses a change of the
//! clock, both offsets are written.

use super::civil::{Civil, DAY_MS, civil, instant};
use flarepath_profile::unix_nanos::SECOND_NS;

/// Nanoseconds of a millisecond.
const MS: i64 = 1_000_000;
/// In a longer chart, a day without its year is ambiguous.
const YEAR_MS: i64 = 300 * DAY_MS;

/// A time zone: minutes east of UTC at an instant, given in milliseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zone(pub(crate) fn(i64) -> i64);

impl Zone {
    /// The zone of servers and links.
    pub(crate) const UTC: Zone = Zone(|_| 0);

    /// Minutes east of UTC at `ms`.
    pub(crate) fn offset(self, ms: i64) -> i64 {
        (self.0)(ms)
    }

    /// The date and time of an instant.
    pub(crate) fn civil(self, ms: i64) -> Civil {
        civil(ms, self.offset(ms))
    }

    /// `UTC+1`, at an instant.
    pub(crate) fn name(self, ms: i64) -> String {
        offset_name(self.offset(ms))
    }

    /// The name of the offset at both ends of a range: `UTC-4`, or `UTC-4, then UTC-5`.
    pub(crate) fn names(self, from_ms: i64, until_ms: i64) -> String {
        match self.changes(from_ms, until_ms) {
            true => format!("{}, then {}", self.name(from_ms), self.name(until_ms)),
            false => self.name(until_ms),
        }
    }

    /// The instants at which the clock shows a date and time, in milliseconds and in their order: two in an hour that it shows
    /// twice, none in one that it skips.
    pub(crate) fn instants(self, at: Civil) -> Vec<i64> {
        let offset = |by: i64| self.offset(instant(at, 0) + by);
        let [a, b] = [offset(-DAY_MS), offset(DAY_MS)].map(|offset| instant(at, offset));
        let mut found = vec![a.min(b), a.max(b)];
        found.dedup();
        found.retain(|ms| self.civil(*ms) == at);
        found
    }

    /// Whether the clock is changed between two instants, so that a time of day may not say which is meant.
    fn changes(self, from_ms: i64, until_ms: i64) -> bool {
        self.offset(from_ms) != self.offset(until_ms)
    }

    /// The day of an instant on the clock, counted from the epoch.
    fn day(self, ms: i64) -> i64 {
        (ms + self.offset(ms) * 60_000).div_euclid(DAY_MS)
    }

    /// A time, with the date from this letter on, and with the name of the offset.
    fn stamp(self, ns: i64, date_from: Option<usize>, is_named: bool) -> String {
        let ms = ns.div_euclid(MS);
        let at = self.civil(ms);
        let mut text = String::new();
        if let Some(letter) = date_from {
            text.push_str(&at.date()[letter..]);
            text.push(' ');
        }
        text.push_str(&exact_time(at, ns));
        if is_named {
            text.push(' ');
            text.push_str(&self.name(ms));
        }
        text
    }

    /// A range on its own, in nanoseconds: `2026-11-21 03:00 – 04:00 UTC+1`, with the second date and the first offset only where
    /// they differ, and with all digits of what is finer than a second.
    pub(crate) fn range(self, from_ns: i64, until_ns: i64) -> String {
        let (from_ms, until_ms) = (from_ns.div_euclid(MS), until_ns.div_euclid(MS));
        let differ = self.day(from_ms) != self.day(until_ms);
        let from = self.stamp(from_ns, Some(0), self.changes(from_ms, until_ms));
        [from, self.stamp(until_ns, differ.then_some(0), true)].join(" – ")
    }

    /// A range within a chart: `03:00 – 03:05`, with as much of the date as the chart needs, and the offsets where the clock is
    /// changed within the chart.
    pub(crate) fn interval(self, (from_ms, until_ms): (i64, i64), chart: (i64, i64)) -> String {
        let length = chart.1 - chart.0;
        let differ = self.day(from_ms) != self.day(until_ms);
        let changes = self.changes(from_ms, until_ms);
        let letter = if length >= YEAR_MS { 0 } else { 5 };
        let from = self.stamp(from_ms * MS, (length > DAY_MS || differ).then_some(letter), changes);
        let is_named = changes || self.changes(chart.0, chart.1);
        [from, self.stamp(until_ms * MS, differ.then_some(letter), is_named)].join(" – ")
    }

    /// Marks of a time axis: instants at which the clock shows a multiple of `step_ms`, with the time, or the date at midnight.
    pub(crate) fn ticks(self, from_ms: i64, until_ms: i64, step_ms: i64) -> Vec<(i64, String)> {
        let past = |ms: i64| (ms + self.offset(ms) * 60_000).rem_euclid(step_ms);
        // After a change of the clock, the nearest multiple.
        let even = |ms: i64| {
            let past = past(ms);
            if past * 2 <= step_ms { ms - past } else { ms - past + step_ms }
        };
        let letter = if until_ms - from_ms >= YEAR_MS { 0 } else { 5 };
        let mut ticks = Vec::new();
        let mut ms = from_ms - past(from_ms);
        while ms < until_ms {
            if ms >= from_ms {
                let at = self.civil(ms);
                let is_midnight = at.hour == 0 && at.minute == 0;
                ticks.push((ms, if is_midnight { at.date()[letter..].to_owned() } else { at.time() }));
            }
            ms = even(ms + step_ms);
        }
        ticks
    }
}

/// `UTC`, `UTC+1`, `UTC-3:30`.
pub(crate) fn offset_name(offset_min: i64) -> String {
    let (sign, size) = if offset_min < 0 { ('-', -offset_min) } else { ('+', offset_min) };
    match (size / 60, size % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// `+01:00`, as RFC 3339 writes it.
pub(crate) fn offset_digits(offset_min: i64) -> String {
    let (sign, size) = if offset_min < 0 { ('-', -offset_min) } else { ('+', offset_min) };
    format!("{sign}{:02}:{:02}", size / 60, size % 60)
}

/// The part of an instant that is finer than a second: `.250`, in as many digits as are needed of 3, 6 and 9; empty for none.
pub(crate) fn fraction_text(ns: i64) -> String {
    match ns.rem_euclid(SECOND_NS) {
        0 => String::new(),
        ns if ns % 1_000_000 == 0 => format!(".{:03}", ns / 1_000_000),
        ns if ns % 1000 == 0 => format!(".{:06}", ns / 1000),
        ns => format!(".{ns:09}"),
    }
}

/// The time of an instant, with seconds and what is finer where there is any.
fn exact_time(at: Civil, ns: i64) -> String {
    match fraction_text(ns) {
        fraction if fraction.is_empty() => at.time(),
        fraction => format!("{:02}:{:02}:{:02}{fraction}", at.hour, at.minute, at.second),
    }
}

/// `2026-11-21 03:00 – 04:00`, of instants in nanoseconds, with the second date only when it differs.
pub(crate) fn span_text(from_ns: i64, until_ns: i64, offset_min: i64) -> String {
    let at = |ns: i64| civil(ns.div_euclid(MS), offset_min);
    let (from, until) = (at(from_ns), at(until_ns));
    let end = match from.date() == until.date() {
        true => exact_time(until, until_ns),
        false => format!("{} {}", until.date(), exact_time(until, until_ns)),
    };
    format!("{} {} – {end}", from.date(), exact_time(from, from_ns))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds of a date and time in UTC.
    fn utc(text: &str) -> i64 {
        instant(Civil::parse(text).unwrap(), 0)
    }

    /// Summer time between two instants in UTC, of 2026 alone.
    fn summer(ms: i64, from: &str, until: &str) -> bool {
        (utc(from)..utc(until)).contains(&ms)
    }

    const NEW_YORK: Zone =
        Zone(|ms| if summer(ms, "2026-03-08T07:00", "2026-11-01T06:00") { -240 } else { -300 });
    const BERLIN: Zone = Zone(|ms| if summer(ms, "2026-03-29T01:00", "2026-10-25T01:00") { 120 } else { 60 });
    const KOLKATA: Zone = Zone(|_| 330);

    #[test]
    fn both_half_past_ones_are_told_apart() {
        let (first, second) = (utc("2026-11-01T05:30"), utc("2026-11-01T06:30"));
        assert_eq!([first, second].map(|ms| NEW_YORK.civil(ms).time()), ["01:30", "01:30"]);
        assert_eq!(NEW_YORK.range(first * MS, second * MS), "2026-11-01 01:30 UTC-4 – 01:30 UTC-5");
        let day = (utc("2026-11-01T04:00"), utc("2026-11-01T10:00"));
        assert_eq!(NEW_YORK.interval((first, first + 600_000), day), "01:30 – 01:40 UTC-4");
        assert_eq!(NEW_YORK.interval((second, second + 600_000), day), "01:30 – 01:40 UTC-5");
        assert_eq!(NEW_YORK.interval((first, second), day), "01:30 UTC-4 – 01:30 UTC-5");
        assert_eq!(
            [day, (second, second)].map(|(a, b)| NEW_YORK.names(a, b)),
            ["UTC-4, then UTC-5", "UTC-5"]
        );
        let after = (second, second + 3_600_000);
        assert_eq!(NEW_YORK.interval(after, after), "01:30 – 02:30", "no change within the chart");
        assert_eq!(
            BERLIN.range(utc("2026-10-24T22:00") * MS, utc("2026-10-25T02:00") * MS),
            "2026-10-25 00:00 UTC+2 – 03:00 UTC+1"
        );
    }

    #[test]
    fn instants_are_read_in_the_offset_that_holds_then() {
        for zone in [NEW_YORK, BERLIN, KOLKATA, Zone::UTC] {
            for hour in 0..400 * 24 {
                let ms = utc("2025-12-01T00:00") + hour * 3_600_000;
                let back = zone.instants(zone.civil(ms));
                assert!(
                    back.contains(&ms) && back.iter().all(|at| zone.civil(*at) == zone.civil(ms)),
                    "{ms}"
                );
            }
        }
        let at = |zone: Zone, text: &str| zone.instants(Civil::parse(text).unwrap());
        assert_eq!(at(NEW_YORK, "2026-11-01T01:30"), ["2026-11-01T05:30", "2026-11-01T06:30"].map(utc));
        assert_eq!(at(BERLIN, "2026-10-25T02:30"), ["2026-10-25T00:30", "2026-10-25T01:30"].map(utc));
        assert_eq!(at(NEW_YORK, "2026-03-08T02:30"), [0; 0], "skipped");
        assert_eq!(at(KOLKATA, "2026-11-01T00:00"), [utc("2026-10-31T18:30")]);
    }

    #[test]
    fn what_is_finer_than_a_second_is_written() {
        let from = utc("2026-11-21T03:05") * MS;
        assert_eq!(Zone::UTC.range(from, from + 60_250 * MS), "2026-11-21 03:05 – 03:06:00.250 UTC");
        assert_eq!(span_text(from + 1, from + 1000, 0), "2026-11-21 03:05:00.000000001 – 03:05:00.000001");
        assert_eq!([0, SECOND_NS, -1].map(fraction_text), ["", "", ".999999999"]);
        assert_eq!([60, -210, 0].map(offset_digits), ["+01:00", "-03:30", "+00:00"]);
    }

    #[test]
    fn marks_of_an_axis_are_round_on_the_clock() {
        let labels = |zone: Zone, from: &str, until: &str, step_ms| -> Vec<String> {
            zone.ticks(utc(from), utc(until), step_ms).into_iter().map(|(_, label)| label).collect()
        };
        let night = labels(NEW_YORK, "2026-11-01T04:00", "2026-11-01T08:30", 3_600_000);
        assert_eq!(night, ["11-01", "01:00", "01:00", "02:00", "03:00"]);
        let days = labels(NEW_YORK, "2026-10-30T12:00", "2026-11-03T12:00", DAY_MS);
        assert_eq!(days, ["10-31", "11-01", "11-02", "11-03"]);
        assert_eq!(
            labels(BERLIN, "2026-03-27T12:00", "2026-03-31T12:00", DAY_MS),
            ["03-28", "03-29", "03-30", "03-31"]
        );
        assert_eq!(labels(KOLKATA, "2026-11-01T00:00", "2026-11-01T02:00", 3_600_000), ["06:00", "07:00"]);
        let weeks = labels(NEW_YORK, "2025-11-20T00:00", "2026-12-25T00:00", 28 * DAY_MS);
        assert_eq!(weeks.len(), 15);
        assert!(weeks.iter().all(|text| text.len() == 10), "with the year: {weeks:?}");
        assert_eq!(labels(Zone::UTC, "2026-11-01T00:00", "2026-11-01T00:00", DAY_MS), [""; 0]);
    }

    #[test]
    fn charts_of_more_than_a_year_write_the_year() {
        let chart = (utc("2025-11-01T00:00"), utc("2026-12-06T00:00"));
        let day = (utc("2025-11-30T05:00"), utc("2025-12-01T05:00"));
        assert_eq!(NEW_YORK.interval(day, chart), "2025-11-30 00:00 – 2025-12-01 00:00");
    }

    #[test]
    fn names_offsets() {
        assert_eq!([0, 60, -210, 345].map(offset_name), ["UTC", "UTC+1", "UTC-3:30", "UTC+5:45"]);
    }

    #[test]
    fn writes_the_second_date_if_it_differs() {
        assert_eq!(span_text(0, 3_600_000 * MS, 0), "1970-01-01 00:00 – 01:00");
        assert_eq!(span_text(0, DAY_MS * MS, 60), "1970-01-01 01:00 – 1970-01-02 01:00");
    }
}
