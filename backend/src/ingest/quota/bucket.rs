//! [`Bucket`]: a token bucket, which limits a rate. Pure: the time since some fixed moment is passed in.

use std::time::Duration;

/// How many seconds of a rate per second can be saved up and used at once.
const BURST_S: f64 = 5.0;
const HOUR: Duration = Duration::from_secs(3600);

/// A limit on a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate {
    per_second: f64,
    /// Most that can be used at once.
    burst: f64,
}

impl Rate {
    /// `count` per second, and five times as many at once after a pause. `None` for 0: no limit.
    pub(super) fn per_second(count: u64) -> Option<Rate> {
        (count > 0).then_some(Rate { per_second: count as f64, burst: count as f64 * BURST_S })
    }

    /// `count` per hour, also all at once. `None` for 0: no limit.
    pub(super) fn per_hour(count: u64) -> Option<Rate> {
        (count > 0).then_some(Rate { per_second: count as f64 / HOUR.as_secs_f64(), burst: count as f64 })
    }
}

/// What one sender may still use of a rate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    rate: Rate,
    /// Negative after [`Bucket::overdraw`].
    level: f64,
    /// When `level` was right.
    at: Duration,
}

impl Bucket {
    /// Of a sender that has used nothing.
    pub(super) fn full(rate: Rate, now: Duration) -> Bucket {
        Bucket { rate, level: rate.burst, at: now }
    }

    /// Takes all of `amount`, or nothing.
    ///
    /// # Errors
    /// The time after which there is enough, at most an hour.
    pub(super) fn take(&mut self, amount: u64, now: Duration) -> Result<(), Duration> {
        self.wait(amount, now)?;
        self.level -= amount as f64;
        Ok(())
    }

    /// Takes `amount` if there is anything left, even if it is less: for amounts that cannot be split. What is missing has to
    /// flow in before anything else can be taken.
    ///
    /// # Errors
    /// As [`Bucket::take`].
    pub(super) fn overdraw(&mut self, amount: u64, now: Duration) -> Result<(), Duration> {
        self.wait(1, now)?;
        self.level -= amount as f64;
        Ok(())
    }

    /// Fails with the time to wait as long as there is less than `amount`. Takes nothing.
    pub(super) fn wait(&mut self, amount: u64, now: Duration) -> Result<(), Duration> {
        self.fill(now);
        let missing = amount as f64 - self.level;
        if missing <= 0.0 {
            return Ok(());
        }
        let wait = Duration::try_from_secs_f64(missing / self.rate.per_second).unwrap_or(HOUR);
        Err(wait.min(HOUR))
    }

    /// How much has been used and has not flowed in again.
    pub(super) fn used(&mut self, now: Duration) -> u64 {
        self.fill(now);
        (self.rate.burst - self.level).round() as u64
    }

    /// Whether it is the same as a new one.
    pub(super) fn is_full(&mut self, now: Duration) -> bool {
        self.fill(now);
        self.level >= self.rate.burst
    }

    fn fill(&mut self, now: Duration) {
        let gained = now.saturating_sub(self.at).as_secs_f64() * self.rate.per_second;
        self.level = (self.level + gained).min(self.rate.burst);
        self.at = now.max(self.at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn allows_a_burst_and_then_the_rate() {
        let mut bucket = Bucket::full(Rate::per_second(10).unwrap(), s(100));
        assert_eq!(bucket.take(50, s(100)), Ok(()));
        assert_eq!(bucket.take(1, s(100)), Err(Duration::from_millis(100)));
        assert_eq!(bucket.take(10, s(101)), Ok(()));
        assert_eq!(bucket.take(20, s(102)), Err(s(1)), "all or nothing");
        assert_eq!(bucket.take(20, s(103)), Ok(()));
        assert_eq!(bucket.take(51, s(1000)), Err(Duration::from_millis(100)), "never more than the burst");
    }

    #[test]
    fn an_hourly_rate_can_be_used_at_once() {
        let mut bucket = Bucket::full(Rate::per_hour(3600).unwrap(), s(0));
        assert_eq!(bucket.take(3600, s(0)), Ok(()));
        assert_eq!(bucket.take(60, s(0)), Err(s(60)));
        assert_eq!((bucket.take(60, s(60)), bucket.used(s(60))), (Ok(()), 3600));
        assert!(!bucket.is_full(s(3659)));
        assert!(bucket.is_full(s(3660)));
    }

    #[test]
    fn what_cannot_be_split_may_exceed_the_burst_once() {
        let mut bucket = Bucket::full(Rate::per_second(10).unwrap(), s(0));
        assert_eq!(bucket.overdraw(1000, s(0)), Ok(()));
        assert_eq!(bucket.overdraw(1, s(0)), Err(Duration::from_millis(95_100)));
        assert_eq!(bucket.overdraw(1, s(96)), Ok(()));
    }

    #[test]
    fn zero_is_no_limit_and_time_never_runs_backwards() {
        assert_eq!((Rate::per_second(0), Rate::per_hour(0)), (None, None));
        let mut bucket = Bucket::full(Rate::per_second(1).unwrap(), s(10));
        bucket.take(5, s(10)).unwrap();
        assert_eq!(bucket.take(1, s(5)), Err(s(1)));
        assert_eq!(bucket.take(1, s(11)), Ok(()));
    }
}
