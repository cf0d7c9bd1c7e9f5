//! Validates profile times. Profiles are stored under their own time, so a wrong clock must not put them where nobody looks.

use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use std::time::Duration;

/// 2000-01-01T00:00:00Z. Earlier times are unset clocks and wrong units.
const EARLIEST: UnixNanos = UnixNanos(946_684_800 * SECOND_NS);
/// How far a sender's clock may be ahead.
const MAX_AHEAD: Duration = Duration::from_secs(10 * 60);

/// Why a time is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadTime {
    /// Before 2000.
    #[error(
        "its time {} ns is before 2000-01-01; send nanoseconds since 1970, or 0 for the time of arrival",
        .time.0
    )]
    TooOld {
        /// The time.
        time: UnixNanos,
    },
    /// More than [`MAX_AHEAD`] in the future.
    #[error(
        "its time {} ns is {ahead_s} s in the future; at most 600 s are allowed: set the sender's clock",
        .time.0
    )]
    Future {
        /// The time.
        time: UnixNanos,
        /// How far ahead of the server it is, in seconds.
        ahead_s: i64,
    },
}

/// The time of a profile: its own, or the time of arrival if that is 0.
///
/// # Errors
/// [`BadTime`] for times before 2000 or more than ten minutes ahead.
pub(crate) fn resolve(time: UnixNanos, now: UnixNanos) -> Result<UnixNanos, BadTime> {
    if time == UnixNanos(0) {
        return Ok(now);
    }
    if time < EARLIEST {
        return Err(BadTime::TooOld { time });
    }
    if time > now.plus(MAX_AHEAD) {
        return Err(BadTime::Future { time, ahead_s: time.nanos_since(now) / SECOND_NS });
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixNanos = UnixNanos(1_795_227_700 * SECOND_NS);

    #[test]
    fn uses_the_profile_time_or_the_arrival() {
        assert_eq!(resolve(UnixNanos(0), NOW), Ok(NOW));
        let quarter_ago = NOW.minus(Duration::from_secs(90 * 86_400));
        for time in [quarter_ago, NOW.plus(MAX_AHEAD), EARLIEST] {
            assert_eq!(resolve(time, NOW), Ok(time));
        }
    }

    #[test]
    fn rejects_wrong_clocks() {
        for time in [UnixNanos(1_795_227_700), UnixNanos(-1)] {
            assert_eq!(resolve(time, NOW), Err(BadTime::TooOld { time }));
        }
        let time = NOW.plus(MAX_AHEAD + Duration::from_secs(1));
        assert_eq!(resolve(time, NOW), Err(BadTime::Future { time, ahead_s: 601 }));
        assert_eq!(
            resolve(time, NOW).map_err(|error| error.to_string()),
            Err("its time 1795228301000000000 ns is 601 s in the future; at most 600 s are allowed: set the sender's clock"
                .to_owned())
        );
        assert!(resolve(UnixNanos::MAX, NOW).is_err());
    }
}
