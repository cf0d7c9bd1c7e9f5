//! Request rate of a replica, so that the fleet uses little CPU on any machine.
//!
//! A replica measures the cost of one request of version 1 on this machine and then handles requests at a steady rate that
//! keeps it at [`SHARE`] of a core. Version 2 gets the rate of version 1, so that its bug shows as more CPU; only past
//! [`MOST`] does it fall behind.

use std::time::{Duration, Instant};

/// Share of a core that a replica of version 1 uses. Nine of them use a third of a core.
const SHARE: f64 = 0.035;
/// Share of a core that no replica exceeds.
const MOST: f64 = 0.12;

/// Cost of one request: the fastest of a few, as the others were disturbed.
pub(super) fn measure(mut request: impl FnMut() -> usize) -> Duration {
    let timed = |_| {
        let start = Instant::now();
        std::hint::black_box(request());
        start.elapsed()
    };
    (0..12).map(timed).min().unwrap_or_default().max(Duration::from_micros(20))
}

/// Pause after a request that took `took`, when one of version 1 takes `usual` and `threads` share the work.
pub(super) fn pause(usual: Duration, took: Duration, threads: u32) -> Duration {
    let threads = f64::from(threads);
    let every = usual.mul_f64(threads / SHARE);
    let rest = took.mul_f64(threads / MOST - 1.0);
    every.saturating_sub(took).max(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Share of a core used by `threads` whose requests take `took`.
    fn share(usual: Duration, took: Duration, threads: u32) -> f64 {
        f64::from(threads) * took.as_secs_f64() / (took + pause(usual, took, threads)).as_secs_f64()
    }

    #[test]
    fn uses_its_share_and_never_more_than_the_limit() {
        assert!((share(MS, MS, 2) - SHARE).abs() < 1e-6);
        let slower = share(MS, MS.mul_f64(2.0), 2);
        assert!((slower - 2.0 * SHARE).abs() < 1e-6, "twice the cost shows as twice the CPU, got {slower}");
        assert!((share(MS, 50 * MS, 2) - MOST).abs() < 1e-6);
    }
}
