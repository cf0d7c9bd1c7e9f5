//! [`LineLimit`]: limits the lines that each place in the code writes to the log.
//!
//! Clients decide how often requests fail, and a full disk or a lost database makes all of them fail; the log often is on the same
//! disk. What is left out is counted, and [`report`] says so.

use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Lines of one place in a period.
const LINES: u32 = 20;
const PERIOD: Duration = Duration::from_secs(10);

/// Lines left out since the last report.
static LEFT_OUT: AtomicU64 = AtomicU64::new(0);

/// Lines of levels `info` and above, by place. Lower levels are turned on to see everything.
#[derive(Default)]
pub(super) struct LineLimit {
    /// By the address of the place's metadata, which is a constant.
    places: Mutex<FxHashMap<usize, LineCount>>,
}

/// What one place has written in a period.
struct LineCount {
    since: Instant,
    lines: u32,
}

impl LineLimit {
    fn admits(&self, place: usize, now: Instant) -> bool {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let written = places.entry(place).or_insert(LineCount { since: now, lines: 0 });
        if now.saturating_duration_since(written.since) >= PERIOD {
            *written = LineCount { since: now, lines: 0 };
        }
        written.lines = written.lines.saturating_add(1);
        written.lines <= LINES
    }
}

impl<S: Subscriber> Layer<S> for LineLimit {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let admitted = *metadata.level() > Level::INFO
            || self.admits(std::ptr::from_ref(metadata).addr(), Instant::now());
        if !admitted {
            LEFT_OUT.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("flarepath_log_lines_left_out_total").increment(1);
        }
        admitted
    }
}

/// Logs how many lines were left out since the last report.
pub(crate) fn report() {
    let lines = LEFT_OUT.swap(0, Ordering::Relaxed);
    if lines > 0 {
        tracing::warn!(lines, "log lines left out: more than {LINES} of one kind in {} s", PERIOD.as_secs());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use tracing_subscriber::layer::SubscriberExt;

    #[test]
    fn each_place_has_its_lines_in_each_period() {
        let limit = LineLimit::default();
        let start = Instant::now();
        let admitted = |place, after| (0..100).filter(|_| limit.admits(place, start + after)).count() as u32;
        assert_eq!(admitted(1, Duration::ZERO), LINES);
        assert_eq!(admitted(2, Duration::ZERO), LINES, "another place");
        assert_eq!(admitted(1, PERIOD - Duration::from_millis(1)), 0);
        assert_eq!(admitted(1, PERIOD), LINES);
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<AtomicUsize>);

    impl<S: Subscriber> Layer<S> for Lines {
        fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn lines_beyond_the_limit_are_not_written() {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::registry().with(lines.clone()).with(LineLimit::default());
        tracing::subscriber::with_default(subscriber, || {
            (0..100).for_each(|at| tracing::warn!(at, "the same failure"));
            tracing::warn!("another failure");
            (0..100).for_each(|at| tracing::debug!(at, "details"));
        });
        assert_eq!(lines.0.load(Ordering::Relaxed), LINES as usize + 1 + 100);
    }
}
