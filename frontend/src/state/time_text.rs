//! Points in time as text, in the notations of the API: RFC 3339, Unix times in s, ms, µs or ns, `now-1h30m`. Fields also hold a date
//! and time on the clock of the page, such as `2026-11-21 03:05`.

use super::clock_text::{Civil, Zone, civil, instant};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The notations of links, for messages.
pub(crate) const NOTATIONS: &str =
    "RFC 3339 such as 2026-11-21T03:00:00Z, a Unix time in s, ms, \u{b5}s or ns, or now-1h30m";

/// Most that a time may be away from now.
const LONGEST: i64 = 3650 * DAY;

/// Units of spans, the largest first.
const UNITS: [(&str, i64); 6] =
    [("w", 7 * DAY), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1)];

/// One end of a time range, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Since the epoch.
    At(i64),
    /// From now; negative for the past.
    FromNow(i64),
}

/// What becomes of the part of a time that is finer than a millisecond.
#[derive(Clone, Copy)]
pub(crate) enum Rounding {
    /// Back to the millisecond before: for starts.
    Down,
    /// On to the next millisecond: for ends.
    Up,
}

impl End {
    /// Milliseconds since the epoch when it is `now_ms`.
    pub(crate) fn resolve(self, now_ms: i64) -> i64 {
        match self {
            End::At(ms) => ms,
            End::FromNow(ms) => now_ms.saturating_add(ms).max(0),
        }
    }

    /// Reads one end; `None` if it is in none of the notations.
    pub(crate) fn parse(text: &str, rounding: Rounding) -> Option<End> {
        if let Some(rest) = text.strip_prefix("now") {
            return from_now(rest).map(End::FromNow);
        }
        let ms = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            unix(text, rounding)?
        } else {
            rfc3339(text, rounding)?
        };
        (ms >= 0).then_some(End::At(ms))
    }

    /// Reads a field: the notations of links, or a date and time on the clock of `zone`.
    ///
    /// # Errors
    /// That it cannot be read, as a sentence for the page that begins with `what`, such as `The start`.
    pub(crate) fn parse_field(what: &str, text: &str, zone: Zone, rounding: Rounding) -> Result<End, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("{what} is missing."));
        }
        // RFC 3339 allows a space for the `T`. In a link it is an unescaped `+`, in a field never.
        let is_date = |date: &str| date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let (date, time) = text.split_once(' ').unwrap_or((text, ""));
        let written = match (time.is_empty(), is_date(date)) {
            (true, _) => text.to_owned(),
            (false, true) => format!("{date}T{time}"),
            (false, false) => String::new(),
        };
        let end = End::parse(&written, rounding);
        end.or_else(|| on_clock(&written, zone, rounding).map(End::At)).ok_or_else(|| {
            format!("{what}, \u{201c}{text}\u{201d}, cannot be read. Use 2026-11-21 03:05, {NOTATIONS}.")
        })
    }

    /// As in a field: instants on the clock of `zone`, `2026-11-21 03:05:15`. In an hour that the clock shows twice, its second
    /// turn is written in UTC, so that the field still means the same instant.
    pub(crate) fn field_text(self, zone: Zone) -> String {
        let End::At(ms) = self else { return self.text() };
        let (at, fraction) = (zone.civil(ms), ms.rem_euclid(SECOND));
        match zone.instant(at) == ms - fraction {
            true => seconds_text(at, fraction).replace('T', " "),
            false => self.text(),
        }
    }

    /// As in a URL.
    pub(crate) fn text(self) -> String {
        match self {
            End::At(ms) => rfc3339_text(ms),
            End::FromNow(0) => "now".to_owned(),
            End::FromNow(ms) if ms < 0 => format!("now-{}", span_text(-ms)),
            End::FromNow(ms) => format!("now+{}", span_text(ms)),
        }
    }
}

/// The unit of a number follows from its size, as in the API.
fn unix(digits: &str, rounding: Rounding) -> Option<i64> {
    let number: i64 = digits.parse().ok()?;
    match digits.trim_start_matches('0').len() {
        ..=11 => number.checked_mul(SECOND),
        12..=14 => Some(number),
        15..=17 => Some(divided(number, 1000, rounding)),
        _ => Some(divided(number, 1_000_000, rounding)),
    }
}

fn divided(number: i64, by: i64, rounding: Rounding) -> i64 {
    match rounding {
        Rounding::Down => number.div_euclid(by),
        Rounding::Up => number.div_euclid(by) + i64::from(number.rem_euclid(by) != 0),
    }
}

/// `2026-11-21T03:00:00.250+01:00`; seconds and their fraction may be absent, the offset may not.
fn rfc3339(text: &str, rounding: Rounding) -> Option<i64> {
    // An unescaped `+` arrives as a space.
    let text = text.replace(' ', "+");
    let (date, rest) = text.split_once(['T', 't'])?;
    let (time, offset_min) = match rest.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let at = rest.rfind(['+', '-'])?;
            (&rest[..at], offset(&rest[at..])?)
        }
    };
    let (time, ms) = without_fraction(time, rounding)?;
    let at = Civil::parse(&format!("{date}T{time}"))?;
    Some(instant(at, offset_min) + ms)
}

/// A date and time without an offset; `None` also for one that the clock of `zone` skips.
fn on_clock(text: &str, zone: Zone, rounding: Rounding) -> Option<i64> {
    let (text, ms) = without_fraction(text, rounding)?;
    let at = Civil::parse(text)?;
    let second = zone.instant(at);
    (second >= 0 && zone.civil(second) == at).then_some(second + ms)
}

/// A time without the fraction of its second, and that in milliseconds.
fn without_fraction(text: &str, rounding: Rounding) -> Option<(&str, i64)> {
    let Some((time, fraction)) = text.split_once('.') else { return Some((text, 0)) };
    let has_seconds = time.matches(':').count() == 2;
    if !has_seconds
        || fraction.is_empty()
        || fraction.len() > 9
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let ns: i64 = format!("{fraction:0<9}").parse().ok()?;
    Some((time, divided(ns, 1_000_000, rounding)))
}

/// Minutes of `+01:00`, `+0100` or `+01`.
fn offset(text: &str) -> Option<i64> {
    let (sign, digits) = text.split_at(1);
    let digits = digits.replace(':', "");
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i64>().ok())?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let total = hours * 60 + minutes;
    (hours < 24 && minutes < 60).then_some(if sign == "-" { -total } else { total })
}

fn rfc3339_text(ms: i64) -> String {
    seconds_text(civil(ms, 0), ms.rem_euclid(SECOND)) + "Z"
}

/// `2026-11-21T03:05:15.250`, without milliseconds where there are none.
fn seconds_text(at: Civil, ms: i64) -> String {
    let text = at.input_value();
    if ms == 0 { text } else { format!("{text}.{ms:03}") }
}

/// What follows `now`: nothing, `-1h30m` or `+5m`.
fn from_now(rest: &str) -> Option<i64> {
    if rest.is_empty() {
        return Some(0);
    }
    let span = parse_span(rest.get(1..)?)?;
    match rest.as_bytes()[0] {
        b'-' => Some(-span),
        b'+' | b' ' => Some(span),
        _ => None,
    }
}

/// `1h30m` in milliseconds; `None` if it is not a span of at most ten years.
fn parse_span(text: &str) -> Option<i64> {
    let mut total = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (unit, after) = after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(*size)?)?;
        rest = after;
    }
    (!text.is_empty() && total <= LONGEST).then_some(total)
}

/// In the largest unit that divides it; days rather than weeks.
pub(crate) fn span_text(ms: i64) -> String {
    let fits = UNITS[1..].iter().find(|(_, size)| ms % size == 0);
    fits.map_or_else(|| format!("{ms}ms"), |(unit, size)| format!("{}{unit}", ms / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_795_230_315_250;

    fn down(text: &str) -> Option<End> {
        End::parse(text, Rounding::Down)
    }

    #[test]
    fn reads_every_notation_of_one_time() {
        for text in [
            "2026-11-21T03:05:15.25Z",
            "2026-11-21t03:05:15.250z",
            "2026-11-21T04:05:15.25+01:00",
            "2026-11-21T04:05:15.25 01:00",
            "2026-11-20T23:35:15.250000-0330",
            "2026-11-21T05:05:15.250999999+02",
            "1795230315250",
            "1795230315250999",
            "1795230315250999999",
        ] {
            assert_eq!(down(text), Some(End::At(AT)), "{text}");
        }
        assert_eq!(down("1795230315"), Some(End::At(AT - 250)));
        assert_eq!(down("2026-11-21T03:05Z"), Some(End::At(AT - 15_250)));
        assert_eq!(down("now"), Some(End::FromNow(0)));
        assert_eq!(down("now-1h30m"), Some(End::FromNow(-90 * MINUTE)));
        assert_eq!(down("now+250ms"), Some(End::FromNow(250)));
        assert_eq!(down("now 2w1d"), Some(End::FromNow(15 * DAY)));
    }

    #[test]
    fn what_is_finer_than_a_millisecond_widens_the_range() {
        for text in ["2026-11-21T03:05:15.2500001Z", "1795230315250000100", "1795230315250001"] {
            assert_eq!(down(text), Some(End::At(AT)), "{text}");
            assert_eq!(End::parse(text, Rounding::Up), Some(End::At(AT + 1)), "{text}");
        }
        assert_eq!(End::parse("1795230315250000000", Rounding::Up), Some(End::At(AT)));
    }

    #[test]
    fn rejects_what_is_no_time() {
        for text in [
            "",
            "xyz",
            "-5",
            "now-",
            "now-5y",
            "now-1",
            "now*1h",
            "nowhere",
            "2026-11-21",
            "2026-11-21T03:05:15",
            "2026-02-30T00:00:00Z",
            "2026-11-21T25:00:00Z",
            "2026-11-21T03:05:15.Z",
            "2026-11-21T03:05.5Z",
            "2026-11-21T03:05:+5Z",
            "2026-11-21T03:05:15+25:00",
            "2026-11-21T03:05:15+1",
            "99999999999999999999",
            "now-99999999999999999d",
            "1960-01-01T00:00:00Z",
        ] {
            assert_eq!(down(text), None, "{text}");
        }
    }

    /// New York in the night in which summer time ends, and in spring an hour that is skipped.
    const NEW_YORK: Zone =
        Zone(|ms| if (1_772_953_200_000..1_793_512_800_000).contains(&ms) { -240 } else { -300 });

    fn field(text: &str, zone: Zone) -> Option<End> {
        End::parse_field("The start", text, zone, Rounding::Down).ok()
    }

    #[test]
    fn fields_are_read_as_they_are_written() {
        for ms in (0..96).map(|quarter| 1_793_491_200_250 + quarter * 900_000) {
            assert_eq!(field(&End::At(ms).field_text(NEW_YORK), NEW_YORK), Some(End::At(ms)));
        }
        let half_past_one = [1_793_511_000_000, 1_793_514_600_000].map(|ms| End::At(ms).field_text(NEW_YORK));
        assert_eq!(half_past_one, ["2026-11-01 01:30:00", "2026-11-01T06:30:00Z"]);
        let text = |ms| End::At(ms).field_text(Zone(|_| 330));
        assert_eq!(text(1_793_563_200_000), "2026-11-02 01:30:00", "24 hours");
        assert_eq!(text(1_793_563_200_250), "2026-11-02 01:30:00.250");
        assert_eq!(End::FromNow(-90 * MINUTE).field_text(NEW_YORK), "now-90m");
    }

    #[test]
    fn fields_take_what_links_take_and_the_clock() {
        let zone = Zone(|_| 60);
        for text in [
            "2026-11-21T03:05:15.25Z",
            "2026-11-21 03:05:15.25Z",
            "2026-11-21 05:05:15.25+02:00",
            "1795230315250",
            "1795230315250000",
            " 2026-11-21 04:05:15.25 ",
            "2026-11-21T04:05:15.250",
        ] {
            assert_eq!(field(text, zone), Some(End::At(AT)), "{text}");
        }
        assert_eq!(field("1795230315", zone), Some(End::At(AT - 250)));
        assert_eq!(field("2026-11-21 04:05", zone), Some(End::At(AT - 15_250)));
        assert_eq!(field("now-1h30m", zone), Some(End::FromNow(-90 * MINUTE)));
        let up = End::parse_field("The end", "2026-11-21 04:05:15.2500001", zone, Rounding::Up);
        assert_eq!(up, Ok(End::At(AT + 1)));
    }

    #[test]
    fn fields_never_mean_another_time() {
        for text in [
            "tomorrow",
            "2026-11-21",
            "2026-11-21 03:05:15.25+25:00",
            "2026-11-21 03:05 UTC+1",
            "2026-11-21 03:05.5",
            "2026-11-21 3:05 pm",
            "2026-11-21 03:05:15.25x",
            "now 5m",
            // Skipped by the clock.
            "2026-03-08 02:30",
        ] {
            let problem = End::parse_field("The end", text, NEW_YORK, Rounding::Up).unwrap_err();
            assert!(problem.starts_with(&format!("The end, “{text}”, cannot be read.")), "{problem}");
        }
        let problem = End::parse_field("The end", " ", NEW_YORK, Rounding::Up);
        assert_eq!(problem, Err("The end is missing.".to_owned()));
    }

    #[test]
    fn ends_survive_the_url() {
        for end in [0, -1, -1500, -MINUTE, -90 * MINUTE, -14 * DAY, 5 * HOUR].map(End::FromNow) {
            assert_eq!(down(&end.text()), Some(end), "{}", end.text());
        }
        for (ms, text) in [
            (AT, "2026-11-21T03:05:15.250Z"),
            (AT - 250, "2026-11-21T03:05:15Z"),
            (0, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(End::At(ms).text(), text);
            assert_eq!(down(text), Some(End::At(ms)));
        }
    }
}
