//! [`Indicators::of_many`]: the few numbers that the row of a service has in a list, for many services in one request.
//!
//! Services are asked about in their order, a few at a time, each with one query after the other, so that one request does not make the
//! others wait. Which template of a service has data is remembered ([`super::tried`]); the answers are cached as all are. A source that does
//! not answer is not asked again until a check is answered ([`super::health`]): the rest of the rows have its failure at once. Nothing runs
//! on its own, so that work ends when the request is dropped.

use super::bounds::Visible;
use super::grid::Grid;
use super::indicator::Indicator;
use super::question::{Failure, ServiceMetrics};
use super::recent;
use super::service::{Attempt, Indicators, Source};
use super::slo::Slo;
use super::source::{SourceAnswer, SourceError};
use super::template::Template;
use super::tried::{LookUp, Subject};
use crate::auth::Principal;
use crate::clock::Clock;
use crate::store::TimeRange;
use flarepath_profile::selector::Matcher;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::future::join_all;
use std::sync::Arc;
use std::time::Duration;

/// Services at the same time: as many as a source is asked queries.
const AT_ONCE: usize = 4;
/// Time in which services of a request begin, and that each of them has.
const PATIENCE: Duration = Duration::from_secs(10);
/// Values are those of the last ten minutes of a range.
const RECENT: Duration = Duration::from_secs(600);

/// What is asked about a service within the caller's bounds.
struct Look<'a> {
    source: &'a Source,
    service: &'a str,
    within: &'a [Matcher],
    grid: Grid,
}

impl Indicators {
    /// The numbers of each service, in the order given; `None` without any source. A service of which the caller may see nothing looks
    /// like one without metrics.
    pub(crate) async fn of_many(
        &self,
        who: &Principal,
        services: &[String],
        range: TimeRange,
        clock: &dyn Clock,
    ) -> Option<Vec<ServiceMetrics>> {
        if self.is_empty() {
            return None;
        }
        let range = TimeRange { start: range.start.max(range.end.minus(RECENT)), end: range.end };
        let begun = clock.elapsed();
        let mut all = Vec::with_capacity(services.len());
        for some in services.chunks(AT_ONCE) {
            if clock.elapsed().saturating_sub(begun) > PATIENCE {
                all.extend(some.iter().map(|service| late(ServiceMetrics::of(service))));
                continue;
            }
            let asked = some.iter().map(|service| self.of_one(who, service, range, clock.now()));
            all.extend(join_all(asked).await);
        }
        Some(all)
    }

    async fn of_one(
        &self,
        who: &Principal,
        service: &str,
        range: TimeRange,
        now: UnixNanos,
    ) -> ServiceMetrics {
        let mut found = ServiceMetrics::of(service);
        let Some(source) = self.source(service) else { return found };
        let slos = self.slos_of(service);
        let asked = source.measure(&mut found, who, range, (&slos[..], now));
        let is_late = tokio::time::timeout(PATIENCE, asked).await.is_err();
        // What came in time is kept.
        if is_late { late(found) } else { found }
    }
}

fn late(mut found: ServiceMetrics) -> ServiceMetrics {
    found.failure.get_or_insert(Failure::Source(SourceError::Timeout(PATIENCE)));
    found
}

impl Source {
    /// Asks for all numbers of a service.
    async fn measure(
        self: &Arc<Source>,
        found: &mut ServiceMetrics,
        who: &Principal,
        range: TimeRange,
        (slos, now): (&[Arc<Slo>], UnixNanos),
    ) {
        let service = found.service.clone();
        let visible = self.visible(who, &service).await;
        match &visible {
            Ok(Visible::Nothing) => return,
            Ok(Visible::Matching(within)) => {
                let grid = Grid::of(range, self.scrape());
                Look { source: self, service: &service, within, grid }.indicators(found).await;
            }
            Err(failure) => {
                found.failure = Some(failure.clone());
                return;
            }
        }
        let mut panels = Vec::new();
        for slo in slos {
            if self.health().outage().is_some() {
                break;
            }
            panels.push(self.slo(slo, &visible, now).await);
        }
        let failure = panels.iter().find_map(|panel| panel.failure.clone());
        found.failure = found.failure.take().or(failure);
        found.objective = recent::worst(panels);
    }
}

impl Look<'_> {
    /// Each indicator of a row in turn. Those that fail leave the others.
    async fn indicators(&self, found: &mut ServiceMetrics) {
        let rates = self.series(Indicator::RequestRate, found).await;
        found.requests_per_s = rates.and_then(|rates| recent::total(&rates));
        let errors = self.series(Indicator::ErrorRatio, found).await;
        found.error_ratio = errors.and_then(|errors| recent::largest_mean(&errors));
        let latency = self.series(Indicator::LatencyP95, found).await;
        found.latency_p95_s = latency.and_then(|latency| recent::latest(&latency));
        let latency = self.series(Indicator::LatencyP99, found).await;
        found.latency_p99_s = latency.and_then(|latency| recent::latest(&latency));
        let Some(cores) = self.series(Indicator::CpuCores, found).await else { return };
        let limits = self.series(Indicator::CpuLimit, found).await;
        let pod = self.source.mapping.pod();
        found.cpu_of_limit = limits.and_then(|limits| recent::of_limit(&cores, &limits, pod));
    }

    /// The series of an indicator; `None` if there are none, or if it failed. The first failure of a service is kept.
    async fn series(&self, indicator: Indicator, found: &mut ServiceMetrics) -> Option<Arc<SourceAnswer>> {
        match self.first_with_data(indicator).await {
            Ok(answer) => answer,
            Err(error) => {
                found.failure.get_or_insert(Failure::Source(error));
                None
            }
        }
    }

    /// The answer to the query that is known to have data, or to the first one that has.
    async fn first_with_data(&self, indicator: Indicator) -> Result<Option<Arc<SourceAnswer>>, SourceError> {
        let Look { source, service, within, grid } = *self;
        let templates: Vec<&Template> = source.templates.of_service(indicator, service);
        let window_secs = grid.rate_window_secs(source.scrape());
        let attempts: Vec<Attempt> = source.attempts(&templates, service, within, window_secs);
        let look_up = LookUp::of(Subject::Indicator(indicator), service, within, grid);
        let worth = source.tried.worth_asking(&look_up, attempts.len()).await;
        let (mut rejected, mut is_understood) = (None, worth.start > 0);
        for (place, attempt) in attempts.iter().enumerate().take(worth.end).skip(worth.start) {
            if let Some(error) = source.health().outage() {
                return Err(error);
            }
            match source.answer(attempt, grid).await {
                Ok(answer) if !answer.is_empty() => {
                    source.tried.has_data(&look_up, place).await;
                    return Ok(Some(answer));
                }
                Ok(_) => {
                    is_understood = true;
                    source.tried.have_none(&look_up, place + 1).await;
                }
                Err(error @ SourceError::BadQuery(_)) => rejected = Some(error),
                Err(error) => return Err(error),
            }
        }
        match rejected {
            Some(error) if !is_understood => Err(error),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{MadeUp, PATIENT, Reply};
    use super::*;
    use crate::auth::{Grant, Kind, Role, Scope};
    use crate::clock::FixedClock;
    use flarepath_profile::unix_nanos::SECOND_NS;

    const NOW: UnixNanos = UnixNanos(7200 * SECOND_NS);
    const HOUR: TimeRange = TimeRange { start: UnixNanos(3600 * SECOND_NS), end: NOW };

    async fn rows(indicators: &Indicators, services: &[&str]) -> Vec<ServiceMetrics> {
        let services: Vec<String> = services.iter().map(|name| (*name).to_owned()).collect();
        let clock = FixedClock(NOW);
        indicators.of_many(&Principal::local(), &services, HOUR, &clock).await.unwrap()
    }

    fn many() -> Vec<String> {
        (0..50).map(|number| format!("service-{number}")).collect()
    }

    #[tokio::test]
    async fn rows_are_in_the_order_of_the_question_with_what_is_known() {
        let (_, indicators) = MadeUp::indicators(Reply::Data("http_requests_total"), PATIENT);
        let found = rows(&indicators, &["pay", "cart"]).await;
        assert_eq!([found[0].service.as_str(), found[1].service.as_str()], ["pay", "cart"]);
        assert_eq!((found[0].requests_per_s, found[0].latency_p95_s), (Some(10.0), None));
        assert_eq!(found[0].error_ratio, Some(10.0), "its query names the same metric");
        assert_eq!((found[0].cpu_of_limit.clone(), found[0].failure.clone()), (None, None));
    }

    #[tokio::test]
    async fn templates_without_data_are_not_asked_again() {
        let (source, indicators) = MadeUp::indicators(Reply::Nothing, PATIENT);
        rows(&indicators, &["pay"]).await;
        let all = source.queries();
        assert!(all.len() > 20, "{all:?}");
        assert!(
            all.iter().all(|query| !query.contains("resource_limits")),
            "no limits without cores: {all:?}"
        );
        source.becomes(Reply::Data("http_requests_total"));
        rows(&indicators, &["pay"]).await;
        assert_eq!(source.queries(), [""; 0]);
    }

    #[tokio::test]
    async fn a_source_that_is_down_is_asked_once_and_every_row_says_so() {
        let (source, indicators) = MadeUp::indicators(Reply::Down, PATIENT);
        let services = many();
        let services: Vec<&str> = services.iter().map(String::as_str).collect();
        let found = rows(&indicators, &services).await;
        let kinds = found.iter().map(|row| row.failure.as_ref().map(Failure::kind));
        assert_eq!(kinds.collect::<Vec<_>>(), [Some("unreachable"); 50]);
        assert!(source.queries().len() <= AT_ONCE);
        rows(&indicators, &services).await;
        assert_eq!(source.queries(), [""; 0]);
        source.becomes(Reply::Data("http_requests_total"));
        indicators.check().await;
        assert_eq!(rows(&indicators, &["pay"]).await[0].failure, None);
    }

    #[tokio::test]
    async fn nothing_is_asked_about_a_service_of_others() {
        let (source, indicators) = MadeUp::indicators(Reply::Data("http_requests_total"), PATIENT);
        let scope = Scope::Matching(r#"{service_name="pay"}"#.parse().unwrap());
        let grants = vec![Grant { role: Role::Viewer, scope }];
        let eve = Principal::new(Kind::User, "eve", "eve", Vec::new(), grants);
        let foreign = ["cart".to_owned()];
        let found = indicators.of_many(&eve, &foreign, HOUR, &FixedClock(NOW)).await.unwrap();
        assert_eq!(found, [ServiceMetrics::of("cart")]);
        assert_eq!(source.queries(), [""; 0]);
    }

    #[tokio::test]
    async fn without_a_source_there_is_no_answer() {
        let none = Indicators::default();
        let found = none.of_many(&Principal::local(), &["pay".to_owned()], HOUR, &FixedClock(NOW)).await;
        assert_eq!(found, None);
    }

    #[tokio::test]
    async fn only_the_last_ten_minutes_are_asked_for() {
        let (source, indicators) = MadeUp::indicators(Reply::Data("http_requests_total"), PATIENT);
        rows(&indicators, &["pay"]).await;
        let grids = source.grids();
        assert!(grids.iter().all(|grid| grid.points == 40 && grid.step_secs == 15), "{grids:?}");
    }
}
