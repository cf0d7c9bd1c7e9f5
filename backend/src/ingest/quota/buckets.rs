//! [`Buckets`]: one bucket for each sender. Those of idle senders are dropped, and there are at most [`MOST`].

use super::bucket::{Bucket, Rate};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most buckets: some 10 MB. Beyond it, senders without a bucket share one.
const MOST: usize = 65_536;
/// The bucket that senders share beyond [`MOST`]. No sender has this name.
const OTHERS: &str = "";
/// Idle senders are looked for at most this often.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Buckets by the name of their sender.
#[derive(Default)]
pub(super) struct Buckets {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    by_name: HashMap<String, Bucket>,
    /// When idle senders were last looked for.
    swept: Duration,
}

impl Buckets {
    /// Has `act` use the bucket of a sender.
    pub(super) fn with<T>(
        &self,
        name: &str,
        rate: Rate,
        now: Duration,
        act: impl FnOnce(&mut Bucket) -> T,
    ) -> T {
        let mut state = self.lock();
        if let Some(bucket) = state.by_name.get_mut(name) {
            return act(bucket);
        }
        if state.by_name.len() >= MOST && now.saturating_sub(state.swept) >= SWEEP_EVERY {
            state.sweep(now);
        }
        let name = if state.by_name.len() < MOST { name } else { OTHERS };
        act(state.by_name.entry(name.to_owned()).or_insert_with(|| Bucket::full(rate, now)))
    }

    /// Drops the buckets of idle senders.
    pub(super) fn drop_idle(&self, now: Duration) {
        self.lock().sweep(now);
    }

    /// The senders that have used most, each with how much; descending.
    pub(super) fn most_used(&self, count: usize, now: Duration) -> Vec<(String, u64)> {
        let mut state = self.lock();
        let used = state.by_name.iter_mut().map(|(name, bucket)| (bucket.used(now), name));
        let mut used: Vec<(u64, &String)> = used.filter(|(used, _)| *used > 0).collect();
        used.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        used.into_iter().take(count).map(|(used, name)| (name.clone(), used)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn sweep(&mut self, now: Duration) {
        self.by_name.retain(|_, bucket| !bucket.is_full(now));
        self.by_name.shrink_to(self.by_name.len() * 2);
        self.swept = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate() -> Rate {
        Rate::per_second(1).unwrap()
    }

    fn take(buckets: &Buckets, name: &str, amount: u64, at_s: u64) -> bool {
        let now = Duration::from_secs(at_s);
        buckets.with(name, rate(), now, |bucket| bucket.take(amount, now)).is_ok()
    }

    #[test]
    fn each_sender_has_a_bucket_of_its_own() {
        let buckets = Buckets::default();
        assert!(take(&buckets, "a", 5, 0) && take(&buckets, "b", 3, 0));
        assert!(!take(&buckets, "a", 1, 0) && take(&buckets, "b", 1, 0));
        let used = buckets.most_used(1, Duration::ZERO);
        assert_eq!(used, [("a".to_owned(), 5)]);
    }

    #[test]
    fn idle_senders_are_dropped_and_others_are_not() {
        let buckets = Buckets::default();
        take(&buckets, "idle", 1, 0);
        take(&buckets, "busy", 5, 0);
        buckets.drop_idle(Duration::from_secs(2));
        assert_eq!(buckets.lock().by_name.keys().collect::<Vec<_>>(), ["busy"]);
        assert!(!take(&buckets, "busy", 3, 2), "it did not get a new bucket");
    }

    #[test]
    fn made_up_names_do_not_add_buckets_without_end() {
        let buckets = Buckets::default();
        for i in 0..2 * MOST {
            take(&buckets, &format!("sender {i}"), 1, 0);
        }
        assert_eq!(buckets.lock().by_name.len(), MOST + 1);
        assert!(!take(&buckets, "one more", 1, 0), "they share a bucket, which is empty");
        assert!(take(&buckets, "sender 1", 1, 0), "and the others keep theirs");
        assert!(take(&buckets, "one more", 5, 10), "idle ones have made room");
        assert!(buckets.lock().by_name.len() < 10);
    }
}
