//! [`Known`]: symbols and series that the server has, so that each is sent once a day and not with every profile.

use rustc_hash::FxHashMap;
use std::sync::{Mutex, PoisonError};

/// Ids kept, of 24 bytes or so each. A service has some ten thousand.
const MOST: usize = 1_000_000;

/// Ids that the server has acknowledged, each with the last day for which it has. Rows of a symbol live as long as
/// the last day with a profile that refers to it says, so a new day has to be told.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<FxHashMap<u128, u16>>);

impl Known {
    /// Whether the server has the symbol for this day or a later one.
    pub(super) fn has(&self, id: u128, day: u16) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&id).is_some_and(|last| *last >= day)
    }

    /// Notes what the server has acknowledged.
    pub(super) fn add(&self, ids: FxHashMap<u128, u16>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + ids.len() > MOST {
            // They are sent once more.
            known.clear();
        }
        for (id, day) in ids.into_iter().take(MOST) {
            let last = known.entry(id).or_insert(day);
            *last = day.max(*last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_known_for_a_day_and_those_before() {
        let known = Known::default();
        assert!(!known.has(1, 5));
        known.add([(1, 5)].into_iter().collect());
        known.add([(1, 3)].into_iter().collect());
        assert!(known.has(1, 5) && known.has(1, 4) && !known.has(1, 6) && !known.has(2, 5));
    }

    #[test]
    fn room_is_made_when_there_are_too_many() {
        let known = Known::default();
        let ids = |from: u128| (from..from + MOST as u128 / 2 + 1).map(|id| (id, 1)).collect();
        known.add(ids(0));
        assert!(known.has(0, 1));
        known.add(ids(1 << 40));
        assert!(!known.has(0, 1) && known.has(1 << 40, 1));
    }
}
