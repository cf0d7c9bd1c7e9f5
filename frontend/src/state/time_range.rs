//! Time ranges: relative to now, or between two instants.
//!
//! Instants are nanoseconds since the epoch, and a range is exactly the one that was asked for. Only the bars of the timeline lie on
//! multiples of their width; what is outside of the range is not in them. In the URL: `from=now-1h`, or
//! `from=2026-11-21T03:00:00Z&until=…`, or any other notation that the API reads; see [`super::time_text`].

use super::clock_text::Zone;
use super::time_text::{End, MS, NOTATIONS, span_text};
use flarepath_profile::unix_nanos::{DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS};

/// Widths of the timeline's bars. None is below 30 s: profilers send every 10 or 15 s, and bars that hold
/// one profile now and two the next time would show waves that do not exist.
const STEPS_NS: [i64; 12] = [
    30 * SECOND_NS,
    MINUTE_NS,
    2 * MINUTE_NS,
    5 * MINUTE_NS,
    10 * MINUTE_NS,
    30 * MINUTE_NS,
    HOUR_NS,
    2 * HOUR_NS,
    6 * HOUR_NS,
    DAY_NS,
    7 * DAY_NS,
    30 * DAY_NS,
];

/// What is wrong with fields that hold an empty or a reversed range.
pub(crate) const NOT_AFTER: &str = "The end must be after the start.";

/// Most bars.
const MAX_BARS: i64 = 180;

/// A range as chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeRange {
    /// The last so many nanoseconds, up to now.
    Last(i64),
    /// From one instant up to, and without, another.
    Between(Span),
    /// All others, such as from two hours ago up to an hour ago.
    Ends {
        /// Start.
        from: End,
        /// End.
        until: End,
    },
}

/// A range with both ends known, in nanoseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Start.
    pub(crate) from_ns: i64,
    /// End, excluded.
    pub(crate) until_ns: i64,
}

/// The presets of the menu.
pub(crate) const PRESETS: [(&str, TimeRange); 10] = [
    ("Last 5 minutes", TimeRange::Last(5 * MINUTE_NS)),
    ("Last 15 minutes", TimeRange::Last(15 * MINUTE_NS)),
    ("Last 30 minutes", TimeRange::Last(30 * MINUTE_NS)),
    ("Last hour", TimeRange::Last(HOUR_NS)),
    ("Last 3 hours", TimeRange::Last(3 * HOUR_NS)),
    ("Last 6 hours", TimeRange::Last(6 * HOUR_NS)),
    ("Last 12 hours", TimeRange::Last(12 * HOUR_NS)),
    ("Last 24 hours", TimeRange::Last(DAY_NS)),
    ("Last 7 days", TimeRange::Last(7 * DAY_NS)),
    ("Last 30 days", TimeRange::Last(30 * DAY_NS)),
];

impl TimeRange {
    /// The last 15 minutes, for services that have only begun to send.
    pub(crate) const LAST_15_MINUTES: TimeRange = TimeRange::Last(15 * MINUTE_NS);
    pub(crate) const LAST_HOUR: TimeRange = TimeRange::Last(HOUR_NS);

    /// Between two instants in milliseconds.
    pub(crate) const fn between_ms(from_ms: i64, until_ms: i64) -> TimeRange {
        TimeRange::Between(Span::of_ms(from_ms, until_ms))
    }

    /// Parses `from` and `until` of the URL. As in the API, the end is now and the start an hour before it where they
    /// are absent. `None` if both are.
    ///
    /// # Errors
    /// What is wrong, as a sentence for the page.
    pub(crate) fn parse(from: &str, until: &str) -> Result<Option<TimeRange>, String> {
        if from.is_empty() && until.is_empty() {
            return Ok(None);
        }
        let end = |name, text: &str| End::parse(text).ok_or_else(|| unreadable(name, text));
        let until = match until {
            "" => End::FromNow(0),
            text => end("end", text)?,
        };
        let from = match (from, until) {
            ("", End::At(ns)) => End::At((ns - HOUR_NS).max(0)),
            ("", End::FromNow(ns)) => End::FromNow(ns - HOUR_NS),
            (text, _) => end("start", text)?,
        };
        Ok(Some(TimeRange::of(from, until)))
    }

    /// The range in the fields of both ends, when it is `now_ms`.
    ///
    /// # Errors
    /// What is wrong, as a sentence for the page.
    pub(crate) fn parse_fields(
        [from, until]: [&str; 2],
        zone: Zone,
        now_ms: i64,
    ) -> Result<TimeRange, String> {
        let from = End::parse_field("The start", from, zone)?;
        let until = End::parse_field("The end", until, zone)?;
        if from.resolve(now_ms) >= until.resolve(now_ms) {
            return Err(NOT_AFTER.to_owned());
        }
        Ok(TimeRange::of(from, until))
    }

    fn of(from: End, until: End) -> TimeRange {
        match (from, until) {
            (End::FromNow(from), End::FromNow(0)) if from < 0 => TimeRange::Last(-from),
            (End::At(from_ns), End::At(until_ns)) => TimeRange::Between(Span { from_ns, until_ns }),
            _ => TimeRange::Ends { from, until },
        }
    }

    fn ends(self) -> (End, End) {
        match self {
            TimeRange::Last(ns) => (End::FromNow(-ns), End::FromNow(0)),
            TimeRange::Between(Span { from_ns, until_ns }) => (End::At(from_ns), End::At(until_ns)),
            TimeRange::Ends { from, until } => (from, until),
        }
    }

    /// Why the range holds no time at all when it is `now_ms`, as a sentence for the page.
    pub(crate) fn emptiness(self, now_ms: i64) -> Option<&'static str> {
        let Span { from_ns, until_ns } = self.resolve(now_ms);
        match from_ns.cmp(&until_ns) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal => {
                Some("The time range of this link is empty: it ends where it starts.")
            }
            std::cmp::Ordering::Greater => Some("The time range of this link ends before it starts."),
        }
    }

    /// `from` and `until` for the URL.
    pub(crate) fn to_params(self) -> (String, String) {
        let (from, until) = self.ends();
        (from.text(), until.text())
    }

    /// The ends, when it is `now_ms`; see [`End::resolve`].
    pub(crate) fn resolve(self, now_ms: i64) -> Span {
        let (from, until) = self.ends();
        Span { from_ns: from.resolve(now_ms), until_ns: until.resolve(now_ms) }
    }

    /// Whether the range is relative to now.
    pub(crate) fn is_relative(self) -> bool {
        !matches!(self, TimeRange::Between(_))
    }

    /// The preset's name, or `Last 90m`; `None` for instants.
    pub(crate) fn label(self) -> Option<String> {
        let TimeRange::Last(ns) = self else { return None };
        let preset = PRESETS.iter().find(|(_, range)| *range == self);
        Some(preset.map_or_else(|| format!("Last {}", span_text(ns)), |(name, _)| (*name).to_owned()))
    }
}

impl Span {
    /// Between two instants in milliseconds.
    pub(crate) const fn of_ms(from_ms: i64, until_ms: i64) -> Span {
        Span { from_ns: from_ms.saturating_mul(MS), until_ns: until_ms.saturating_mul(MS) }
    }

    /// The millisecond of the start, for the clock.
    pub(crate) fn start_ms(self) -> i64 {
        self.from_ns.div_euclid(MS)
    }

    /// The millisecond of the end, for the clock.
    pub(crate) fn end_ms(self) -> i64 {
        self.until_ns.div_euclid(MS)
    }

    /// In nanoseconds.
    pub(crate) fn length_ns(self) -> i64 {
        self.until_ns.saturating_sub(self.from_ns)
    }

    /// Width of a bar in milliseconds.
    pub(crate) fn step_ms(self) -> i64 {
        let length = self.length_ns();
        let widest = STEPS_NS[STEPS_NS.len() - 1];
        STEPS_NS.into_iter().find(|step| length <= step * MAX_BARS).unwrap_or(widest) / MS
    }

    /// The bars of `step_ms` that it takes: the left edge of the first in milliseconds, and their number. They begin at multiples of
    /// their width since the epoch, so that they keep their edges as time passes.
    pub(crate) fn bars(self, step_ms: i64) -> (i64, i64) {
        let step_ns = step_ms.max(1).saturating_mul(MS);
        let first = self.from_ns.div_euclid(step_ns);
        let end = self.until_ns.div_euclid(step_ns) + i64::from(self.until_ns.rem_euclid(step_ns) != 0);
        (first * step_ms.max(1), (end - first).max(0))
    }

    /// The part of a range that lies in this one; a nanosecond if none does.
    pub(crate) fn clamp(self, part: Span) -> Span {
        let from_ns = part.from_ns.min(self.until_ns - 1).max(self.from_ns);
        Span { from_ns, until_ns: part.until_ns.min(self.until_ns).max(from_ns + 1) }
    }

    /// Twice as long around the same middle, but not beyond `now_ms`.
    pub(crate) fn zoomed_out(self, now_ms: i64) -> TimeRange {
        let half = (self.length_ns() / 2).max(SECOND_NS);
        let now_ns = End::FromNow(0).resolve(now_ms);
        let until_ns = self.until_ns.saturating_add(half).min(now_ns.max(self.until_ns));
        let from_ns = until_ns.saturating_sub(self.length_ns().saturating_mul(2)).max(0);
        TimeRange::Between(Span { from_ns, until_ns })
    }

    /// Moved by its own length, back (-1) or forward (1).
    pub(crate) fn shifted(self, by: i64) -> TimeRange {
        TimeRange::Between(self.earlier(self.length_ns().saturating_mul(-by)))
    }

    /// As long, and so many nanoseconds earlier, but not before the epoch.
    pub(crate) fn earlier(self, by_ns: i64) -> Span {
        let from_ns = self.from_ns.saturating_sub(by_ns).max(0);
        Span { from_ns, until_ns: from_ns.saturating_add(self.length_ns()) }
    }
}

fn unreadable(end: &str, text: &str) -> String {
    format!("The {end} of this link's time range, \u{201c}{text}\u{201d}, cannot be read. Use {NOTATIONS}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In milliseconds.
    const HOUR: i64 = 3_600_000;

    #[test]
    fn ranges_survive_the_url() {
        let between = TimeRange::between_ms(1_764_000_000_000, 1_764_000_060_000);
        for range in
            PRESETS.map(|(_, range)| range).into_iter().chain([between, TimeRange::Last(90 * MINUTE_NS)])
        {
            let (from, until) = range.to_params();
            assert_eq!(TimeRange::parse(&from, &until), Ok(Some(range)), "{from} {until}");
        }
        assert_eq!(TimeRange::parse("now-1h30m", ""), Ok(Some(TimeRange::Last(90 * MINUTE_NS))));
        assert_eq!(TimeRange::parse("", ""), Ok(None));
    }

    #[test]
    fn reads_what_the_api_reads() {
        let between = |from_ms, until_ms| Ok(Some(TimeRange::between_ms(from_ms, until_ms)));
        let (from, until) = (1_764_399_600_000, 1_764_403_200_000);
        for (a, b) in [
            ("2025-11-29T07:00:00Z", "2025-11-29T09:00:00+01:00"),
            ("1764399600", "1764403200"),
            ("1764399600000", "1764403200000000"),
            ("", "1764403200000000000"),
        ] {
            assert_eq!(TimeRange::parse(a, b), between(from, until), "{a} {b}");
        }
        let now = until + 3 * HOUR;
        let ago = |from: &str, until: &str| TimeRange::parse(from, until).unwrap().unwrap();
        assert_eq!(ago("now-4h", "now-3h").resolve(now), Span::of_ms(from, until));
        assert_eq!(ago("2025-11-29T07:00:00Z", "now-3h").resolve(now), Span::of_ms(from, until));
        assert_eq!(ago("now-4h", "now-3h").to_params(), ("now-4h".to_owned(), "now-3h".to_owned()));
    }

    #[test]
    fn says_what_is_wrong_with_a_range() {
        for (from, until, named) in
            [("xyz", "now", "start"), ("now-5y", "", "start"), ("now-1h", "noon", "end")]
        {
            let problem = TimeRange::parse(from, until).unwrap_err();
            assert!(problem.contains(&format!("The {named} of")), "{problem}");
        }
        let now = 1_764_403_200_000;
        for (from, until, problem) in [
            ("5000", "5000", Some("ends where it starts")),
            ("9000", "5000", Some("before it starts")),
            ("now", "now", Some("ends where it starts")),
            ("now-1h", "77", Some("before it starts")),
            ("now-1h", "now-2h", Some("before it starts")),
            ("now-2h", "now-1h", None),
        ] {
            let found = TimeRange::parse(from, until).unwrap().unwrap().emptiness(now);
            assert_eq!(found.is_some(), problem.is_some(), "{from} {until}");
            assert!(problem.is_none_or(|part| found.unwrap().contains(part)), "{from} {until}");
        }
    }

    #[test]
    fn fields_take_relative_ranges_and_say_what_is_wrong() {
        let now = 1_764_403_200_000;
        let read = |from: &str, until: &str| TimeRange::parse_fields([from, until], Zone::UTC, now);
        assert_eq!(read("now-1h30m", "now"), Ok(TimeRange::Last(90 * MINUTE_NS)));
        assert_eq!(read("2025-11-29 07:00", "1764403200"), Ok(TimeRange::between_ms(1_764_399_600_000, now)));
        for (from, until) in [("now", "now-1h"), ("2025-11-29 08:00", "now-1h"), ("now-1h", "now-1h")] {
            assert_eq!(read(from, until), Err(NOT_AFTER.to_owned()), "{from} {until}");
        }
        assert!(read("now-1h", "noon").unwrap_err().starts_with("The end, “noon”, cannot be read."));
    }

    #[test]
    fn relative_ranges_are_exactly_as_long_as_they_say() {
        let now = 1_764_000_007_123;
        for (_, range) in PRESETS {
            let (TimeRange::Last(length), span) = (range, range.resolve(now)) else { panic!("{range:?}") };
            assert_eq!((span.length_ns(), span.end_ms()), (length, 1_764_000_008_000), "{range:?}");
        }
        assert_eq!(TimeRange::LAST_HOUR.resolve(now), TimeRange::LAST_HOUR.resolve(now + 800));
    }

    #[test]
    fn ranges_keep_their_nanoseconds() {
        let range = TimeRange::parse("1764399600000000001", "2025-11-29T08:00:00.000001Z").unwrap().unwrap();
        let (from_ns, until_ns) = (1_764_399_600_000_000_001, 1_764_403_200_000_001_000);
        assert_eq!(range.resolve(0), Span { from_ns, until_ns });
        let (from, until) = range.to_params();
        assert_eq!([&*from, &*until], ["2025-11-29T07:00:00.000000001Z", "2025-11-29T08:00:00.000001Z"]);
        assert_eq!(TimeRange::parse(&from, &until), Ok(Some(range)));
        let TimeRange::Between(moved) = range.resolve(0).shifted(-1) else { panic!("relative") };
        assert_eq!((moved.until_ns, moved.length_ns()), (from_ns, until_ns - from_ns));
    }

    #[test]
    fn bars_keep_their_edges_as_time_passes() {
        let bars = |now_ms| TimeRange::LAST_HOUR.resolve(now_ms).bars(30_000);
        let now = 1_764_000_007_123;
        assert_eq!(bars(now), (1_763_996_400_000, 121));
        assert_eq!(bars(now).0, bars(now + 5_000).0);
        assert_eq!(Span::of_ms(60_000, 180_000).bars(60_000), (60_000, 2));
        assert_eq!(Span { from_ns: 59_999_999_999, until_ns: 180 * SECOND_NS + 1 }.bars(60_000), (0, 4));
        assert_eq!(Span::of_ms(5, 5).bars(60_000), (0, 1));
    }

    #[test]
    fn bars_are_few_and_wide_enough() {
        for (_, range) in PRESETS {
            let span = range.resolve(1_764_000_000_000);
            let bars = span.length_ns() / (span.step_ms() * MS);
            assert!((10..=MAX_BARS).contains(&bars), "{range:?}: {bars}");
        }
    }

    #[test]
    fn a_part_is_clamped_to_the_range() {
        let whole = Span { from_ns: 10, until_ns: 20 };
        let clamped = |from_ns, until_ns| whole.clamp(Span { from_ns, until_ns });
        assert_eq!(clamped(5, 15), Span { from_ns: 10, until_ns: 15 });
        assert_eq!(clamped(12, 99), Span { from_ns: 12, until_ns: 20 });
        assert_eq!(clamped(30, 40), Span { from_ns: 19, until_ns: 20 });
    }

    #[test]
    fn shifting_keeps_the_length() {
        let span = Span::of_ms(10 * HOUR, 11 * HOUR);
        assert_eq!(span.shifted(-1), TimeRange::between_ms(9 * HOUR, 10 * HOUR));
        assert_eq!(span.shifted(1), TimeRange::between_ms(11 * HOUR, 12 * HOUR));
        assert_eq!(span.zoomed_out(11 * HOUR), TimeRange::between_ms(9 * HOUR, 11 * HOUR));
        assert_eq!(
            span.zoomed_out(20 * HOUR),
            TimeRange::between_ms(9 * HOUR + HOUR / 2, 11 * HOUR + HOUR / 2)
        );
    }
}
