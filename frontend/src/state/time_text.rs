//! Points in time as text, in the notations of the API: RFC 3339, Unix times in s, ms, µs or ns, `now-1h30m`. Nothing is
//! rounded: instants and spans are nanoseconds. Fields take more; see [`super::time_field`].

use super::civil::{Civil, civil, instant};
use super::clock_text::fraction_text;
use flarepath_profile::unix_nanos::{DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS};

/// Nanoseconds of a millisecond.
pub(crate) const MS: i64 = 1_000_000;

/// The notations of links, for messages.
pub(crate) const NOTATIONS: &str =
    "RFC 3339 such as 2026-11-21T03:00:00Z, a Unix time in s, ms, \u{b5}s or ns, or now-1h30m";

/// Most that a time may be away from now.
const LONGEST: i64 = 3650 * DAY_NS;
/// The least numbers that are read as milliseconds and as nanoseconds.
const LEAST_MS: i64 = 100_000_000_000;
const LEAST_NS: i64 = 100_000_000_000_000_000;

/// Units of spans, the largest first.
const UNITS: [(&str, i64); 6] =
    [("w", 7 * DAY_NS), ("d", DAY_NS), ("h", HOUR_NS), ("m", MINUTE_NS), ("s", SECOND_NS), ("ms", MS)];

/// One end of a time range, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Since the epoch.
    At(i64),
    /// From now; negative for the past.
    FromNow(i64),
}

impl End {
    /// Nanoseconds since the epoch when it is `now_ms`. Now is the end of the second that has begun: ends of one question, and of
    /// one asked again in the same second, agree.
    pub(crate) fn resolve(self, now_ms: i64) -> i64 {
        let now = |ms: i64| ms.saturating_add(999).div_euclid(1000).saturating_mul(SECOND_NS);
        match self {
            End::At(ns) => ns,
            End::FromNow(ns) => now(now_ms).saturating_add(ns).max(0),
        }
    }

    /// Reads one end; `None` if it is in none of the notations.
    pub(crate) fn parse(text: &str) -> Option<End> {
        if let Some(rest) = text.strip_prefix("now") {
            return from_now(rest).map(End::FromNow);
        }
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let ns = if is_number { unix(text)? } else { rfc3339(text)? };
        (ns >= 0).then_some(End::At(ns))
    }

    /// As in a URL.
    pub(crate) fn text(self) -> String {
        match self {
            End::At(ns) => rfc3339_text(ns),
            End::FromNow(0) => "now".to_owned(),
            End::FromNow(ns) if ns < 0 => format!("now-{}", span_text(-ns)),
            End::FromNow(ns) => format!("now+{}", span_text(ns)),
        }
    }
}

/// An instant as in requests: a Unix time in milliseconds or, where it is finer, nanoseconds. RFC 3339 where the server would read such
/// a number in another unit.
pub(crate) fn api_text(ns: i64) -> String {
    match (ns.div_euclid(MS), ns.rem_euclid(MS)) {
        (0, 0) => "0".to_owned(),
        (ms, 0) if ms >= LEAST_MS => ms.to_string(),
        (_, 1..) if ns >= LEAST_NS => ns.to_string(),
        _ => rfc3339_text(ns),
    }
}

/// The unit of a number follows from its size, as in the API.
fn unix(digits: &str) -> Option<i64> {
    let number: i64 = digits.parse().ok()?;
    let scale = match digits.trim_start_matches('0').len() {
        ..=11 => SECOND_NS,
        12..=14 => MS,
        15..=17 => 1000,
        _ => 1,
    };
    number.checked_mul(scale)
}

/// `2026-11-21T03:00:00.250+01:00`; seconds and their fraction may be absent, the offset may not.
fn rfc3339(text: &str) -> Option<i64> {
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
    let (time, fraction_ns) = without_fraction(time)?;
    let at = Civil::parse(&format!("{date}T{time}"))?;
    instant(at, offset_min).checked_mul(MS)?.checked_add(fraction_ns)
}

/// A time without the fraction of its second, and that in nanoseconds.
pub(super) fn without_fraction(text: &str) -> Option<(&str, i64)> {
    let Some((time, fraction)) = text.split_once('.') else { return Some((text, 0)) };
    let has_seconds = time.matches(':').count() == 2;
    if !has_seconds
        || fraction.is_empty()
        || fraction.len() > 9
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    Some((time, format!("{fraction:0<9}").parse().ok()?))
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

/// `2026-11-21T03:05:15.250Z`, with as many digits of the second as are needed.
fn rfc3339_text(ns: i64) -> String {
    civil(ns.div_euclid(MS), 0).input_value() + &fraction_text(ns) + "Z"
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

/// `1h30m` in nanoseconds; `None` if it is not a span of at most ten years.
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

/// In the largest unit that divides it; days rather than weeks. Spans are whole milliseconds, as they are read.
pub(crate) fn span_text(ns: i64) -> String {
    let fits = UNITS[1..].iter().find(|(_, size)| ns % size == 0);
    fits.map_or_else(|| format!("{}ms", ns / MS), |(unit, size)| format!("{}{unit}", ns / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21T03:05:15.25Z
    const AT: i64 = 1_795_230_315_250 * MS;
    const QUARTER: i64 = 250 * MS;

    #[test]
    fn reads_every_notation_of_one_time() {
        for text in [
            "2026-11-21T03:05:15.25Z",
            "2026-11-21t03:05:15.250z",
            "2026-11-21T04:05:15.25+01:00",
            "2026-11-21T04:05:15.25 01:00",
            "2026-11-20T23:35:15.250000-0330",
            "2026-11-21T05:05:15.250000000+02",
            "1795230315250",
            "1795230315250000",
            "1795230315250000000",
        ] {
            assert_eq!(End::parse(text), Some(End::At(AT)), "{text}");
        }
        assert_eq!(End::parse("1795230315"), Some(End::At(AT - QUARTER)));
        assert_eq!(End::parse("2026-11-21T03:05Z"), Some(End::At(AT - QUARTER - 15 * SECOND_NS)));
        assert_eq!(End::parse("now"), Some(End::FromNow(0)));
        assert_eq!(End::parse("now-1h30m"), Some(End::FromNow(-90 * MINUTE_NS)));
        assert_eq!(End::parse("now+250ms"), Some(End::FromNow(QUARTER)));
        assert_eq!(End::parse("now 2w1d"), Some(End::FromNow(15 * DAY_NS)));
    }

    #[test]
    fn every_nanosecond_is_kept() {
        for (text, ns) in [
            ("2026-11-21T03:05:15.2500001Z", 100),
            ("2026-11-21T03:05:15.250999999Z", 999_999),
            ("1795230315250000100", 100),
            ("1795230315250001", 1000),
        ] {
            assert_eq!(End::parse(text), Some(End::At(AT + ns)), "{text}");
        }
        for (ns, text) in [
            (AT, "2026-11-21T03:05:15.250Z"),
            (AT + 1000, "2026-11-21T03:05:15.250001Z"),
            (AT + 1, "2026-11-21T03:05:15.250000001Z"),
        ] {
            assert_eq!(End::At(ns).text(), text);
        }
    }

    #[test]
    fn requests_have_times_that_the_server_reads_in_the_same_unit() {
        for (ns, text) in [
            (0, "0"),
            (AT, "1795230315250"),
            (AT + 1, "1795230315250000001"),
            (5 * SECOND_NS, "1970-01-01T00:00:05Z"),
            (MS + 1, "1970-01-01T00:00:00.001000001Z"),
        ] {
            assert_eq!(api_text(ns), text);
            assert_eq!(End::parse(text), Some(End::At(ns)), "{text}");
        }
    }

    #[test]
    fn now_is_the_end_of_the_second_that_has_begun() {
        let at = |now_ms| End::FromNow(-MINUTE_NS).resolve(now_ms);
        assert_eq!([119_001, 119_999, 120_000].map(at), [MINUTE_NS; 3]);
        assert_eq!((at(120_001), End::At(7).resolve(120_001)), (61 * SECOND_NS, 7));
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
            "2263-01-01T00:00:00Z",
        ] {
            assert_eq!(End::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ends_survive_the_url() {
        let spans = [0, -MS, -1500 * MS, -MINUTE_NS, -90 * MINUTE_NS, -14 * DAY_NS, 5 * HOUR_NS];
        for end in spans.map(End::FromNow) {
            assert_eq!(End::parse(&end.text()), Some(end), "{}", end.text());
        }
        for (ns, text) in [
            (AT, "2026-11-21T03:05:15.250Z"),
            (AT - QUARTER, "2026-11-21T03:05:15Z"),
            (0, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(End::At(ns).text(), text);
            assert_eq!(End::parse(text), Some(End::At(ns)));
        }
    }
}
