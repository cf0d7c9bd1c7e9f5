//! Dates and times of day, to and from milliseconds since the epoch. Pure.
//!
//! Days are counted as in Howard Hinnant's "chrono-compatible low-level date algorithms".

use std::str::FromStr;

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: u8,
    /// 1 to 31.
    pub(crate) day: u8,
    /// 0 to 23.
    pub(crate) hour: u8,
    /// 0 to 59.
    pub(crate) minute: u8,
    /// 0 to 59.
    pub(crate) second: u8,
}

/// The date and time at `ms` since the epoch, `offset_min` minutes east of UTC.
pub(crate) fn civil(ms: i64, offset_min: i64) -> Civil {
    let local = ms + offset_min * 60_000;
    let (days, in_day) = (local.div_euclid(DAY_MS), local.rem_euclid(DAY_MS) / 1000);
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    Civil {
        year: yoe + era * 400 + i64::from(month <= 2),
        month: month as u8,
        day: (doy - (153 * mp + 2) / 5 + 1) as u8,
        hour: (in_day / 3600) as u8,
        minute: (in_day / 60 % 60) as u8,
        second: (in_day % 60) as u8,
    }
}

/// Milliseconds since the epoch of a date and time `offset_min` minutes east of UTC.
pub(crate) fn instant(at: Civil, offset_min: i64) -> i64 {
    let year = if at.month <= 2 { at.year - 1 } else { at.year };
    let (era, yoe) = (year.div_euclid(400), year.rem_euclid(400));
    let mp = (i64::from(at.month) + 9) % 12;
    let doy = (153 * mp + 2) / 5 + i64::from(at.day) - 1;
    let days = era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468;
    let seconds = i64::from(at.hour) * 3600 + i64::from(at.minute) * 60 + i64::from(at.second);
    days * DAY_MS + seconds * 1000 - offset_min * 60_000
}

impl Civil {
    /// `2026-11-21`
    pub(crate) fn date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `03:05`, or `03:05:15` when the seconds matter.
    pub(crate) fn time(&self) -> String {
        match self.second {
            0 => format!("{:02}:{:02}", self.hour, self.minute),
            _ => self.time_to_second(),
        }
    }

    /// `03:05:00`: in a column of times, all are as long.
    pub(crate) fn time_to_second(&self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }

    /// `2026-11-21T03:05:15`, as RFC 3339 and fields of forms write it.
    pub(crate) fn input_value(&self) -> String {
        format!("{}T{}", self.date(), self.time_to_second())
    }

    /// Parses `2026-11-21T03:05` with or without seconds. `None` for dates that do not exist, and with anything else in the text,
    /// such as an offset or a fraction.
    pub(crate) fn parse(text: &str) -> Option<Civil> {
        let (date, time) = text.split_once('T')?;
        let mut date = date.splitn(3, '-');
        let mut time = time.splitn(3, ':');
        let at = Civil {
            year: number(date.next()?)?,
            month: number(date.next()?)?,
            day: number(date.next()?)?,
            hour: number(time.next()?)?,
            minute: number(time.next()?)?,
            second: time.next().map_or(Some(0), number)?,
        };
        // A date that does not exist is normalised to another one.
        let sound = (1970..=9999).contains(&at.year) && (1..=12).contains(&at.month);
        (sound && civil(instant(at, 0), 0) == at).then_some(at)
    }
}

/// Digits without a sign.
fn number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip() {
        let at = civil(1_795_230_315_000, 0);
        assert_eq!((at.date().as_str(), at.time().as_str()), ("2026-11-21", "03:05:15"));
        for (ms, offset) in
            [(0, 0), (951_782_400_000, 60), (1_795_230_315_000, -210), (4_107_542_399_000, 765)]
        {
            assert_eq!(instant(civil(ms, offset), offset), ms);
            assert_eq!(Civil::parse(&civil(ms, 0).input_value()), Some(civil(ms, 0)));
        }
    }

    #[test]
    fn rejects_dates_that_do_not_exist() {
        for bad in ["", "2026-02-30T00:00", "2026-13-01T00:00", "2026-01-01", "2026-01-01T25:00", "x-y-zT1:2"]
        {
            assert_eq!(Civil::parse(bad), None, "{bad}");
        }
        for more in
            ["2026-01-01T03:05Z", "2026-01-01T03:05:15.5", "2026-01-01T03:05:15+01", "2026-01-01T+3:05"]
        {
            assert_eq!(Civil::parse(more), None, "{more}");
        }
        assert!(Civil::parse("2024-02-29T12:30").is_some());
    }
}
