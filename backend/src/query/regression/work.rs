//! Work of a side: the requests that its profiles cover, if a source of metrics knows them by pod.
//!
//! A profile covers a part of a replica's time, and only the requests of that part divide its cost. What is known for nearly all of
//! that time stands for the rest; with less, the work is not known, and costs are those of a second.

use super::functions::Functions;
use super::measure::{MeasuredSide, Work};
use super::plan::secs;
use crate::auth::Principal;
use crate::indicators::RequestRates;
use crate::query::{Querier, QueryError, Question};
use crate::store::column_start;
use crate::work::ANSWERS;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::is_level;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The part of the covered time of which requests must be known.
const LEAST_KNOWN: f64 = 0.95;
/// Requests per second of a replica below which a cost by request says nothing.
const LEAST_RATE: f64 = 0.1;

impl Querier {
    /// Measures the replicas of a side that was planned, and its work, if that is known.
    pub(super) async fn measured_with_work(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        functions: &Functions,
        side: MeasuredSide,
    ) -> Result<MeasuredSide, QueryError> {
        // Levels are means of profiles, whatever work there was.
        let is_divided =
            question.spans.is_empty() && !is_level(&profile_type.sample_type) && !side.times.is_empty();
        let Some(indicators) = self.indicators.as_ref().filter(|_| is_divided) else {
            return self.measured(who, question, profile_type, functions, side).await;
        };
        let measured = self.measured(who, question, profile_type, functions, side);
        let asked = indicators.request_rates(who, &question.selector, question.range);
        let (side, rates) = tokio::try_join!(measured, async { Ok::<_, QueryError>(asked.await) })?;
        Ok(match rates {
            Ok(Some(rates)) => side.with_work(rates).await?,
            Ok(None) => side,
            Err(why) => MeasuredSide { no_requests: Some(why), ..side },
        })
    }
}

impl MeasuredSide {
    /// The side with the requests that the rates tell, if they tell those of nearly all of its time.
    pub(super) async fn with_work(self, rates: RequestRates) -> Result<MeasuredSide, QueryError> {
        // A day of many replicas has a hundred thousand profiles.
        let of_rates = move || {
            let work = work_of(&self, &rates).map(Arc::new);
            MeasuredSide { work, template: rates.template().to_owned(), ..self }
        };
        Ok(ANSWERS.run(of_rates).await?)
    }
}

/// The requests of a side.
fn work_of(side: &MeasuredSide, rates: &RequestRates) -> Option<Work> {
    let (mut requests, mut known_ns, mut all_ns) = (0.0, 0.0, 0.0);
    let mut by_place = Vec::with_capacity(side.covers.len());
    for (covers, times) in side.covers.iter().zip(&side.times.replicas) {
        let mut windows: BTreeMap<UnixNanos, f64> = BTreeMap::new();
        let mut unknown: BTreeSet<UnixNanos> = BTreeSet::new();
        for cover in covers {
            let window = column_start(UnixNanos(cover.at), side.plan.step_ns);
            all_ns += cover.ns as f64;
            match rates.around(&times.replica.value, UnixNanos(cover.at.saturating_add(cover.ns / 2))) {
                Some(rate) => {
                    let of_cover = rate * secs(cover.ns);
                    *windows.entry(window).or_default() += of_cover;
                    requests += of_cover;
                    known_ns += cover.ns as f64;
                }
                None => {
                    unknown.insert(window);
                }
            }
        }
        // A part of a window's requests would make each of them look expensive.
        windows.retain(|window, _| !unknown.contains(window));
        by_place.push(windows);
    }
    if known_ns <= 0.0 || known_ns < LEAST_KNOWN * all_ns || requests / (known_ns / 1e9) < LEAST_RATE {
        return None;
    }
    let measured = side.measured.iter().filter_map(|place| by_place.get(*place).cloned()).collect();
    Some((requests * all_ns / known_ns, measured))
}

#[cfg(test)]
mod tests {
    use super::super::plan::Plan;
    use super::super::plan::tests::{plan, times};
    use super::*;
    use crate::indicators::Grid;
    use crate::query::covered::all_covers;
    use flarepath_profile::unix_nanos::SECOND_NS;

    const S: i64 = SECOND_NS;

    /// One replica without a name, profiled every 15 s for four minutes.
    fn side() -> MeasuredSide {
        let times = Arc::new(times((0..240).step_by(15)));
        let covers = Arc::new(all_covers(&times));
        let plan = Plan { step_ns: 60 * S, ..plan(&times) };
        MeasuredSide { times, covers, measured: vec![0], plan, ..MeasuredSide::default() }
    }

    fn rates(pod: &str, rates: &[f64]) -> RequestRates {
        let grid = Grid { start_secs: 0, step_secs: 30, points: rates.len() as i64 };
        RequestRates::of(grid, 30, &[(pod, rates)])
    }

    #[test]
    fn requests_are_those_of_the_covered_time() {
        let (all, measured) = work_of(&side(), &rates("", &[10.0; 9])).unwrap();
        assert_eq!(all, 2400.0);
        let windows: Vec<(i64, f64)> = measured[0].iter().map(|(at, work)| (at.0 / S, *work)).collect();
        assert_eq!(windows, [(0, 600.0), (60, 600.0), (120, 600.0), (180, 600.0)]);
    }

    #[test]
    fn without_rates_of_the_replicas_work_is_not_known() {
        assert_eq!(work_of(&side(), &rates("other", &[10.0; 9])), None);
        assert_eq!(work_of(&side(), &rates("", &[0.01; 9])), None);
        let half =
            RequestRates::of(Grid { start_secs: 0, step_secs: 30, points: 9 }, 30, &[("", &[10.0; 4])]);
        assert_eq!(work_of(&side(), &half), None);
        assert_eq!(work_of(&MeasuredSide::default(), &rates("", &[10.0; 9])), None);
    }
}
