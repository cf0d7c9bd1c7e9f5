//! [`TriedTemplates`]: which queries earlier look-ups have tried, so that a verdict asks one for each side, and a row of a list one for each
//! indicator, or none.
//!
//! What is remembered is of a service as a caller sees it, on a day: others may see more of it, and a service whose metrics began today
//! had none last week. A service that is looked up again keeps its template, which is forgotten once it has had no data for an hour.

use super::grid::Grid;
use super::indicator::Indicator;
use flarepath_profile::selector::{Matcher, Selector};
use moka::Expiry;
use moka::future::Cache;
use std::ops::Range;
use std::time::{Duration, Instant};

/// Bytes of all that is remembered, about.
const MAX_BYTES: u64 = 8 << 20;
/// An entry besides its key, as in the cache of answers.
const ENTRY_BYTES: usize = 400;
/// A service that gets metrics has verdicts by request after this time at most.
const WITHOUT_DATA: Duration = Duration::from_secs(600);
/// Longer than the overview takes to come round to a service.
const WITH_DATA: Duration = Duration::from_secs(3600);
const DAY_SECS: i64 = 86_400;

/// Subject of a look-up. Each has queries of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// Requests by pod, for verdicts.
    RequestsByPod,
    Indicator(Indicator),
}

/// A service as a caller sees it, on a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LookUp {
    subject: Subject,
    service: String,
    within: Selector,
    /// Days since the epoch.
    day: i64,
}

/// What look-ups found. Queries are numbered in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tried {
    /// So many, from the first on, had no data.
    Without(usize),
    /// The one of this number had data.
    With(usize),
}

/// What look-ups of one source found.
pub(super) struct TriedTemplates(Cache<LookUp, Tried>);

impl LookUp {
    /// That of a service within matchers of metrics, at the end of a grid.
    pub(super) fn of(subject: Subject, service: &str, within: &[Matcher], grid: Grid) -> LookUp {
        let day = grid.end_secs().div_euclid(DAY_SECS);
        LookUp { subject, service: service.to_owned(), within: Selector { matchers: within.to_vec() }, day }
    }
}

impl TriedTemplates {
    pub(super) fn new() -> TriedTemplates {
        let cache = Cache::builder().max_capacity(MAX_BYTES).weigher(weight).expire_after(ByFinding);
        TriedTemplates(cache.build())
    }

    async fn get(&self, look_up: &LookUp) -> Option<Tried> {
        self.0.get(look_up).await
    }

    /// The numbers of the queries that may have data, of so many.
    pub(super) async fn worth_asking(&self, look_up: &LookUp, count: usize) -> Range<usize> {
        match self.get(look_up).await {
            Some(Tried::With(place)) => place..place + 1,
            Some(Tried::Without(tried)) => tried..count,
            None => 0..count,
        }
    }

    /// The query of this number has data.
    pub(super) async fn has_data(&self, look_up: &LookUp, place: usize) {
        self.0.insert(look_up.clone(), Tried::With(place)).await;
    }

    /// So many queries have no data. Does not replace that one has: that of another side of a verdict on the same day.
    pub(super) async fn have_none(&self, look_up: &LookUp, count: usize) {
        if !matches!(self.get(look_up).await, Some(Tried::With(_))) {
            self.0.insert(look_up.clone(), Tried::Without(count)).await;
        }
    }

    /// Drops what has expired; without it, that waits for the next look-up.
    pub(super) async fn expire(&self) {
        self.0.run_pending_tasks().await;
    }
}

fn weight(look_up: &LookUp, _: &Tried) -> u32 {
    let matchers = look_up.within.matchers.iter();
    let matchers = matchers.map(|matcher| 64 + matcher.name.len() + matcher.value.len());
    u32::try_from(ENTRY_BYTES + look_up.service.len() + matchers.sum::<usize>()).unwrap_or(u32::MAX)
}

struct ByFinding;

impl ByFinding {
    fn holds(tried: Tried) -> Duration {
        match tried {
            Tried::Without(_) => WITHOUT_DATA,
            Tried::With(_) => WITH_DATA,
        }
    }
}

impl Expiry<LookUp, Tried> for ByFinding {
    fn expire_after_create(&self, _: &LookUp, tried: &Tried, _: Instant) -> Option<Duration> {
        Some(ByFinding::holds(*tried))
    }

    fn expire_after_update(
        &self,
        _: &LookUp,
        tried: &Tried,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(ByFinding::holds(*tried))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up(service: &str, within: &str, hour: i64) -> LookUp {
        let grid = Grid { start_secs: hour * 3600, step_secs: 15, points: 1 };
        LookUp::of(Subject::RequestsByPod, service, &within.parse::<Selector>().unwrap().matchers, grid)
    }

    #[tokio::test]
    async fn findings_are_of_a_service_as_a_caller_sees_it_on_a_day() {
        let tried = TriedTemplates::new();
        tried.have_none(&look_up("pay", "{}", 1), 10).await;
        assert_eq!(tried.get(&look_up("pay", "{}", 23)).await, Some(Tried::Without(10)));
        let latency =
            LookUp { subject: Subject::Indicator(Indicator::LatencyP95), ..look_up("pay", "{}", 1) };
        assert_eq!(tried.get(&latency).await, None);
        for other in [look_up("cart", "{}", 1), look_up("pay", r#"{team="a"}"#, 1), look_up("pay", "{}", 24)]
        {
            assert_eq!(tried.get(&other).await, None, "{other:?}");
        }
    }

    #[tokio::test]
    async fn data_outweighs_its_absence() {
        let (tried, pay) = (TriedTemplates::new(), look_up("pay", "{}", 1));
        tried.have_none(&pay, 3).await;
        tried.has_data(&pay, 3).await;
        tried.have_none(&pay, 10).await;
        assert_eq!(tried.get(&pay).await, Some(Tried::With(3)));
    }

    #[tokio::test]
    async fn what_is_known_leaves_fewer_queries() {
        let (tried, pay) = (TriedTemplates::new(), look_up("pay", "{}", 1));
        assert_eq!(tried.worth_asking(&pay, 10).await, 0..10);
        tried.have_none(&pay, 3).await;
        assert_eq!(tried.worth_asking(&pay, 10).await, 3..10);
        tried.has_data(&pay, 4).await;
        assert_eq!(tried.worth_asking(&pay, 10).await, 4..5);
    }

    #[test]
    fn absence_holds_for_ten_minutes_and_a_template_for_an_hour_from_its_last_data() {
        let (pay, now) = (look_up("pay", "{}", 1), Instant::now());
        let created = |tried| ByFinding.expire_after_create(&pay, &tried, now).unwrap().as_secs();
        assert_eq!([created(Tried::Without(10)), created(Tried::With(0))], [600, 3600]);
        let updated = ByFinding.expire_after_update(&pay, &Tried::With(0), now, Some(Duration::ZERO));
        assert_eq!(updated, Some(WITH_DATA));
    }
}
