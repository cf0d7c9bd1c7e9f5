//! [`Refusals`]: which services were refused most in the last hour, in bounded memory.
//!
//! The hour is six windows of ten minutes. Each keeps [`KEPT`] pairs of service and limit; when it is full, the rarest gives way
//! to a new one, which inherits its count (Metwally et al. 2005, “space saving”). So names that were made up cannot push
//! out a service that was refused often, and a count is too high by the smallest one kept at most.

use super::limit::Limit;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(600);
const WINDOWS: usize = 6;
/// Pairs kept of one window.
const KEPT: usize = 64;
/// Most bytes kept of a service's name.
const MOST_NAME: usize = 200;
/// A limit is logged at most this often.
const LOGGED_EVERY: Duration = Duration::from_secs(60);

/// Refusals by service and limit.
#[derive(Default)]
pub(super) struct Refusals {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Oldest first; each with its number since the start of the clock.
    windows: VecDeque<(u64, Vec<Refusal>)>,
    logged: BTreeMap<Limit, Duration>,
}

/// How often a limit refused profiles of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The service; empty for whole requests.
    pub(crate) service: String,
    pub(crate) limit: Limit,
    /// Profiles, or requests, that were refused.
    pub(crate) count: u64,
}

impl Refusals {
    /// Counts a refusal. True if it should be logged: not every one is.
    pub(super) fn note(&self, service: &str, limit: Limit, now: Duration) -> bool {
        let mut state = self.lock();
        count(state.window(now), &service[..service.floor_char_boundary(MOST_NAME)], limit);
        let is_due = state.logged.get(&limit).is_none_or(|at| now.saturating_sub(*at) >= LOGGED_EVERY);
        if is_due {
            state.logged.insert(limit, now);
        }
        is_due
    }

    /// The most refused services of the last hour, up to `count`; descending.
    pub(super) fn most(&self, count: usize, now: Duration) -> Vec<Refusal> {
        let mut state = self.lock();
        state.forget(now);
        let mut sums: BTreeMap<(&str, Limit), u64> = BTreeMap::new();
        for refusal in state.windows.iter().flat_map(|(_, window)| window) {
            *sums.entry((&refusal.service, refusal.limit)).or_default() += refusal.count;
        }
        let mut all: Vec<Refusal> = sums
            .into_iter()
            .map(|((service, limit), count)| Refusal { service: service.to_owned(), limit, count })
            .collect();
        all.sort_by_key(|refusal| std::cmp::Reverse(refusal.count));
        all.truncate(count);
        all
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The window of the present.
    fn window(&mut self, now: Duration) -> &mut Vec<Refusal> {
        let number = self.forget(now);
        if self.windows.back().is_none_or(|(last, _)| *last < number) {
            self.windows.push_back((number, Vec::new()));
        }
        let last = self.windows.len() - 1;
        &mut self.windows[last].1
    }

    /// Drops windows that ended more than an hour ago. The number of the present one.
    fn forget(&mut self, now: Duration) -> u64 {
        let number = now.as_secs() / WINDOW.as_secs();
        self.windows.retain(|(of, _)| of + WINDOWS as u64 > number);
        number
    }
}

fn count(window: &mut Vec<Refusal>, service: &str, limit: Limit) {
    if let Some(known) = window.iter_mut().find(|known| known.limit == limit && known.service == service) {
        known.count += 1;
        return;
    }
    let mut new = Refusal { service: service.to_owned(), limit, count: 1 };
    if window.len() < KEPT {
        window.push(new);
    } else if let Some(rarest) = window.iter_mut().min_by_key(|known| known.count) {
        new.count += rarest.count;
        *rarest = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn minutes(count: u64) -> Duration {
        Duration::from_secs(60 * count)
    }

    fn refusal(service: &str, limit: Limit, count: u64) -> Refusal {
        Refusal { service: service.to_owned(), limit, count }
    }

    #[test]
    fn counts_an_hour_by_service_and_limit() {
        let refusals = Refusals::default();
        for (service, limit, minute) in [
            ("cart", Limit::Series, 0),
            ("cart", Limit::Series, 30),
            ("pay", Limit::Series, 30),
            ("cart", Limit::NewFunctionsPerService, 30),
            ("cart", Limit::Series, 31),
        ] {
            refusals.note(service, limit, minutes(minute));
        }
        assert_eq!(refusals.most(1, minutes(59)), [refusal("cart", Limit::Series, 3)]);
        let later = refusals.most(10, minutes(60));
        assert_eq!((later.len(), &later[0]), (3, &refusal("cart", Limit::Series, 2)));
        assert_eq!(refusals.most(10, minutes(95)), []);
    }

    #[test]
    fn made_up_services_neither_take_memory_nor_hide_others() {
        let refusals = Refusals::default();
        for i in 0..10 * KEPT {
            refusals.note("busy", Limit::Series, minutes(1));
            refusals.note(&format!("{i} {}", "x".repeat(4000)), Limit::Services, minutes(1));
        }
        let most = refusals.most(1000, minutes(1));
        assert_eq!((most.len(), &most[0]), (KEPT, &refusal("busy", Limit::Series, 10 * KEPT as u64)));
        assert!(most.iter().all(|refusal| refusal.service.len() <= MOST_NAME));
    }

    #[test]
    fn a_limit_is_logged_once_a_minute() {
        let refusals = Refusals::default();
        let logged = |limit, seconds| refusals.note("a", limit, Duration::from_secs(seconds));
        assert!(logged(Limit::Series, 0) && logged(Limit::Services, 0));
        assert!(!logged(Limit::Series, 59));
        assert!(logged(Limit::Series, 60));
    }
}
