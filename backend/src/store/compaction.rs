//! Starts of profiles in bounded memory: with very many, those that start close to each other become one, and nothing that was
//! counted is lost.

use super::time_range::column_start;
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};

/// The last width at which those close to each other become one: 13 days. The first is a second.
const COARSEST_NS: i64 = 1 << 50;

/// Profiles that start at the same time.
pub(crate) trait Timed {
    /// When, in nanoseconds since the epoch.
    fn at(&self) -> i64;

    /// Moves them to this time.
    fn set_at(&mut self, at: i64);

    /// Adds others that start at the same time.
    fn add(&mut self, others: &Self);
}

/// Bounds how many starts there are in some lists together.
#[derive(Debug)]
pub(crate) struct Compaction {
    /// About how many are kept.
    limit: usize,
    /// What they are rounded down to multiples of; 1 ns unless there are very many.
    resolution_ns: i64,
    /// Those in all lists, and at how many they are compacted.
    count: usize,
    most: usize,
}

impl Compaction {
    /// Of no starts yet.
    pub(crate) fn to(limit: usize) -> Compaction {
        Compaction { limit, resolution_ns: 1, count: 0, most: limit }
    }

    /// What starts are rounded down to multiples of.
    pub(crate) fn resolution_ns(&self) -> i64 {
        self.resolution_ns
    }

    /// Notes that so many starts were added to the lists that `each` visits, and makes them coarser if they are too many.
    pub(crate) fn added<T: Timed>(
        &mut self,
        count: usize,
        mut each: impl FnMut(&mut dyn FnMut(&mut Vec<T>)),
    ) {
        self.count += count;
        if self.count <= self.most {
            return;
        }
        self.compact::<T>(&mut each);
        while self.count > self.limit / 2 && self.resolution_ns < COARSEST_NS {
            self.resolution_ns = self.resolution_ns.saturating_mul(2).max(SECOND_NS);
            self.compact::<T>(&mut each);
        }
        self.most = self.limit.max(2 * self.count);
    }

    /// Puts equal starts of each list together.
    pub(crate) fn compact<T: Timed>(&mut self, mut each: impl FnMut(&mut dyn FnMut(&mut Vec<T>))) {
        let (resolution_ns, mut count) = (self.resolution_ns, 0);
        each(&mut |starts: &mut Vec<T>| {
            compact(starts, resolution_ns);
            count += starts.len();
        });
        self.count = count;
    }
}

/// Rounds starts down to multiples of the resolution, and puts equal ones together, in ascending order.
pub(crate) fn compact<T: Timed>(starts: &mut Vec<T>, resolution_ns: i64) {
    if resolution_ns > 1 {
        let round = |start: &mut T| start.set_at(column_start(UnixNanos(start.at()), resolution_ns).0);
        starts.iter_mut().for_each(round);
    }
    // Stable: made for runs that are in order already.
    starts.sort_by_key(T::at);
    starts.dedup_by(|start, kept| {
        let is_same = start.at() == kept.at();
        if is_same {
            kept.add(start);
        }
        is_same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_of_all_lists_together_stay_within_the_limit_and_none_is_lost() {
        let mut lists: [Vec<(i64, u32)>; 2] = Default::default();
        let mut compaction = Compaction::to(8);
        for at in 0..100 {
            lists[at % 2].push((at as i64 * SECOND_NS / 2, 1));
            compaction.added::<(i64, u32)>(1, |compact| lists.iter_mut().for_each(compact));
            assert!(lists.iter().map(Vec::len).sum::<usize>() <= 8);
        }
        assert_eq!(lists.iter().flatten().map(|(_, count)| count).sum::<u32>(), 100);
        let resolution_ns = compaction.resolution_ns();
        assert!(resolution_ns > SECOND_NS, "{resolution_ns}");
        compaction.compact::<(i64, u32)>(|compact| lists.iter_mut().for_each(compact));
        assert!(lists.iter().flatten().all(|(at, _)| at % resolution_ns == 0), "{lists:?}");
        assert!(lists.iter().all(|list| list.is_sorted()), "{lists:?}");
    }
}
