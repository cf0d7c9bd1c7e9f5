//! Time ranges: relative to now, or between two instants.
//!
//! Instants are milliseconds since the epoch. In the URL: `from=now-1h`, or `from=2026-11-21T03:00:00Z&until=…`, or any
//! other notation that the API reads; see [`super::time_text`].

use super::clock_text::Zone;
use super::time_text::{End, NOTATIONS, Rounding, span_text};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Widths of the timeline's bars. None is below 30 s: profilers send every 10 or 15 s, and bars that hold
/// one profile now and two the next time would show waves that do not exist.
const STEPS_MS: [i64; 12] = [
    30_000,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    DAY,
    7 * DAY,
    30 * DAY,
];

/// What is wrong with fields that hold an empty or a reversed range.
pub(crate) const NOT_AFTER: &str = "The end must be after the start.";

/// Most bars.
const MAX_BARS: i64 = 180;

/// A range as chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeRange {
    /// The last so many milliseconds, up to now.
    Last(i64),
    /// From one instant up to, and without, another.
    Between {
        /// Start.
        from_ms: i64,
        /// End.
        until_ms: i64,
    },
    /// All others, such as from two hours ago up to an hour ago.
    Ends {
        /// Start.
        from: End,
        /// End.
        until: End,
    },
}

/// A range with both ends known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Start.
    pub(crate) from_ms: i64,
    /// End, excluded.
    pub(crate) until_ms: i64,
}

/// The presets of the menu.
pub(crate) const PRESETS: [(&str, TimeRange); 10] = [
    ("Last 5 minutes", TimeRange::Last(5 * MINUTE)),
    ("Last 15 minutes", TimeRange::Last(15 * MINUTE)),
    ("Last 30 minutes", TimeRange::Last(30 * MINUTE)),
    ("Last hour", TimeRange::Last(HOUR)),
    ("Last 3 hours", TimeRange::Last(3 * HOUR)),
    ("Last 6 hours", TimeRange::Last(6 * HOUR)),
    ("Last 12 hours", TimeRange::Last(12 * HOUR)),
    ("Last 24 hours", TimeRange::Last(DAY)),
    ("Last 7 days", TimeRange::Last(7 * DAY)),
    ("Last 30 days", TimeRange::Last(30 * DAY)),
];

impl TimeRange {
    /// The last 15 minutes, for services that have only begun to send.
    pub(crate) const LAST_15_MINUTES: TimeRange = TimeRange::Last(15 * MINUTE);
    pub(crate) const LAST_HOUR: TimeRange = TimeRange::Last(HOUR);

    /// Parses `from` and `until` of the URL. As in the API, the end is now and the start an hour before it where they
    /// are absent. `None` if both are.
    ///
    /// # Errors
    /// What is wrong, as a sentence for the page.
    pub(crate) fn parse(from: &str, until: &str) -> Result<Option<TimeRange>, String> {
        if from.is_empty() && until.is_empty() {
            return Ok(None);
        }
        let end =
            |name, text: &str, rounding| End::parse(text, rounding).ok_or_else(|| unreadable(name, text));
        let until = match until {
            "" => End::FromNow(0),
            text => end("end", text, Rounding::Up)?,
        };
        let from = match (from, until) {
            ("", End::At(ms)) => End::At((ms - HOUR).max(0)),
            ("", End::FromNow(ms)) => End::FromNow(ms - HOUR),
            (text, _) => end("start", text, Rounding::Down)?,
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
        let from = End::parse_field("The start", from, zone, Rounding::Down)?;
        let until = End::parse_field("The end", until, zone, Rounding::Up)?;
        if from.resolve(now_ms) >= until.resolve(now_ms) {
            return Err(NOT_AFTER.to_owned());
        }
        Ok(TimeRange::of(from, until))
    }

    fn of(from: End, until: End) -> TimeRange {
        match (from, until) {
            (End::FromNow(from), End::FromNow(0)) if from < 0 => TimeRange::Last(-from),
            (End::At(from_ms), End::At(until_ms)) => TimeRange::Between { from_ms, until_ms },
            _ => TimeRange::Ends { from, until },
        }
    }

    /// Why the range holds no time at all when it is `now_ms`, as a sentence for the page.
    pub(crate) fn emptiness(self, now_ms: i64) -> Option<&'static str> {
        let Span { from_ms, until_ms } = self.resolve(now_ms);
        match from_ms.cmp(&until_ms) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal => {
                Some("The time range of this link is empty: it ends where it starts.")
            }
            std::cmp::Ordering::Greater => Some("The time range of this link ends before it starts."),
        }
    }

    /// `from` and `until` for the URL.
    pub(crate) fn to_params(self) -> (String, String) {
        let (from, until) = match self {
            TimeRange::Last(ms) => (End::FromNow(-ms), End::FromNow(0)),
            TimeRange::Between { from_ms, until_ms } => (End::At(from_ms), End::At(until_ms)),
            TimeRange::Ends { from, until } => (from, until),
        };
        (from.text(), until.text())
    }

    /// The ends, when it is `now_ms`. The last minutes, hours or days start on a whole bar, so that bars keep their edges
    /// as time passes.
    pub(crate) fn resolve(self, now_ms: i64) -> Span {
        match self {
            TimeRange::Last(ms) => {
                let step = step_ms(ms);
                Span { from_ms: (now_ms - ms).div_euclid(step) * step, until_ms: now_ms }
            }
            TimeRange::Between { from_ms, until_ms } => Span { from_ms, until_ms },
            TimeRange::Ends { from, until } => {
                Span { from_ms: from.resolve(now_ms), until_ms: until.resolve(now_ms) }
            }
        }
    }

    /// Whether the range is relative to now.
    pub(crate) fn is_relative(self) -> bool {
        !matches!(self, TimeRange::Between { .. })
    }

    /// The preset's name, or `Last 90m`; `None` for instants.
    pub(crate) fn label(self) -> Option<String> {
        let TimeRange::Last(ms) = self else { return None };
        let preset = PRESETS.iter().find(|(_, range)| *range == self);
        Some(preset.map_or_else(|| format!("Last {}", span_text(ms)), |(name, _)| (*name).to_owned()))
    }
}

impl Span {
    /// In milliseconds.
    pub(crate) fn length_ms(self) -> i64 {
        self.until_ms - self.from_ms
    }

    /// Width of a bar in milliseconds.
    pub(crate) fn step_ms(self) -> i64 {
        step_ms(self.length_ms())
    }

    /// Twice as long around the same middle, but not beyond `now_ms`.
    pub(crate) fn zoomed_out(self, now_ms: i64) -> TimeRange {
        let half = (self.length_ms() / 2).max(1000);
        let until_ms = (self.until_ms + half).min(now_ms.max(self.until_ms));
        TimeRange::Between { from_ms: (until_ms - self.length_ms() * 2).max(0), until_ms }
    }

    /// Moved by its own length, back (-1) or forward (1).
    pub(crate) fn shifted(self, by: i64) -> TimeRange {
        let delta = self.length_ms() * by;
        let from_ms = (self.from_ms + delta).max(0);
        TimeRange::Between { from_ms, until_ms: from_ms + self.length_ms() }
    }
}

fn step_ms(length_ms: i64) -> i64 {
    STEPS_MS.into_iter().find(|step| length_ms <= step * MAX_BARS).unwrap_or(STEPS_MS[STEPS_MS.len() - 1])
}

fn unreadable(end: &str, text: &str) -> String {
    format!("The {end} of this link's time range, \u{201c}{text}\u{201d}, cannot be read. Use {NOTATIONS}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_survive_the_url() {
        let between = TimeRange::Between { from_ms: 1_764_000_000_000, until_ms: 1_764_000_060_000 };
        for range in
            PRESETS.map(|(_, range)| range).into_iter().chain([between, TimeRange::Last(90 * MINUTE)])
        {
            let (from, until) = range.to_params();
            assert_eq!(TimeRange::parse(&from, &until), Ok(Some(range)), "{from} {until}");
        }
        assert_eq!(TimeRange::parse("now-1h30m", ""), Ok(Some(TimeRange::Last(90 * MINUTE))));
        assert_eq!(TimeRange::parse("", ""), Ok(None));
    }

    #[test]
    fn reads_what_the_api_reads() {
        let between = |from_ms, until_ms| Ok(Some(TimeRange::Between { from_ms, until_ms }));
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
        assert_eq!(ago("now-4h", "now-3h").resolve(now), Span { from_ms: from, until_ms: until });
        assert_eq!(
            ago("2025-11-29T07:00:00Z", "now-3h").resolve(now),
            Span { from_ms: from, until_ms: until }
        );
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
        assert_eq!(read("now-1h30m", "now"), Ok(TimeRange::Last(90 * MINUTE)));
        assert_eq!(
            read("2025-11-29 07:00", "1764403200"),
            Ok(TimeRange::Between { from_ms: 1_764_399_600_000, until_ms: now })
        );
        for (from, until) in [("now", "now-1h"), ("2025-11-29 08:00", "now-1h"), ("now-1h", "now-1h")] {
            assert_eq!(read(from, until), Err(NOT_AFTER.to_owned()), "{from} {until}");
        }
        assert!(read("now-1h", "noon").unwrap_err().starts_with("The end, “noon”, cannot be read."));
    }

    #[test]
    fn bars_keep_their_edges_as_time_passes() {
        let now = 1_764_000_007_123;
        let (a, b) = (TimeRange::LAST_HOUR.resolve(now), TimeRange::LAST_HOUR.resolve(now + 5_000));
        assert_eq!(a.from_ms, b.from_ms);
        assert_eq!(a.from_ms % a.step_ms(), 0);
        assert_eq!(a.until_ms, now);
    }

    #[test]
    fn bars_are_few_and_wide_enough() {
        for (_, range) in PRESETS {
            let span = range.resolve(1_764_000_000_000);
            let bars = span.length_ms() / span.step_ms();
            assert!((10..=MAX_BARS).contains(&bars), "{range:?}: {bars}");
        }
    }

    #[test]
    fn shifting_keeps_the_length() {
        let span = Span { from_ms: 10 * HOUR, until_ms: 11 * HOUR };
        assert_eq!(span.shifted(-1), TimeRange::Between { from_ms: 9 * HOUR, until_ms: 10 * HOUR });
        assert_eq!(span.shifted(1), TimeRange::Between { from_ms: 11 * HOUR, until_ms: 12 * HOUR });
        assert_eq!(span.zoomed_out(11 * HOUR), TimeRange::Between { from_ms: 9 * HOUR, until_ms: 11 * HOUR });
        assert_eq!(
            span.zoomed_out(20 * HOUR),
            TimeRange::Between { from_ms: 9 * HOUR + HOUR / 2, until_ms: 11 * HOUR + HOUR / 2 }
        );
    }
}
