//! Request rate of a replica, so that the fleet uses little CPU on any machine.
//!
//! A replica measures the cost of one request of version 1 on this machine and then handles requests at a steady rate that
//! keeps it at [`SHARE`] of a core. Version 2 gets the rate of version 1, so that its bug shows as more CPU; only past
//! [`MOST`] does it fall behind. Cost is CPU time of the thread: on a busy machine a request takes longer, but costs no more.

use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Share of a core that a replica of version 1 is kept at. In the recorded run it used 0.054 in all.
const SHARE: f64 = 0.035;
/// Share of a core that no replica exceeds.
pub(super) const MOST: f64 = 0.2;
/// Pause before each request that is measured.
const REST: Duration = Duration::from_millis(20);

/// What a request took.
#[derive(Clone, Copy)]
pub(super) struct Took {
    /// By the clock on the wall.
    pub(super) elapsed: Duration,
    /// CPU time of the thread.
    cpu: Duration,
}

/// Handles a request and times it.
pub(super) fn timed<T>(request: impl FnOnce() -> T) -> (T, Took) {
    let (start, cpu) = (Instant::now(), cpu_time());
    let answer = std::hint::black_box(request());
    (answer, Took { elapsed: start.elapsed(), cpu: cpu_time().saturating_sub(cpu) })
}

/// CPU time of the calling thread so far.
fn cpu_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// CPU time of one request: the median of a few. Each follows a pause, as in the replica's life: with warm caches a request
/// costs a third.
pub(super) fn measure<T>(mut request: impl FnMut() -> T) -> Duration {
    let mut costs: Vec<_> = (0..15)
        .map(|_| {
            #[expect(clippy::disallowed_methods, reason = "a process of its own, with threads of its own")]
            thread::sleep(REST);
            timed(&mut request).1.cpu
        })
        .collect();
    costs.sort_unstable();
    costs[costs.len() / 2].max(Duration::from_micros(20))
}

/// Pause after a request that took `took`, when one of version 1 costs `usual` and `threads` share the work.
pub(super) fn pause(usual: Duration, took: Took, threads: u32) -> Duration {
    let threads = f64::from(threads);
    let every = usual.mul_f64(threads / SHARE).max(took.cpu.mul_f64(threads / MOST));
    every.saturating_sub(took.elapsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Share of a core used by `threads` whose requests take `took`.
    fn share(usual: Duration, cpu: Duration, threads: u32) -> f64 {
        let every = cpu + pause(usual, Took { elapsed: cpu, cpu }, threads);
        f64::from(threads) * cpu.as_secs_f64() / every.as_secs_f64()
    }

    #[test]
    fn uses_its_share_and_never_more_than_the_limit() {
        assert!((share(MS, MS, 2) - SHARE).abs() < 1e-6);
        let slower = share(MS, MS.mul_f64(2.0), 2);
        assert!((slower - 2.0 * SHARE).abs() < 1e-6, "twice the cost shows as twice the CPU, got {slower}");
        assert!((share(MS, 50 * MS, 2) - MOST).abs() < 1e-6);
    }
    #[test]
    fn keeps_its_rate_while_others_hold_the_cpu() {
        let undisturbed = Took { elapsed: MS, cpu: MS };
        let waited = Took { elapsed: 20 * MS, cpu: MS };
        assert_eq!(20 * MS + pause(MS, waited, 2), MS + pause(MS, undisturbed, 2));
    }
}
