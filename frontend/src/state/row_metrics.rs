//! Metrics in the rows of Home: what is known, what is to be asked for, and the texts of a row. Pure.

use super::time_range::Span;
use flarepath_profile::units::{Unit, decimal, format_share, format_value, trimmed_decimal};

/// Services whose metrics are kept: more than are in sight.
const KEPT: usize = 500;
/// In place of a number that is not known.
const UNKNOWN: &str = "–";

/// What a request is about: the time, and when the rows were refreshed, milliseconds since the epoch.
pub(crate) type Round = (Span, i64);

/// Metrics of a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RowMetrics {
    pub(crate) service: String,
    pub(crate) requests_per_s: Option<f64>,
    pub(crate) error_ratio: Option<f64>,
    /// The 95th and the 99th percentile, in seconds.
    pub(crate) latency_s: [Option<f64>; 2],
    /// Of the pod that is nearest to its limit.
    pub(crate) cpu_of_limit: Option<f64>,
    /// That pod.
    pub(crate) pod: String,
    /// The objective that is worst off; empty if there is none.
    pub(crate) objective: String,
    /// The part of its error budget that is left.
    pub(crate) budget_left: Option<f64>,
    pub(crate) burn_rate: Option<f64>,
    /// `page` or `ticket` while an alert fires; otherwise empty.
    pub(crate) urgency: String,
    /// Why something is not known; may be empty.
    pub(crate) failure: String,
}

/// A cell: its lines, of which a phone shows the first, its tooltip, and whether to look at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MetricCell {
    pub(crate) text: String,
    pub(crate) title: String,
    pub(crate) is_urgent: bool,
}

impl RowMetrics {
    /// Latency, requests, CPU of its limit, error budget.
    pub(crate) fn cells(&self) -> [MetricCell; 4] {
        let seconds = Unit::of("latency", "seconds");
        let [p95, p99] = self.latency_s.map(|known| known.map(|latency| format_value(latency, &seconds)));
        let latency = [p95.map(|text| format!("p95 {text}")), p99.map(|text| format!("p99 {text}"))];
        let rate = Unit::parse("count").per_second();
        let requests = [
            self.requests_per_s.map(|requests| format_value(requests, &rate)),
            self.error_ratio.map(|part| format!("{} errors", format_share(part, 1.0))),
        ];
        let pod = if self.pod.is_empty() { String::new() } else { format!("Pod {}", self.pod) };
        let left = self.budget_left.map(|left| format!("{} left", percent(left)));
        let burns = self.burn_rate.map(|rate| format!("burns {}×", trimmed_decimal(rate, 1)));
        let urgent = match self.urgency.as_str() {
            "page" => "Page",
            "ticket" => "Ticket",
            _ => "",
        };
        // What fires comes first.
        let budget = match urgent {
            "" => [left, burns],
            word => [Some(burns.map_or(word.to_owned(), |burns| format!("{word}: {burns}"))), left],
        };
        [
            self.cell(latency, String::new()),
            self.cell(requests, String::new()),
            self.cell([self.cpu_of_limit.map(percent), None], pod),
            MetricCell { is_urgent: urgent == "Page", ..self.cell(budget, self.objective.clone()) },
        ]
    }

    fn cell(&self, lines: [Option<String>; 2], title: String) -> MetricCell {
        let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
        match text.is_empty() {
            true => MetricCell { text: UNKNOWN.to_owned(), title: self.failure.clone(), is_urgent: false },
            false => MetricCell { text, title, is_urgent: false },
        }
    }
}

fn percent(part: f64) -> String {
    format!("{} %", decimal(part * 100.0, 0))
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MetricsAnswer {
    pub(crate) round: Round,
    /// Whether the server has a source of metrics.
    pub(crate) is_configured: bool,
    pub(crate) rows: Vec<RowMetrics>,
}

/// What is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KnownMetrics {
    /// Whether the server has a source of metrics; `None` until it has answered.
    pub(crate) is_configured: Option<bool>,
    /// The newest first, each of its round.
    rows: Vec<(Round, RowMetrics)>,
}

impl KnownMetrics {
    /// What is known of a service, also if it is of an earlier round.
    pub(crate) fn of(&self, service: &str) -> Option<RowMetrics> {
        self.rows.iter().find(|(_, row)| row.service == service).map(|(_, row)| row.clone())
    }

    /// The services of which nothing of this round is known. None, where there is no source to ask.
    pub(crate) fn missing<'a>(&self, services: impl Iterator<Item = &'a str>, round: Round) -> Vec<String> {
        let is_known = |name: &str| self.rows.iter().any(|(of, row)| *of == round && row.service == name);
        let asks = self.is_configured != Some(false);
        services.filter(|name| asks && !is_known(name)).map(str::to_owned).collect()
    }

    /// With what has come.
    pub(crate) fn with(&self, answer: &MetricsAnswer) -> KnownMetrics {
        let new = answer.rows.iter().map(|row| (answer.round, row.clone()));
        let is_new = |name: &str| answer.rows.iter().any(|row| row.service == name);
        let old = self.rows.iter().filter(|(_, row)| !is_new(&row.service)).cloned();
        KnownMetrics { is_configured: Some(answer.is_configured), rows: new.chain(old).take(KEPT).collect() }
    }

    /// Why something of the last round is not known: the first reason.
    pub(crate) fn failure(&self) -> Option<String> {
        let last = self.rows.first().map(|(round, _)| *round)?;
        let failures = self.rows.iter().filter(|(round, row)| *round == last && !row.failure.is_empty());
        failures.map(|(_, row)| row.failure.clone()).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUND: Round = (Span::of_ms(0, 3_600_000), 1);
    const NEXT: Round = (Span::of_ms(60_000, 3_660_000), 2);

    fn row(service: &str, failure: &str) -> RowMetrics {
        RowMetrics { service: service.into(), failure: failure.into(), ..RowMetrics::default() }
    }

    fn answer(round: Round, rows: &[RowMetrics]) -> MetricsAnswer {
        MetricsAnswer { round, is_configured: true, rows: rows.to_vec() }
    }

    #[test]
    fn cells_have_two_lines_of_which_the_first_says_most() {
        let row = RowMetrics {
            requests_per_s: Some(1234.0),
            error_ratio: Some(0.002),
            latency_s: [Some(0.12), Some(0.48)],
            cpu_of_limit: Some(0.754),
            pod: "pay-2".into(),
            objective: "availability".into(),
            budget_left: Some(0.62),
            burn_rate: Some(0.42),
            ..RowMetrics::default()
        };
        let texts = |row: &RowMetrics| row.cells().map(|cell| cell.text);
        let expected = ["p95 120 ms\np99 480 ms", "1,234/s\n0.20 % errors", "75 %", "62 % left\nburns 0.4×"];
        assert_eq!(texts(&row), expected);
        assert_eq!(row.cells()[2].title, "Pod pay-2");
        let paging = RowMetrics { urgency: "page".into(), burn_rate: Some(20.0), ..row.clone() };
        let [.., budget] = paging.cells();
        assert_eq!((budget.text.as_str(), budget.is_urgent), ("Page: burns 20×\n62 % left", true));
        let ticket = RowMetrics { urgency: "ticket".into(), ..row };
        assert!(!ticket.cells()[3].is_urgent);
    }

    #[test]
    fn what_is_not_known_is_a_dash_with_the_reason() {
        let cells = row("pay", "the source is down").cells();
        assert!(cells.iter().all(|cell| cell.text == "–" && cell.title == "the source is down"));
    }

    #[test]
    fn only_what_is_missing_in_a_round_is_asked_for() {
        let services = ["a", "b", "c"];
        let missing = |known: &KnownMetrics, round| known.missing(services.into_iter(), round);
        let known = KnownMetrics::default().with(&answer(ROUND, &[row("a", ""), row("b", "")]));
        assert_eq!(missing(&known, ROUND), ["c"]);
        assert_eq!(missing(&known, NEXT), services);
        let refreshed = known.with(&answer(NEXT, &[row("b", "late")]));
        assert_eq!(missing(&refreshed, NEXT), ["a", "c"]);
        assert_eq!(refreshed.of("a").map(|row| row.failure).as_deref(), Some(""), "it stays until then");
        assert_eq!(refreshed.failure().as_deref(), Some("late"));
        assert_eq!(known.failure(), None);
    }

    #[test]
    fn without_a_source_nothing_more_is_asked_for() {
        let none = MetricsAnswer { is_configured: false, ..answer(ROUND, &[]) };
        let known = KnownMetrics::default().with(&none);
        assert_eq!(known.is_configured, Some(false));
        assert_eq!(known.missing(["a"].into_iter(), NEXT), [""; 0]);
    }
}
