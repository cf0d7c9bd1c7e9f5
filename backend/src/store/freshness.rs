//! Tells whether an answer that was computed earlier is still exact.
//!
//! [`WriteLog`] is for stores that only this process writes to, [`Age`] for stores that others write to as well.

use super::{Growth, Inventory, NewProfile, ProfileWriter, StoreError, TimeRange, Unlimited};
use crate::clock::Clock;
use async_trait::async_trait;
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use rustc_hash::FxHasher;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Slots remembered: 24 bytes each, so about 3 MB at most.
const MAX_SLOTS: usize = 65_536;
/// The slot of all services together.
const ANY_SERVICE: u64 = 0;

/// A state of the store. Its number means something only to the [`Freshness`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(i64);

/// Decides how long answers hold.
pub trait Freshness: Send + Sync {
    /// The present state of the store. Take it before an answer is computed.
    fn mark(&self) -> Mark;

    /// Whether an answer about `service` (all services if absent) and `range`, computed at `mark`, still holds.
    fn holds(&self, mark: Mark, service: Option<&str>, range: TimeRange) -> bool;
}

/// Freshness of a store that others write to: an answer grows old.
pub struct Age {
    /// How long after its start a profile may still arrive. Ranges that ended earlier are settled.
    pub settled_after: Duration,
    /// How long an answer about a settled range holds.
    pub ttl: Duration,
    /// Measures the age of answers.
    pub clock: Arc<dyn Clock>,
}

impl Age {
    /// How long an answer holds to whose range profiles may still be added: long enough for the panels of one page to
    /// share it, shorter than a profiler's usual interval of 10 to 15 s.
    pub const UNSETTLED_TTL: Duration = Duration::from_secs(5);
}

impl Freshness for Age {
    fn mark(&self) -> Mark {
        Mark(self.clock.now().0)
    }

    fn holds(&self, Mark(computed): Mark, _: Option<&str>, range: TimeRange) -> bool {
        let computed = UnixNanos(computed);
        let is_settled = range.end < computed.minus(self.settled_after);
        let ttl = if is_settled { self.ttl } else { self.ttl.min(Age::UNSETTLED_TTL) };
        // A clock that was set back tells nothing about the age.
        TimeRange { start: computed, end: computed.plus(ttl) }.contains(self.clock.now())
    }
}

/// Freshness of a store that only this process writes to: which service was written in which minute, and when; and up to which time
/// data was dropped.
///
/// Each write and each drop gets a number. An answer computed after write `n` holds as long as no later write touched its range and
/// service, and no later drop may have reached into its range. Exact in one direction only: what is said to hold does hold; two services may share a slot, and old slots are
/// forgotten, which costs a computation and never gives a stale answer.
#[derive(Debug, Default)]
pub struct WriteLog(Mutex<Writes>);

#[derive(Debug, Default)]
struct Writes {
    count: i64,
    /// Writes up to this one are no longer told apart.
    forgotten: i64,
    /// The last write that touched a service in a minute.
    last: BTreeMap<(u64, i64), i64>,
    /// The time before which data was dropped at most, and the last drop.
    dropped: Option<(UnixNanos, i64)>,
}

impl Freshness for WriteLog {
    fn mark(&self) -> Mark {
        Mark(self.writes().count)
    }

    fn holds(&self, Mark(count): Mark, service: Option<&str>, range: TimeRange) -> bool {
        let writes = self.writes();
        let is_dropped = writes.dropped.is_some_and(|(before, drop)| range.start < before && count < drop);
        if count < writes.forgotten || is_dropped {
            return false;
        }
        let service = service.map_or(ANY_SERVICE, slot);
        let last = range.end.minus(Duration::from_nanos(1));
        let (first, last) = (minute(range.start), minute(last));
        first > last
            || writes.last.range((service, first)..=(service, last)).all(|(_, &write)| write <= count)
    }
}

impl WriteLog {
    /// Records a write of profiles, each given by its service and its start.
    fn record<'a>(&self, written: impl Iterator<Item = (&'a str, UnixNanos)>) {
        let mut writes = self.writes();
        writes.count += 1;
        let count = writes.count;
        for (service, start) in written {
            writes.last.insert((slot(service), minute(start)), count);
            writes.last.insert((ANY_SERVICE, minute(start)), count);
        }
        if writes.last.len() > MAX_SLOTS {
            writes.forget_older_half();
        }
    }

    /// Records that data from before a time was dropped. Call it once it is gone: an answer computed meanwhile may contain it.
    pub(super) fn record_drop(&self, before: UnixNanos) {
        let mut writes = self.writes();
        writes.count += 1;
        let furthest = writes.dropped.map_or(before, |(known, _)| known.max(before));
        writes.dropped = Some((furthest, writes.count));
    }

    fn writes(&self) -> std::sync::MutexGuard<'_, Writes> {
        // Every step leaves the map usable, so a panic elsewhere is no reason to stop answering.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writes {
    fn forget_older_half(&mut self) {
        let mut counts: Vec<i64> = self.last.values().copied().collect();
        let middle = counts.len() / 2;
        let (_, &mut median, _) = counts.select_nth_unstable(middle);
        self.last.retain(|_, write| *write > median);
        self.forgotten = median;
    }
}

fn minute(at: UnixNanos) -> i64 {
    at.0.div_euclid(MINUTE_NS)
}

fn slot(service: &str) -> u64 {
    let mut hasher = FxHasher::default();
    service.hash(&mut hasher);
    hasher.finish() | 1
}

/// Records every write in a [`WriteLog`]. A write that goes around it leaves stale answers in the cache.
pub(super) struct LoggedWriter {
    pub(super) inner: Arc<dyn ProfileWriter>,
    pub(super) log: Arc<WriteLog>,
}

#[async_trait]
impl ProfileWriter for LoggedWriter {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        self.append_within(batch, Arc::new(Unlimited)).await
    }

    async fn append_within(&self, batch: Vec<NewProfile>, growth: Arc<dyn Growth>) -> Result<(), StoreError> {
        let start = |p: &NewProfile| (p.labels.service().to_owned(), UnixNanos(p.profile.time_nanos));
        let touched: Vec<(String, UnixNanos)> = batch.iter().map(start).collect();
        let result = self.inner.append_within(batch, growth).await;
        // After an error too: nothing should be stored then, but recording it costs one computation at most.
        self.log.record(touched.iter().map(|(service, start)| (service.as_str(), *start)));
        result
    }

    fn inventory(&self, largest: usize) -> Option<Inventory> {
        self.inner.inventory(largest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    fn range(start: i64, end: i64) -> TimeRange {
        TimeRange::nanos(start * MINUTE_NS, end * MINUTE_NS)
    }

    #[test]
    fn an_answer_holds_until_its_range_and_service_are_written() {
        let log = WriteLog::default();
        let before = log.mark();
        log.record([("a", UnixNanos(10 * MINUTE_NS))].into_iter());
        assert!(log.holds(before, Some("b"), range(0, 100)));
        assert!(log.holds(before, Some("a"), range(0, 10)));
        assert!(log.holds(before, Some("a"), range(11, 20)));
        assert!(!log.holds(before, Some("a"), range(10, 11)));
        assert!(!log.holds(before, None, range(0, 100)));
        assert!(log.holds(log.mark(), Some("a"), range(0, 100)));
    }

    #[test]
    fn an_answer_holds_until_data_of_its_range_is_dropped() {
        let log = WriteLog::default();
        let before = log.mark();
        log.record_drop(UnixNanos(10 * MINUTE_NS));
        assert!(!log.holds(before, Some("a"), range(9, 20)) && !log.holds(before, None, range(0, 5)));
        assert!(log.holds(before, Some("a"), range(10, 20)), "nothing of it is gone");
        let between = log.mark();
        assert!(log.holds(between, Some("a"), range(0, 100)));
        log.record_drop(UnixNanos(5 * MINUTE_NS));
        assert!(!log.holds(between, None, range(0, 100)));
        assert!(log.holds(before, None, range(10, 100)));
    }

    #[test]
    fn an_answer_older_than_the_forgotten_writes_does_not_hold() {
        let log = WriteLog::default();
        let before = log.mark();
        for minute in 0..MAX_SLOTS as i64 {
            log.record([("a", UnixNanos(minute * MINUTE_NS))].into_iter());
        }
        assert!(log.writes().last.len() <= MAX_SLOTS);
        assert!(!log.holds(before, Some("a"), range(0, 1)));
        assert!(!log.holds(before, Some("b"), range(0, 1)));
        assert!(log.holds(log.mark(), Some("a"), range(0, 1)));
    }

    #[test]
    fn an_answer_about_a_settled_range_outlives_one_about_the_present() {
        let clock = Arc::new(ManualClock::at(UnixNanos(100 * MINUTE_NS)));
        let age = Age {
            settled_after: Duration::from_secs(600),
            ttl: Duration::from_secs(3600),
            clock: clock.clone(),
        };
        let mark = age.mark();
        let holds_after = |seconds: i64, range| {
            clock.set(UnixNanos(100 * MINUTE_NS + seconds * 1_000_000_000));
            age.holds(mark, None, range)
        };
        for (range, ttl) in [(range(0, 89), 3600), (range(0, 90), 5), (range(80, 100), 5)] {
            assert!(holds_after(ttl - 1, range), "{range:?}");
            assert!(!holds_after(ttl, range), "{range:?}");
            assert!(!holds_after(-1, range), "{range:?}");
        }
    }
}
