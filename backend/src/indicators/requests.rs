//! [`RequestRates`]: how many requests each pod had, for costs by request.
//!
//! Rates are needed by pod: costs are those of the profiled replicas, and only their own requests divide them truly.

use super::bounds::{Visible, visible};
use super::grid::Grid;
use super::indicator::Indicator;
use super::service::{Indicators, Matched};
use super::template::Template;
use crate::auth::{Permission, Principal};
use crate::store::TimeRange;
use crate::work::ANSWERS;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use std::collections::{BTreeMap, HashMap};

/// Requests per second, by pod.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestRates {
    grid: Grid,
    window_secs: i64,
    by_pod: BTreeMap<String, HashMap<u32, f64>>,
}

impl RequestRates {
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
        RequestRates { grid, window_secs, by_pod }
    }
}

impl Indicators {
    /// Requests of what a selector of profiles selects, by pod. `None` if they are not known: without a source, where the selector
    /// names no service or has conditions that metrics do not have, and where the source fails, which is logged.
    pub(crate) async fn request_rates(
        &self,
        who: &Principal,
        selector: &Selector,
        range: TimeRange,
    ) -> Option<RequestRates> {
        let (service, others) = service_of(selector)?;
        let source = self.source(&service)?.clone();
        let bounds = who.bounds(Permission::ReadProfiles);
        let (of, name) = (source.clone(), service.clone());
        let within = ANSWERS.run(move || {
            let Visible::Matching(mut within) = visible(&bounds, &name, &of.mapping).ok()? else {
                return None;
            };
            within.extend(of.narrowed(&others).ok()?);
            Some(within)
        });
        let within = within.await.ok()??;
        let templates = source.templates.of_service(Indicator::RequestRate, &service);
        let by_pod: Vec<Template> = templates.into_iter().filter_map(Template::by_pod).collect();
        let by_pod: Vec<&Template> = by_pod.iter().collect();
        let grid = Grid::of(range, source.scrape());
        let window_secs = grid.rate_window_secs(source.scrape());
        let found = source.first_with_data(&by_pod, &service, &within, grid, window_secs).await.ok()??;
        let Matched { answer, .. } = found;
        let pod = source.mapping.pod();
        let rates = answer.series.iter().map(|series| {
            let name = series.labels.get(pod).cloned().unwrap_or_default();
            (name, series.points.iter().copied().collect())
        });
        Some(RequestRates { grid, window_secs, by_pod: rates.collect() })
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
    use super::*;

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
