//! Metrics in the rows: columns that are there if the server has a source, loaded for the rows in sight.

use super::state::HomeState;
use crate::api::overview_metrics::overview_metrics;
use crate::components::virtual_grid::VirtualGrid;
use crate::reactive::{Memo, effect, list, shown};
use crate::state::row_metrics::{KnownMetrics, Round};
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

/// Asks for what is missing in the rows in sight, and for all of it at each refresh.
pub(super) fn follow(state: HomeState, grid: VirtualGrid) {
    let mut asked: (Vec<String>, Option<Round>) = (Vec::new(), None);
    effect(move || {
        let sight = grid.in_sight();
        let round = (state.span.get(), state.now_ms.get());
        let missing = state.listed.with(|listed| {
            let rows = listed.rows.iter().skip(sight.start).take(sight.len());
            state.metrics.with_untracked(|known| known.missing(rows.map(|row| row.service.as_str()), round))
        });
        let is_underway = state.metrics_of_sight.pending.get_untracked()
            && asked.1 == Some(round)
            && missing.iter().all(|service| asked.0.contains(service));
        if missing.is_empty() || is_underway {
            return;
        }
        asked = (missing.clone(), Some(round));
        state.metrics_of_sight.start(|abort| overview_metrics(missing, round, abort));
    });
    effect(move || {
        let known = state.metrics.get_untracked();
        let known =
            state.metrics_of_sight.data.with(|answer| answer.as_ref().map(|answer| known.with(answer)));
        known.into_iter().for_each(|known| state.metrics.set(known));
    });
}

/// Whether there is a source.
pub(super) fn has_source(state: HomeState) -> Memo<bool> {
    Memo::new(move || state.metrics.with(|known| known.is_configured == Some(true)))
}

/// The heads of the columns.
pub(super) fn heads(has_source: Memo<bool>) -> AnyView {
    let head = |(name, class, meaning): (&'static str, &'static str, &'static str)| {
        view! { <span role="columnheader" class=class title=meaning>{name}</span> }.into_any()
    };
    shown(move || has_source.get(), move || list(COLUMNS.map(head)))
}

/// The cells of a service; empty until something is known of it.
pub(super) fn cells(state: HomeState, has_source: Memo<bool>, service: String) -> AnyView {
    let found = Memo::new(move || state.metrics.with(|known| known.of(&service)));
    let cells = move || {
        let cells = found.get().map(|row| row.cells()).unwrap_or_default();
        list(cells.into_iter().zip(COLUMNS).map(|(cell, (_, class, _))| {
            view! { <span role="gridcell" class=class class:is-urgent=cell.is_urgent title=cell.title>{cell.text}</span> }
                .into_any()
        }))
    };
    shown(move || has_source.get(), move || view! { <span class="home-metrics">{move || cells()}</span> }.into_any())
}

/// Why metrics are missing, in a line.
pub(super) fn notice(state: HomeState) -> AnyView {
    let text = Memo::new(move || {
        let detail = match state.metrics_of_sight.error.get() {
            Some(error) => Some(error.line()),
            None => state.metrics.with(KnownMetrics::failure),
        };
        detail.map(|detail| format!("Metrics could not be loaded: {}", detail.replace('`', "")))
    });
    shown(
        move || text.with(Option::is_some),
        move || view! { <p class="home-note" role="status">{move || text.get()}</p> }.into_any(),
    )
}

/// What there would be with a source.
pub(super) fn advice(state: HomeState) -> AnyView {
    shown(
        move || state.metrics.with(|known| known.is_configured == Some(false)),
        || {
            view! {
                <p class="home-note">"Latency, requests and error budgets: set a metrics source, [metrics.NAME] in the configuration (docs/metrics.md)."</p>
            }
            .into_any()
        },
    )
}
