//! Time ranges: relative to now, or between two instants.
//!
//! Instants are milliseconds since the epoch. In the URL: `from=now-1h`, or `from=1764000000000&until=…`.

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

    /// Parses `from` and `until` of the URL: `now-1h30m`, `now`, or milliseconds since the epoch. `None` if
    /// invalid.
    pub(crate) fn parse(from: &str, until: &str) -> Option<TimeRange> {
        let relative = matches!(until, "" | "now");
        if let Some(span) = from.strip_prefix("now-") {
            return (relative).then(|| parse_span(span).map(TimeRange::Last)).flatten();
        }
        let (from_ms, until_ms) = (from.parse().ok()?, until.parse().ok()?);
        (0 <= from_ms && from_ms < until_ms).then_some(TimeRange::Between { from_ms, until_ms })
    }

    /// `from` and `until` for the URL.
    pub(crate) fn to_params(self) -> (String, String) {
        match self {
            TimeRange::Last(ms) => (format!("now-{}", span_text(ms)), "now".to_owned()),
            TimeRange::Between { from_ms, until_ms } => (from_ms.to_string(), until_ms.to_string()),
        }
    }

    /// The ends, when it is `now_ms`. A relative range starts on a whole bar, so that bars keep their edges
    /// as time passes.
    pub(crate) fn resolve(self, now_ms: i64) -> Span {
        match self {
            TimeRange::Last(ms) => {
                let step = step_ms(ms);
                Span { from_ms: (now_ms - ms).div_euclid(step) * step, until_ms: now_ms }
            }
            TimeRange::Between { from_ms, until_ms } => Span { from_ms, until_ms },
        }
    }

    /// Whether the range is relative to now.
    pub(crate) fn is_relative(self) -> bool {
        matches!(self, TimeRange::Last(_))
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

/// `1h30m` as milliseconds; `None` if it is not a positive duration.
fn parse_span(text: &str) -> Option<i64> {
    let mut total = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let size = match unit {
            's' => 1000,
            'm' => MINUTE,
            'h' => HOUR,
            'd' => DAY,
            'w' => 7 * DAY,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(size)?)?;
        rest = &rest[digits + unit.len_utf8()..];
    }
    (total > 0 && total <= 3650 * DAY).then_some(total)
}

/// In the largest unit that divides it.
fn span_text(ms: i64) -> String {
    let units = [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm')];
    let (size, unit) = units.into_iter().find(|(size, _)| ms % size == 0).unwrap_or((1000, 's'));
    format!("{}{unit}", ms / size)
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
            assert_eq!(TimeRange::parse(&from, &until), Some(range), "{from} {until}");
        }
        assert_eq!(TimeRange::parse("now-1h30m", ""), Some(TimeRange::Last(90 * MINUTE)));
    }

    #[test]
    fn rejects_invalid_ranges() {
        let bad = [
            ("", ""),
            ("now", "now"),
            ("now-", "now"),
            ("now-5y", ""),
            ("now-0s", ""),
            ("5", "5"),
            ("9", "5"),
        ];
        for (from, until) in
            bad.into_iter().chain([("-5", "5"), ("now-1h", "77"), ("now-99999999999999999d", "")])
        {
            assert_eq!(TimeRange::parse(from, until), None, "{from} {until}");
        }
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
