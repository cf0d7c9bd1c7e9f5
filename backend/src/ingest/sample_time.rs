//! Validates profile times. Profiles are stored under their own time, so a wrong clock must not put them where nobody looks.

/// 2000-01-01T00:00:00Z in nanoseconds since the epoch. Earlier times are unset clocks and wrong units.
pub(crate) const EARLIEST_NS: i64 = 946_684_800 * SECOND_NS;
/// How far a sender's clock may be ahead.
pub(crate) const MAX_AHEAD_NS: i64 = 10 * 60 * SECOND_NS;
/// A second in nanoseconds.
pub(crate) const SECOND_NS: i64 = 1_000_000_000;

/// Why a time is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadTime {
    /// Before 2000.
    #[error(
        "its time {0} ns is before 2000-01-01; send nanoseconds since 1970, or 0 for the time of arrival"
    )]
    TooOld(i64),
    /// More than [`MAX_AHEAD_NS`] in the future.
    #[error(
        "its time {time_ns} ns is {ahead_s} s in the future; at most 600 s are allowed: set the sender's clock"
    )]
    Future {
        /// The time, nanoseconds since the epoch.
        time_ns: i64,
        /// How far ahead of the server it is, in seconds.
        ahead_s: i64,
    },
}

/// The time of a profile: its own, or the time of arrival if that is 0.
///
/// # Errors
/// [`BadTime`] for times before 2000 or more than ten minutes ahead.
pub(crate) fn resolve(time_ns: i64, now_ns: i64) -> Result<i64, BadTime> {
    if time_ns == 0 {
        return Ok(now_ns);
    }
    if time_ns < EARLIEST_NS {
        return Err(BadTime::TooOld(time_ns));
    }
    let ahead = time_ns.saturating_sub(now_ns);
    if ahead > MAX_AHEAD_NS {
        return Err(BadTime::Future { time_ns, ahead_s: ahead / SECOND_NS });
    }
    Ok(time_ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_227_700 * SECOND_NS;

    #[test]
    fn uses_the_profile_time_or_the_arrival() {
        assert_eq!(resolve(0, NOW), Ok(NOW));
        assert_eq!(resolve(NOW - 90 * 86_400 * SECOND_NS, NOW), Ok(NOW - 90 * 86_400 * SECOND_NS));
        assert_eq!(resolve(NOW + MAX_AHEAD_NS, NOW), Ok(NOW + MAX_AHEAD_NS));
        assert_eq!(resolve(EARLIEST_NS, NOW), Ok(EARLIEST_NS));
    }

    #[test]
    fn rejects_wrong_clocks() {
        assert_eq!(resolve(1_795_227_700, NOW), Err(BadTime::TooOld(1_795_227_700)));
        assert_eq!(resolve(-1, NOW), Err(BadTime::TooOld(-1)));
        let time_ns = NOW + MAX_AHEAD_NS + SECOND_NS;
        assert_eq!(resolve(time_ns, NOW), Err(BadTime::Future { time_ns, ahead_s: 601 }));
        assert!(resolve(i64::MAX, NOW).is_err());
    }
}
