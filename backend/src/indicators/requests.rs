//! [`RequestRates`]: how many requests each pod had, for costs by request.
//!
//! Rates are needed by pod: costs are those of the profiled replicas, and only their own requests divide them truly. They know their
//! template: two of them may count different things, so that a verdict needs all of its sides by one.
//!
//! A verdict does not wait for a source that does not answer ([`super::health`]), and asks one query for each side, or none, once it
//! is known which has data ([`super::tried`]). Until then the queries are tried in their order; a look-up that runs out of time is
//! continued by the next one. Ranges are those of a [`Grid`], so that equal questions are found in the cache.

use super::bounds::{Inexpressible, Visible, visible};
use super::grid::Grid;
use super::health::NoAnswer;
use super::indicator::Indicator;
use super::service::{Attempt, Indicators, Source};
use super::source::{SourceAnswer, SourceError};
use super::template::Template;
use super::tried::{LookUp, Subject};
use crate::auth::{Permission, Principal};
use crate::store::TimeRange;
use crate::work::ANSWERS;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// A side of a verdict does not wait for longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Requests per second, by pod.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestRates {
    template: String,
    grid: Grid,
    window_secs: i64,
    by_pod: BTreeMap<String, HashMap<u32, f64>>,
}

impl RequestRates {
    /// The name of the template that they are of.
    pub(crate) fn template(&self) -> &str {
        &self.template
    }

    /// Requests per second of a pod around a time, which is the middle of the window of the rate; `None` where they are not known.
    pub(crate) fn around(&self, pod: &str, at: UnixNanos) -> Option<f64> {
        let rates = self.by_pod.get(pod)?;
        let middle = at.0 as f64 / SECOND_NS as f64 + self.window_secs as f64 / 2.0;
        // The newest window reaches to the end of the range.
        let place = self.grid.place(middle.min(self.grid.end_secs() as f64))?;
        rates.get(&place).copied()
    }

    /// Rates at the instants of a grid.
    #[cfg(test)]
    pub(crate) fn of(grid: Grid, window_secs: i64, pods: &[(&str, &[f64])]) -> RequestRates {
        let numbered = |rates: &[f64]| -> HashMap<u32, f64> { (0..).zip(rates.iter().copied()).collect() };
        let by_pod = pods.iter().map(|(pod, rates)| ((*pod).to_owned(), numbered(rates))).collect();
        RequestRates { template: "http".to_owned(), grid, window_secs, by_pod }
    }
}

impl Indicators {
    /// Requests of what a selector of profiles selects, by pod. `None` if they are not known: without a source, where the selector
    /// names no service or has conditions that no query can express, and where the source has none.
    ///
    /// # Errors
    /// [`NoAnswer`] if the source does not answer, has not answered before, or has no label for a condition.
    pub(crate) async fn request_rates(
        &self,
        who: &Principal,
        selector: &Selector,
        range: TimeRange,
    ) -> Result<Option<RequestRates>, NoAnswer> {
        self.rates(who, selector, range, None).await
    }

    /// The same by the template of this name alone, which has them of another time.
    ///
    /// # Errors
    /// Those of [`Indicators::request_rates`].
    pub(crate) async fn request_rates_by(
        &self,
        who: &Principal,
        selector: &Selector,
        range: TimeRange,
        template: &str,
    ) -> Result<Option<RequestRates>, NoAnswer> {
        self.rates(who, selector, range, Some(template)).await
    }

    async fn rates(
        &self,
        who: &Principal,
        selector: &Selector,
        range: TimeRange,
        template: Option<&str>,
    ) -> Result<Option<RequestRates>, NoAnswer> {
        let Some((service, others)) = service_of(selector) else { return Ok(None) };
        let Some(source) = self.source(&service) else { return Ok(None) };
        let Some(within) = source.within(who, &service, others).await? else { return Ok(None) };
        source.request_rates(&service, [&within.0, &within.1], range, template).await
    }
}

impl Source {
    /// Matchers of metrics for the caller's bounds, and those for conditions on the service; `None` if there are none that say the same.
    ///
    /// # Errors
    /// [`NoAnswer`] if a condition is on a label that is not mapped.
    async fn within(
        self: &Arc<Source>,
        who: &Principal,
        service: &str,
        others: Vec<Matcher>,
    ) -> Result<Option<(Vec<Matcher>, Vec<Matcher>)>, NoAnswer> {
        let (source, bounds) = (self.clone(), who.bounds(Permission::ReadProfiles));
        let service = service.to_owned();
        let within = ANSWERS.run(move || {
            let Ok(Visible::Matching(within)) = visible(&bounds, &service, &source.mapping) else {
                return Ok(None);
            };
            match source.narrowed(&others) {
                Ok(part) => Ok(Some((within, part))),
                Err(Inexpressible::Label(label)) => Err(source.health().not_mapped(label)),
                Err(_) => Ok(None),
            }
        });
        within.await.unwrap_or(Ok(None))
    }

    /// By the template of this name, or else by any.
    async fn request_rates(
        &self,
        service: &str,
        [within, part]: [&[Matcher]; 2],
        range: TimeRange,
        template: Option<&str>,
    ) -> Result<Option<RequestRates>, NoAnswer> {
        let grid = Grid::of(range, self.scrape());
        let window_secs = grid.rate_window_secs(self.scrape());
        let templates = self.templates.of_service(Indicator::RequestRate, service);
        let wanted = templates.into_iter().filter(|one| template.is_none_or(|name| one.name == name));
        let by_pod: Vec<Template> = wanted.filter_map(Template::by_pod).collect();
        let by_pod: Vec<&Template> = by_pod.iter().collect();
        let attempts = self.attempts(&by_pod, service, &[within, part].concat(), window_secs);
        // Queries of one template have other numbers than those of all.
        let of_part = || LookUp::of(Subject::RequestsByPod, service, within, grid).part(part);
        let look_up = template.is_none().then(of_part);
        let Some((place, answer)) = self.look_up(look_up.as_ref(), &attempts, grid).await? else {
            return Ok(None);
        };
        let pod = self.mapping.pod();
        let rates = answer.series.iter().map(|series| {
            let name = series.labels.get(pod).cloned().unwrap_or_default();
            (name, series.points.iter().copied().collect())
        });
        let template = attempts[place].template.clone();
        Ok(Some(RequestRates { template, grid, window_secs, by_pod: rates.collect() }))
    }

    /// Tries queries for as long as a verdict waits. The number of the one with data, and its answer.
    async fn look_up(
        &self,
        look_up: Option<&LookUp>,
        attempts: &[Attempt],
        grid: Grid,
    ) -> Result<Option<(usize, Arc<SourceAnswer>)>, NoAnswer> {
        let mut answered = 0;
        let tried = self.try_in_order(look_up, attempts, grid, &mut answered);
        let found = tokio::time::timeout(self.timeout().min(PATIENCE), tried).await;
        match found {
            Ok(found) => found,
            Err(_) if answered == 0 => {
                self.health().ran_late();
                Err(self.health().slow())
            }
            // There were many to try, and the next look-up goes on from here.
            Err(_) => Ok(None),
        }
    }

    /// The answer to the query that is known to have data, or to the first one that has. Without a `look_up` nothing is known, and
    /// nothing is remembered.
    async fn try_in_order(
        &self,
        look_up: Option<&LookUp>,
        attempts: &[Attempt],
        grid: Grid,
        answered: &mut usize,
    ) -> Result<Option<(usize, Arc<SourceAnswer>)>, NoAnswer> {
        let worth = match look_up {
            Some(look_up) => self.tried.worth_asking(look_up, attempts.len()).await,
            None => 0..attempts.len(),
        };
        for (place, attempt) in attempts.iter().enumerate().take(worth.end).skip(worth.start) {
            if let Some(why) = self.health().why_not() {
                return Err(why);
            }
            match self.answer(attempt, grid).await {
                Ok(answer) if !answer.is_empty() => {
                    self.health().ran_in_time();
                    if let Some(look_up) = look_up {
                        self.tried.has_data(look_up, place).await;
                    }
                    return Ok(Some((place, answer)));
                }
                // One that the source does not understand has no data.
                Ok(_) | Err(SourceError::BadQuery(_)) => {
                    self.health().ran_in_time();
                    *answered += 1;
                    if let Some(look_up) = look_up {
                        self.tried.have_none(look_up, place + 1).await;
                    }
                }
                Err(error) if error.is_of_the_query() => return Ok(None),
                Err(_) => return Err(self.health().down()),
            }
        }
        Ok(None)
    }
}

/// The service that a selector names by `=`, and its other matchers.
fn service_of(selector: &Selector) -> Option<(String, Vec<Matcher>)> {
    let (about_it, others): (Vec<&Matcher>, Vec<&Matcher>) =
        selector.matchers.iter().partition(|matcher| matcher.name == SERVICE_NAME);
    match about_it[..] {
        [Matcher { op: MatchOp::Equal, value, .. }] => {
            Some((value.clone(), others.into_iter().cloned().collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{MadeUp, PATIENT, Reply};
    use super::*;
    use crate::auth::{Grant, Kind, Role, Scope};

    type Rates = Result<Option<RequestRates>, NoAnswer>;

    /// The rates of a service in an hour of a day.
    async fn rates_for(indicators: &Indicators, who: &Principal, service: &str, hour: i64) -> Rates {
        let selector = format!(r#"{{service_name="{service}"}}"#).parse().unwrap();
        let hour_ns = 3600 * SECOND_NS;
        let range = TimeRange::nanos(hour * hour_ns, (hour + 1) * hour_ns);
        indicators.request_rates(who, &selector, range).await
    }

    async fn rates(indicators: &Indicators, service: &str, hour: i64) -> Rates {
        rates_for(indicators, &Principal::local(), service, hour).await
    }

    fn down() -> NoAnswer {
        NoAnswer::Down("default".to_owned())
    }

    #[tokio::test]
    async fn what_has_no_data_is_not_asked_for_again() {
        let (source, indicators) = MadeUp::indicators(Reply::Nothing, PATIENT);
        assert_eq!(rates(&indicators, "pay", 1).await, Ok(None));
        let all = source.queries().len();
        assert!(all >= 10, "{all}");
        assert_eq!(rates(&indicators, "pay", 2).await, Ok(None));
        assert_eq!(source.queries(), [""; 0]);
        assert_eq!(rates(&indicators, "cart", 2).await, Ok(None));
        assert_eq!(source.queries().len(), all, "another service");
        assert_eq!(rates(&indicators, "pay", 26).await, Ok(None));
        assert_eq!(source.queries().len(), all, "another day");
    }

    #[tokio::test]
    async fn what_one_caller_does_not_find_others_may() {
        let (source, indicators) = MadeUp::indicators(Reply::Nothing, PATIENT);
        let scope = Scope::Matching(r#"{namespace="a"}"#.parse().unwrap());
        let grants = vec![Grant { role: Role::Viewer, scope }];
        let narrow = Principal::new(Kind::User, "eve", "eve", Vec::new(), grants);
        assert_eq!(rates_for(&indicators, &narrow, "pay", 1).await, Ok(None));
        assert!(source.queries().iter().all(|query| query.contains(r#"namespace="a""#)));
        source.becomes(Reply::Data("http_requests_total"));
        assert!(rates(&indicators, "pay", 1).await.unwrap().is_some());
        source.queries();
        assert_eq!(rates_for(&indicators, &narrow, "pay", 2).await, Ok(None));
        assert_eq!(source.queries(), [""; 0]);
    }

    #[tokio::test]
    async fn the_query_that_had_data_is_the_only_one_asked() {
        let (source, indicators) = MadeUp::indicators(Reply::Data("http_requests_total"), PATIENT);
        let found = rates(&indicators, "pay", 1).await.unwrap().unwrap();
        assert_eq!(found.around("a", UnixNanos(5400 * SECOND_NS)), Some(10.0));
        assert!(source.queries().len() > 1);
        assert!(rates(&indicators, "pay", 2).await.unwrap().is_some());
        let asked = source.queries();
        assert!(asked.len() == 1 && asked[0].contains("http_requests_total"), "{asked:?}");
        // A side without data does not begin the search again.
        source.becomes(Reply::Nothing);
        assert_eq!(rates(&indicators, "pay", 3).await, Ok(None));
        assert_eq!(source.queries().len(), 1);
    }

    #[tokio::test]
    async fn a_part_of_a_service_has_its_template() {
        let (source, indicators) = MadeUp::indicators(Reply::Data("http_requests_total"), PATIENT);
        let region = async |region: &str, hour: i64| {
            let selector = format!(r#"{{service_name="pay",region="{region}"}}"#).parse().unwrap();
            let range = TimeRange::nanos(hour * 3600 * SECOND_NS, (hour + 1) * 3600 * SECOND_NS);
            indicators.request_rates(&Principal::local(), &selector, range).await.unwrap()
        };
        assert!(region("eu", 1).await.is_some());
        source.queries();
        source.becomes(Reply::Nothing);
        for hour in [1, 2] {
            assert_eq!(region("us", hour).await, None);
            assert_eq!(source.queries().len(), 1, "it may have data at any time");
        }
        source.becomes(Reply::Data("http_requests_total"));
        assert!(region("us", 3).await.is_some());
    }

    #[tokio::test]
    async fn a_label_that_is_not_mapped_is_told() {
        let (source, indicators) = MadeUp::indicators(Reply::Data("http_requests_total"), PATIENT);
        let selector: Selector = r#"{service_name="pay",version="2"}"#.parse().unwrap();
        let range = TimeRange::nanos(3600 * SECOND_NS, 7200 * SECOND_NS);
        let found = indicators.request_rates(&Principal::local(), &selector, range).await;
        let why =
            "requests are not known: map the label version in [metrics.default.labels] for costs by request";
        assert_eq!(found.map_err(|why| why.to_string()), Err(why.to_owned()));
        assert_eq!(source.queries(), [""; 0]);
        let nobody = Principal::new(Kind::User, "eve", "eve", Vec::new(), Vec::new());
        assert_eq!(
            indicators.request_rates(&nobody, &selector, range).await,
            Ok(None),
            "as if there were none"
        );
    }

    #[tokio::test]
    async fn one_template_is_asked_and_nothing_is_remembered_of_it() {
        let reply = Reply::During(&[
            ("http_server_request_duration_seconds_count", 0, 7200),
            ("http_requests_total", 0, i64::MAX),
        ]);
        let (source, indicators) = MadeUp::indicators(reply, PATIENT);
        let selector: Selector = r#"{service_name="pay"}"#.parse().unwrap();
        let range = TimeRange::nanos(3600 * SECOND_NS, 7200 * SECOND_NS);
        let local = Principal::local();
        for template in ["http", "otel-http"] {
            let found = indicators.request_rates_by(&local, &selector, range, template).await;
            assert_eq!(found.unwrap().unwrap().template(), template);
        }
        let is_of_either = |query: &String| {
            query.contains("http_requests_total")
                || query.contains("http_server_request_duration_seconds_count")
        };
        assert!(source.queries().iter().all(is_of_either));
        assert_eq!(indicators.request_rates_by(&local, &selector, range, "grpc").await, Ok(None));
        assert!(source.queries().iter().all(|query| query.contains("grpc_server_handled_total")));
        let any = rates(&indicators, "pay", 1).await.unwrap().unwrap();
        assert_eq!(any.template(), "otel-http", "the first that has data");
    }

    #[tokio::test]
    async fn a_source_that_is_down_is_not_asked_until_a_check_finds_it_up() {
        let (source, indicators) = MadeUp::indicators(Reply::Down, PATIENT);
        assert_eq!(rates(&indicators, "pay", 1).await, Err(down()));
        assert_eq!(source.queries().len(), 1);
        assert_eq!(rates(&indicators, "cart", 1).await, Err(down()));
        indicators.check().await;
        source.becomes(Reply::Data("http_requests_total"));
        assert_eq!(rates(&indicators, "pay", 1).await, Err(down()));
        assert_eq!(source.queries(), [""; 0]);
        indicators.check().await;
        assert!(rates(&indicators, "pay", 1).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_source_that_hangs_is_waited_for_once() {
        let (source, indicators) = MadeUp::indicators(Reply::Hangs, Duration::from_millis(20));
        let slow: Rates = Err(NoAnswer::Slow("default".to_owned()));
        for checks in [1, 2] {
            for service in ["pay", "cart", "mail"] {
                assert_eq!(rates(&indicators, service, 1).await, slow);
            }
            assert_eq!(source.queries().len(), 1, "before {checks} checks");
            for _ in 0..checks {
                assert_eq!(rates(&indicators, "pay", 1).await, slow);
                assert_eq!(source.queries(), [""; 0]);
                indicators.check().await;
            }
        }
    }

    #[test]
    fn rates_are_those_of_the_window_around_a_time() {
        let grid = Grid { start_secs: 600, step_secs: 60, points: 3 };
        let rates = RequestRates::of(grid, 120, &[("a", &[1.0, 2.0, 3.0]), ("b", &[])]);
        let around = |pod, secs: i64| rates.around(pod, UnixNanos(secs * SECOND_NS));
        // The window that ends at 660 is around 600.
        assert_eq!([around("a", 540), around("a", 600), around("a", 660)], [Some(1.0), Some(2.0), Some(3.0)]);
        assert_eq!([around("a", 719), around("a", 400)], [Some(3.0), None]);
        assert_eq!([around("b", 600), around("c", 600)], [None, None]);
    }

    #[test]
    fn requests_are_those_of_one_service() {
        let of = |text: &str| service_of(&text.parse().unwrap());
        let (service, others) = of(r#"{service_name="pay", version="2"}"#).unwrap();
        assert_eq!((service.as_str(), others.len()), ("pay", 1));
        assert_eq!(of("{}"), None);
        assert_eq!(of(r#"{service_name=~"pay"}"#), None);
        assert_eq!(of(r#"{service_name="pay", service_name!="x"}"#), None);
    }
}
