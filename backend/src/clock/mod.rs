//! Clocks: the time of day, and waiting for it. The system's, and those that tests hold still or turn.
//!
//! The machine's clock can be wrong. What is deleted by age counts from [`SettledClock`], which waits before it believes a jump.

mod settled;

pub use settled::SettledClock;

use flarepath_profile::unix_nanos::UnixNanos;
use futures::future::BoxFuture;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// A source of the time of day.
pub trait Clock: Send + Sync {
    /// The present time.
    fn now(&self) -> UnixNanos;

    /// Completes once `duration` has passed on this clock.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Time since some fixed moment of this process. Setting the clock does not change it.
    fn elapsed(&self) -> Duration;
}

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place")]
    fn now(&self) -> UnixNanos {
        UnixNanos::default().plus(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn elapsed(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// Always the same time; what sleeps on it never wakes.
pub struct FixedClock(pub UnixNanos);

impl Clock for FixedClock {
    fn now(&self) -> UnixNanos {
        self.0
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// A clock that tests turn. Sleepers wake when it has been turned far enough.
pub struct ManualClock {
    now: watch::Sender<UnixNanos>,
    elapsed: Mutex<Duration>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: UnixNanos) -> ManualClock {
        ManualClock { now: watch::Sender::new(now), elapsed: Mutex::default() }
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner) += by;
        self.now.send_modify(|now| *now = now.plus(by));
    }

    /// Sets the clock to `now` without any time passing.
    pub fn set(&self, now: UnixNanos) {
        self.now.send_replace(now);
    }

    /// Waits until `count` sleep on this clock.
    #[cfg(test)]
    pub(crate) async fn sleepers(&self, count: usize) {
        while self.now.receiver_count() < count {
            tokio::task::yield_now().await;
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixNanos {
        *self.now.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut now = self.now.subscribe();
        let until = self.now().plus(duration);
        Box::pin(async move {
            // Fails when the clock is gone; then nothing waits for this any more.
            let _ = now.wait_for(|now| *now >= until).await;
        })
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
