//! Arms the sampler and takes its samples, one window after the other.

#![expect(clippy::disallowed_methods, reason = "the sampler stamps profiles with the system's time")]

use super::report::{FREQUENCY_HZ, Window};
use super::{sampler, symbols};
use crate::allocator;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The timer cannot be armed.
#[derive(Debug, thiserror::Error)]
#[error("this process cannot be sampled: {0}")]
pub(crate) struct CannotSample(#[from] std::io::Error);

/// A running sampler. Only one can exist in a process.
pub(crate) struct Sampling {
    since: SystemTime,
}

impl Sampling {
    /// Arms the timer; what runs from now on is sampled.
    ///
    /// # Errors
    /// When the system refuses, or when sampling is already on.
    pub(crate) fn start() -> Result<Sampling, CannotSample> {
        sampler::start(Duration::from_secs(1) / FREQUENCY_HZ)?;
        Ok(Sampling { since: SystemTime::now() })
    }

    /// Ends this window and begins the next.
    pub(super) fn take(&mut self) -> Window {
        let until = SystemTime::now();
        let samples = sampler::take();
        let since = std::mem::replace(&mut self.since, until);
        let stacks = symbols::stacks(&samples);
        drop(samples);
        give_memory_back();
        Window {
            time_nanos: since.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64),
            // None when the clock was set back in between: length unknown.
            duration_nanos: until.duration_since(since).map_or(0, |d| d.as_nanos() as i64),
            stacks,
        }
    }
}

impl Drop for Sampling {
    fn drop(&mut self) {
        sampler::stop();
    }
}

/// Looking symbols up takes many times the memory of its answers, which is kept otherwise: by the cache of symbols, and
/// by the C library's allocator (35 MB for good, measured).
fn give_memory_back() {
    backtrace::clear_symbol_cache();
    allocator::give_back();
}
