//! Which answers still hold: what has been written since, by service and minute.
//!
//! Each write gets a number. An answer computed when the count stood at `n` holds as long as no write after
//! `n` touched its range and service. Exact in one direction only: what is said to hold holds; two services
//! may share a slot, and old slots are forgotten, which costs a computation and never a wrong answer.

use crate::store::{NewProfile, ProfileWriter, StoreError, TimeRange};
use async_trait::async_trait;
use rustc_hash::FxHasher;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

const MINUTE_NS: i64 = 60_000_000_000;
/// Slots remembered: 24 bytes each, so about 3 MB at most.
const MAX_SLOTS: usize = 65_536;
/// The slot of all services together.
const ANY_SERVICE: u64 = 0;

/// What was written when.
#[derive(Debug, Default)]
pub(crate) struct Freshness(Mutex<Writes>);

#[derive(Debug, Default)]
struct Writes {
    count: u64,
    /// Writes up to this one are no longer told apart.
    forgotten: u64,
    /// The last write that touched a service in a minute.
    last: BTreeMap<(u64, i64), u64>,
}

impl Freshness {
    /// How many writes there were. Read it before computing an answer.
    pub(crate) fn count(&self) -> u64 {
        self.writes().count
    }

    /// Whether an answer computed when [`Freshness::count`] was `count` still holds.
    pub(crate) fn holds(&self, count: u64, service: Option<&str>, range: TimeRange) -> bool {
        let writes = self.writes();
        if count < writes.forgotten {
            return false;
        }
        let service = service.map_or(ANY_SERVICE, slot);
        let (first, last) = (minute(range.start_ns), minute(range.end_ns.saturating_sub(1)));
        first > last
            || writes.last.range((service, first)..=(service, last)).all(|(_, &write)| write <= count)
    }

    /// Notes that profiles were written.
    pub(crate) fn note<'a>(&self, written: impl Iterator<Item = (&'a str, i64)>) {
        let mut writes = self.writes();
        writes.count += 1;
        let count = writes.count;
        for (service, time_ns) in written {
            writes.last.insert((slot(service), minute(time_ns)), count);
            writes.last.insert((ANY_SERVICE, minute(time_ns)), count);
        }
        if writes.last.len() > MAX_SLOTS {
            writes.forget_older_half();
        }
    }

    fn writes(&self) -> std::sync::MutexGuard<'_, Writes> {
        // Every step leaves the map usable, so a panic elsewhere is no reason to stop answering.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writes {
    fn forget_older_half(&mut self) {
        let mut counts: Vec<u64> = self.last.values().copied().collect();
        let middle = counts.len() / 2;
        let (_, &mut median, _) = counts.select_nth_unstable(middle);
        self.last.retain(|_, write| *write > median);
        self.forgotten = median;
    }
}

fn minute(ns: i64) -> i64 {
    ns.div_euclid(MINUTE_NS)
}

fn slot(service: &str) -> u64 {
    let mut hasher = FxHasher::default();
    service.hash(&mut hasher);
    hasher.finish() | 1
}

/// A writer that notes what goes through it. All writing must, or answers grow stale.
pub(crate) struct NotingWriter {
    /// Where profiles go.
    pub(crate) inner: Arc<dyn ProfileWriter>,
    /// Where it is noted.
    pub(crate) freshness: Arc<Freshness>,
}

#[async_trait]
impl ProfileWriter for NotingWriter {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        let touched: Vec<(String, i64)> =
            batch.iter().map(|p| (p.labels.service().to_owned(), p.profile.time_nanos)).collect();
        let result = self.inner.append(batch).await;
        // After an error too: nothing should be stored then, but noting it costs one computation at most.
        self.freshness.note(touched.iter().map(|(service, time)| (service.as_str(), *time)));
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: i64, end: i64) -> TimeRange {
        TimeRange { start_ns: start * MINUTE_NS, end_ns: end * MINUTE_NS }
    }

    #[test]
    fn an_answer_holds_until_its_range_and_service_are_written() {
        let freshness = Freshness::default();
        let before = freshness.count();
        freshness.note([("a", 10 * MINUTE_NS)].into_iter());
        assert!(freshness.holds(before, Some("b"), range(0, 100)));
        assert!(freshness.holds(before, Some("a"), range(0, 10)));
        assert!(freshness.holds(before, Some("a"), range(11, 20)));
        assert!(!freshness.holds(before, Some("a"), range(10, 11)));
        assert!(!freshness.holds(before, None, range(0, 100)));
        assert!(freshness.holds(freshness.count(), Some("a"), range(0, 100)));
    }

    #[test]
    fn what_is_forgotten_is_not_said_to_hold() {
        let freshness = Freshness::default();
        let before = freshness.count();
        for minute in 0..MAX_SLOTS as i64 {
            freshness.note([("a", minute * MINUTE_NS)].into_iter());
        }
        assert!(freshness.writes().last.len() <= MAX_SLOTS);
        assert!(!freshness.holds(before, Some("a"), range(0, 1)));
        assert!(!freshness.holds(before, Some("b"), range(0, 1)));
        assert!(freshness.holds(freshness.count(), Some("a"), range(0, 1)));
    }
}
