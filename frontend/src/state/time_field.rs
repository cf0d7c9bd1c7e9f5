//! Points in time in fields: what links take, and dates and times on the clock of the page, such as `2026-11-21 03:05`.
//!
//! An hour that the clock shows twice is never guessed: it is written with its offset, and what lacks it is refused with both.

use super::civil::Civil;
use super::clock_text::{Zone, fraction_text, offset_digits};
use super::time_text::{End, MS, NOTATIONS, without_fraction};

impl End {
    /// Reads a field: the notations of links, or a date and time on the clock of `zone`.
    ///
    /// # Errors
    /// Why it cannot be taken, as a sentence for the page that begins with `what`, such as `The start`.
    pub(crate) fn parse_field(what: &str, text: &str, zone: Zone) -> Result<End, String> {
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
        if let Some(end) = End::parse(&written) {
            return Ok(end);
        }
        match on_clock(&written, zone).as_slice() {
            [one] => Ok(End::At(*one)),
            [first, .., last] => {
                let [first, last] = [first, last].map(|ns| End::At(*ns).field_text(zone));
                Err(format!(
                    "{what}, \u{201c}{text}\u{201d}, occurs twice, as the clock is set back. Write {first} or {last}."
                ))
            }
            [] => Err(format!(
                "{what}, \u{201c}{text}\u{201d}, cannot be read. Use 2026-11-21 03:05, {NOTATIONS}."
            )),
        }
    }

    /// As in a field: instants on the clock of `zone`, `2026-11-21 03:05:15`. In an hour that the clock shows twice with the
    /// offset, `2026-11-01 01:30:00-05:00`, so that the field still means the same instant.
    pub(crate) fn field_text(self, zone: Zone) -> String {
        let End::At(ns) = self else { return self.text() };
        let ms = ns.div_euclid(MS);
        let at = zone.civil(ms);
        let text = (at.input_value() + &fraction_text(ns)).replace('T', " ");
        match zone.instants(at).len() {
            ..=1 => text,
            _ => text + &offset_digits(zone.offset(ms)),
        }
    }
}

/// The instants of a date and time without an offset on the clock of `zone`, in their order: none if it cannot be read or the clock
/// skips it, two if the clock shows it twice.
fn on_clock(text: &str, zone: Zone) -> Vec<i64> {
    let read =
        without_fraction(text).and_then(|(text, fraction_ns)| Some((Civil::parse(text)?, fraction_ns)));
    let Some((at, fraction_ns)) = read else { return Vec::new() };
    let exact = |ms: i64| ms.checked_mul(MS)?.checked_add(fraction_ns).filter(|ns| *ns >= 0);
    zone.instants(at).into_iter().filter_map(exact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::{MINUTE_NS, SECOND_NS};

    /// 2026-11-21T03:05:15.25Z
    const AT: i64 = 1_795_230_315_250 * MS;
    const QUARTER: i64 = 250 * MS;

    /// New York in the night in which summer time ends, and in spring an hour that is skipped.
    const NEW_YORK: Zone =
        Zone(|ms| if (1_772_953_200_000..1_793_512_800_000).contains(&ms) { -240 } else { -300 });

    fn field(text: &str, zone: Zone) -> Option<End> {
        End::parse_field("The start", text, zone).ok()
    }

    #[test]
    fn fields_are_read_as_they_are_written() {
        for ns in (0..96).map(|quarter| (1_793_491_200_250 + quarter * 900_000) * MS + 1) {
            assert_eq!(field(&End::At(ns).field_text(NEW_YORK), NEW_YORK), Some(End::At(ns)));
        }
        let text = |ms: i64| End::At(ms * MS).field_text(Zone(|_| 330));
        assert_eq!(text(1_793_563_200_000), "2026-11-02 01:30:00", "24 hours");
        assert_eq!(text(1_793_563_200_250), "2026-11-02 01:30:00.250");
        assert_eq!(End::FromNow(-90 * MINUTE_NS).field_text(NEW_YORK), "now-90m");
    }

    #[test]
    fn an_hour_that_occurs_twice_is_told_by_its_offset() {
        let turns = [1_793_511_000_000, 1_793_514_600_000].map(|ms| End::At(ms * MS));
        let texts = turns.map(|end| end.field_text(NEW_YORK));
        assert_eq!(texts, ["2026-11-01 01:30:00-04:00", "2026-11-01 01:30:00-05:00"]);
        assert_eq!(texts.map(|text| field(&text, NEW_YORK)), turns.map(Some));
        let problem = End::parse_field("The end", "2026-11-01 01:30", NEW_YORK).unwrap_err();
        let expected = "The end, “2026-11-01 01:30”, occurs twice, as the clock is set back. \
                        Write 2026-11-01 01:30:00-04:00 or 2026-11-01 01:30:00-05:00.";
        assert_eq!(problem, expected);
        assert_eq!(field("2026-11-01 00:59", NEW_YORK), Some(End::At(1_793_509_140_000 * MS)), "once");
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
        assert_eq!(field("1795230315", zone), Some(End::At(AT - QUARTER)));
        assert_eq!(field("2026-11-21 04:05", zone), Some(End::At(AT - QUARTER - 15 * SECOND_NS)));
        assert_eq!(field("now-1h30m", zone), Some(End::FromNow(-90 * MINUTE_NS)));
        assert_eq!(field("2026-11-21 04:05:15.2500001", zone), Some(End::At(AT + 100)));
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
            let problem = End::parse_field("The end", text, NEW_YORK).unwrap_err();
            assert!(problem.starts_with(&format!("The end, “{text}”, cannot be read.")), "{problem}");
        }
        let problem = End::parse_field("The end", " ", NEW_YORK);
        assert_eq!(problem, Err("The end is missing.".to_owned()));
    }

    #[test]
    fn fields_have_as_many_digits_as_are_needed() {
        let texts = [0, 1000, 1].map(|ns| End::At(AT + ns).field_text(Zone::UTC));
        let digits = [".250", ".250001", ".250000001"].map(|digits| format!("2026-11-21 03:05:15{digits}"));
        assert_eq!(texts, digits);
    }
}
