//! Error ratios that Sloth records: `slo:sli_error:ratio_rate5m{sloth_id, sloth_service, sloth_slo}` and its like. Pure.
//!
//! They cost a source much less than the ratio of raw counters over weeks. Series of the same objective, such as those of two
//! replicas of a Prometheus, become the worst of them.

use crate::indicators::mapping::Family;
use crate::indicators::promql::{Expr, VectorSelector};
use crate::indicators::template::Template;
use flarepath_profile::selector::{MatchOp, Matcher};
use std::time::Duration;

/// Seconds of the windows that Sloth records for a period of 30 days, each as it is spelled in the name of the series.
const WINDOWS: [(u64, &str); 8] = [
    (300, "5m"),
    (1800, "30m"),
    (3600, "1h"),
    (7200, "2h"),
    (21_600, "6h"),
    (86_400, "1d"),
    (259_200, "3d"),
    (2_592_000, "30d"),
];

/// The recorded error ratio of an objective over each of `windows`; empty if one of them is not recorded.
pub(crate) fn recorded(service: &str, slo: &str, windows: &[Duration]) -> Vec<Template> {
    let templates = windows.iter().map(|window| template(service, slo, *window));
    templates.collect::<Option<_>>().unwrap_or_default()
}

fn template(service: &str, slo: &str, window: Duration) -> Option<Template> {
    let (_, spelled) = WINDOWS.iter().find(|(secs, _)| *secs == window.as_secs())?;
    let equal = |name: &str, value: &str| Matcher {
        name: name.to_owned(),
        op: MatchOp::Equal,
        value: value.to_owned(),
    };
    let series = Expr::Vector(VectorSelector {
        name: Some(format!("slo:sli_error:ratio_rate{spelled}")),
        matchers: vec![
            equal("sloth_id", &format!("{service}-{slo}")),
            equal("sloth_service", service),
            equal("sloth_slo", slo),
        ],
    });
    let worst = Expr::Aggregation { operator: "max".to_owned(), grouping: None, arguments: vec![series] };
    Some(Template::of(slo, Family::Selected, worst))
}

#[cfg(test)]
mod tests {
    use super::super::windows;
    use super::*;
    use crate::indicators::promql::Values;

    fn days(days: u64) -> Duration {
        Duration::from_secs(days * 86_400)
    }

    #[test]
    fn every_window_of_thirty_days_is_recorded() {
        let templates = recorded("checkout", "availability", &windows(days(30)));
        let values = Values { matchers: &[], window_secs: 60, pod: "pod" };
        let queries: Vec<String> = templates.iter().map(|template| template.query(&values)).collect();
        assert_eq!(queries.len(), 7);
        assert_eq!(
            queries[2],
            "max(slo:sli_error:ratio_rate5m{sloth_id=\"checkout-availability\", sloth_service=\"checkout\", \
             sloth_slo=\"availability\"})"
        );
        assert!(queries[0].starts_with("max(slo:sli_error:ratio_rate30d{"), "{}", queries[0]);
    }

    #[test]
    fn windows_of_other_periods_are_not() {
        assert!(recorded("checkout", "availability", &windows(days(7))).is_empty());
    }
}
