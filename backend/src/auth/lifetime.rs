//! Lifetime of sessions, and durations in nanoseconds.

use std::time::Duration;

/// Lifetime of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// Without use.
    pub(crate) idle: Duration,
    /// In total.
    pub(crate) absolute: Duration,
}

impl Default for Lifetime {
    fn default() -> Lifetime {
        Lifetime { idle: Duration::from_secs(12 * 3600), absolute: Duration::from_secs(7 * 24 * 3600) }
    }
}

/// A duration in nanoseconds; `i64::MAX` for longer ones.
pub(super) fn ns(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
