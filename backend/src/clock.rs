//! What time it is: the system's clock, or a fixed one in tests.

use flarepath_profile::unix_nanos::UnixNanos;
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of the time of day.
pub trait Clock: Send + Sync {
    /// The present time.
    fn now(&self) -> UnixNanos;

    /// The present time in nanoseconds since the Unix epoch.
    fn now_ns(&self) -> i64 {
        self.now().0
    }
}

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixNanos {
        UnixNanos::default().plus(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

/// Always the same time.
pub struct FixedClock(pub UnixNanos);

impl Clock for FixedClock {
    fn now(&self) -> UnixNanos {
        self.0
    }
}
