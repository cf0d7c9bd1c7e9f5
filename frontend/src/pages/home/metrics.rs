//! Metrics in the rows: columns that are there if the server has a source, loaded for the rows in sight. Only in the full program, which
//! fills them into the rows of the first one, too.

use crate::api::Fetch;
use crate::api::overview_metrics::overview_metrics;
use crate::browser::row_cells::{FilledCell, Places, keep_filled};
use crate::reactive::{Memo, RwSignal, Signal, effect, shown};
use crate::state::home_sight::parse_sight;
use crate::state::row_metrics::{KnownMetrics, MetricCell, MetricsAnswer, Round};
use leptos::html::Div;
use leptos::prelude::*;

/// The columns: name, class, meaning.
const COLUMNS: [(&str, &str, &str); 4] = [
    ("Latency", "home-metric home-latency", "The last known 95th and 99th percentile."),
    ("Requests", "home-metric home-requests", "Mean of the last ten minutes, and how many of them failed."),
    (
        "CPU of limit",
        "home-metric home-cpu",
        "The pod that is nearest to its CPU limit, mean of the last ten minutes.",
    ),
    (
        "Error budget",
        "home-metric home-budget",
        "What is left of the error budget of the objective that is worst off, and how fast it burns.",
    ),
];

/// Where the cells are; see row.rs and style/home_parts.css.
const PLACES: Places = Places { list: ".home-list", filled: "with-metrics", place: "home-metrics" };

/// What is known of services, and the last request for those in sight. Copied freely.
#[derive(Clone, Copy)]
struct Metrics {
    known: RwSignal<KnownMetrics>,
    of_sight: Fetch<MetricsAnswer>,
}

/// The columns of the list that this is in, for a [`sight_text`](crate::state::home_sight::sight_text); in its own place, why there are none.
pub(crate) fn metrics(sight: Signal<String>) -> AnyView {
    let metrics = Metrics { known: RwSignal::new(KnownMetrics::default()), of_sight: Fetch::new() };
    metrics.follow(sight);
    let place = NodeRef::<Div>::new();
    let cells = move |service: Option<&str>| metrics.known.with(|known| columns(known, service));
    keep_filled(place, PLACES, Box::new(cells));
    view! { <div node_ref=place>{metrics.notice()}{metrics.advice()}</div> }.into_any()
}

impl Metrics {
    /// Asks for what is missing in the rows in sight, and for all of it at each refresh.
    fn follow(self, sight: Signal<String>) {
        let mut asked: (Vec<String>, Option<Round>) = (Vec::new(), None);
        effect(move || {
            let Some((store, round, services)) = sight.with(|text| parse_sight(text)) else { return };
            let services = services.iter().map(String::as_str);
            let missing = self.known.with_untracked(|known| known.missing(services, round));
            let is_underway = self.of_sight.pending.get_untracked()
                && asked.1 == Some(round)
                && missing.iter().all(|service| asked.0.contains(service));
            if missing.is_empty() || is_underway {
                return;
            }
            asked = (missing.clone(), Some(round));
            self.of_sight.start(|abort| overview_metrics(store, missing, round, abort));
        });
        effect(move || {
            let known = self.known.get_untracked();
            let known = self.of_sight.data.with(|answer| answer.as_ref().map(|answer| known.with(answer)));
            known.into_iter().for_each(|known| self.known.set(known));
        });
    }

    /// Why metrics are missing, in a line.
    fn notice(self) -> AnyView {
        let text = Memo::new(move || {
            let detail = match self.of_sight.error.get() {
                Some(error) => Some(error.line()),
                None => self.known.with(KnownMetrics::failure),
            };
            detail.map(|detail| format!("Metrics could not be loaded: {}", detail.replace('`', "")))
        });
        shown(
            move || text.with(Option::is_some),
            move || view! { <p class="home-note" role="status">{move || text.get()}</p> }.into_any(),
        )
    }

    /// What there would be with a source.
    fn advice(self) -> AnyView {
        shown(
            move || self.known.with(|known| known.is_configured == Some(false)),
            || {
                view! {
                    <p class="home-note">"Latency, requests and error budgets: set a metrics source, [metrics.NAME] in the configuration (docs/metrics.md)."</p>
                }
                .into_any()
            },
        )
    }
}

/// The cells of a service, empty until something is known of it, or the heads; none without a source.
fn columns(known: &KnownMetrics, service: Option<&str>) -> Vec<FilledCell> {
    if known.is_configured != Some(true) {
        return Vec::new();
    }
    let Some(service) = service else { return COLUMNS.map(head).to_vec() };
    let cells = known.of(service).map(|row| row.cells()).unwrap_or_default();
    let cell = |(cell, (_, class, _)): (MetricCell, (_, &str, _))| FilledCell {
        role: "gridcell",
        class: if cell.is_urgent { format!("{class} is-urgent") } else { class.to_owned() },
        title: cell.title,
        text: cell.text,
    };
    cells.into_iter().zip(COLUMNS).map(cell).collect()
}

fn head((name, class, meaning): (&str, &str, &str)) -> FilledCell {
    FilledCell {
        role: "columnheader",
        class: class.to_owned(),
        title: meaning.to_owned(),
        text: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::row_metrics::RowMetrics;
    use crate::state::time_range::Span;

    fn known(is_configured: bool) -> KnownMetrics {
        let pay = RowMetrics {
            service: "pay".into(),
            burn_rate: Some(20.0),
            urgency: "page".into(),
            ..RowMetrics::default()
        };
        let answer = MetricsAnswer { round: (Span::of_ms(0, 1), 1), is_configured, rows: vec![pay] };
        KnownMetrics::default().with(&answer)
    }

    #[test]
    fn with_a_source_each_row_has_as_many_cells_as_the_head() {
        let known = known(true);
        let names = columns(&known, None);
        assert_eq!(names.iter().map(|head| head.text.as_str()).collect::<Vec<_>>(), COLUMNS.map(|c| c.0));
        assert!(names.iter().all(|head| head.role == "columnheader"));
        let [.., budget] = &columns(&known, Some("pay"))[..] else { panic!("no cells") };
        assert_eq!(
            (budget.text.as_str(), budget.class.as_str()),
            ("Page: burns 20×", "home-metric home-budget is-urgent")
        );
        let unknown = columns(&known, Some("cart"));
        assert_eq!(unknown.len(), COLUMNS.len());
        assert!(unknown.iter().all(|cell| cell.text.is_empty() && cell.role == "gridcell"));
    }

    #[test]
    fn without_a_source_there_are_no_columns() {
        assert_eq!(columns(&KnownMetrics::default(), None), []);
        assert_eq!(columns(&known(false), Some("pay")), []);
    }
}
