//! Ages at which stored profiles are dropped.

use std::time::Duration;

/// Ages at which data is dropped. What is older than `raw` is answered from 5-minute blocks, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Single profiles, with their spans and sample labels.
    pub raw: Duration,
    /// 5-minute blocks.
    pub five_minutes: Duration,
    /// 1-hour blocks.
    pub hours: Duration,
    /// 1-day blocks: the end of all data.
    pub days: Duration,
}
