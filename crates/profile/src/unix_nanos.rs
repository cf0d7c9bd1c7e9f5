//! Instants as nanoseconds since the Unix epoch (1970-01-01T00:00:00Z), leap seconds not counted.
//!
//! Covers the years 1677 to 2262. Arithmetic saturates at both ends, because a profile may claim any time.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Nanoseconds of a second.
pub const SECOND_NS: i64 = 1_000_000_000;
/// Nanoseconds of a minute.
pub const MINUTE_NS: i64 = 60 * SECOND_NS;
/// Nanoseconds of an hour.
pub const HOUR_NS: i64 = 60 * MINUTE_NS;
/// Nanoseconds of a day of 24 hours.
pub const DAY_NS: i64 = 24 * HOUR_NS;

/// An instant. Written as a plain integer in messages, JSON and databases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixNanos(pub i64);

impl UnixNanos {
    /// The earliest instant.
    pub const MIN: UnixNanos = UnixNanos(i64::MIN);
    /// The latest instant.
    pub const MAX: UnixNanos = UnixNanos(i64::MAX);

    /// From milliseconds since the epoch.
    pub fn from_millis(millis: i64) -> UnixNanos {
        UnixNanos(millis.saturating_mul(1_000_000))
    }

    /// Milliseconds since the epoch, rounded down.
    pub fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Seconds since the epoch, rounded down.
    pub fn as_secs(self) -> i64 {
        self.0.div_euclid(SECOND_NS)
    }

    /// This much later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> UnixNanos {
        UnixNanos(self.0.saturating_add(nanos(duration)))
    }

    /// This much earlier.
    #[must_use]
    pub fn minus(self, duration: Duration) -> UnixNanos {
        UnixNanos(self.0.saturating_sub(nanos(duration)))
    }

    /// Nanoseconds since `earlier`; negative when it is later.
    pub fn nanos_since(self, earlier: UnixNanos) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_and_seconds_round_down_on_both_sides_of_the_epoch() {
        assert_eq!(UnixNanos(1_999_999).as_millis(), 1);
        assert_eq!(UnixNanos(-1).as_millis(), -1);
        assert_eq!(UnixNanos::from_millis(3), UnixNanos(3_000_000));
        assert_eq!([UnixNanos(1_999_999_999), UnixNanos(-1)].map(UnixNanos::as_secs), [1, -1]);
    }

    #[test]
    fn arithmetic_saturates() {
        let second = Duration::from_secs(1);
        assert_eq!(UnixNanos::MAX.plus(second), UnixNanos::MAX);
        assert_eq!(UnixNanos::MIN.minus(second), UnixNanos::MIN);
        assert_eq!(UnixNanos::MAX.nanos_since(UnixNanos::MIN), i64::MAX);
        assert_eq!(UnixNanos(5).plus(second).nanos_since(UnixNanos(5)), 1_000_000_000);
    }
}
