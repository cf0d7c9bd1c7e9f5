//! The list of services: virtual rows that are loaded page by page, or why there are none.

use super::fleet::core_seconds;
use super::row::{Columns, service_row};
use super::state::HomeState;
use crate::browser::clock;
use crate::components::notice::message;
use crate::components::skeleton::flame_skeleton;
use crate::components::virtual_grid::{GridKey, VirtualGrid, column_head};
use crate::context::utc::Utc;
use crate::pages::explore::controls::Controls;
use crate::reactive::{Callback, Memo, RwSignal, Signal, effect, list, live_state, shown};
use crate::state::home::{HomeQuestion, HomeSort};
use crate::state::home_sight::sight_text;
use crate::state::lent_part::LentPart;
use crate::state::service_link::service_link;
use crate::state::view::HistoryMode;
use flarepath_profile::units::UnitScale;
use leptos::prelude::*;

/// The id of the list.
pub(super) const GRID: &str = "services";
/// Height of a row, and of a card on a phone, in CSS pixels, as in style/home.css.
const HEIGHTS: [f64; 2] = [60.0, 188.0];
/// The next page is asked for when so many rows are left below the first one in sight.
const AHEAD: usize = 30;
/// In place of rows: bars of their shape are shown.
const LOADING: &str = "Loading";

/// The list, or why there is none.
pub(super) fn services(state: HomeState) -> AnyView {
    let full = Memo::new(move || state.listed.with(|listed| !listed.rows.is_empty()));
    let is_new =
        move || state.question.with(|question| !state.listed.with(|listed| listed.answers(question)));
    let busy = Memo::new(move || state.more.pending.get() || (state.first.pending.get() && is_new()));
    let sight = RwSignal::new(String::new());
    let instead = Memo::new(move || if full.get() { None } else { Some(why_empty(state)) });
    let in_place = move || match instead.get() {
        None => ().into_any(),
        Some(LOADING) => flame_skeleton(),
        Some(text) => message(text),
    };
    view! {
        <section class="home-list" aria-label="Services"
            class:stale=move || busy.get() && is_new() {..live_state("aria-busy", move || busy.get())}>
            {move || in_place()}
            {(Controls::of_program().lent)(LentPart::HomeMetrics, sight.into())}
            {shown(move || full.get(), move || rows(state, sight))}
        </section>
        <p class="visually-hidden" role="status">{move || if busy.get() { LOADING } else { "" }.to_owned()}</p>
    }
    .into_any()
}

fn why_empty(state: HomeState) -> &'static str {
    if state.query.with(|query| query.matchers().is_err()) {
        "Fix the error in the filter above."
    } else if state.time_problem.with(Option::is_some) || state.first.error.with(Option::is_some) {
        "The services appear here once they have been loaded."
    } else if state.listed.with(|listed| listed.of.is_none()) {
        LOADING
    } else if state.question.with(HomeQuestion::is_narrowed) {
        "No service matches the search and the filters."
    } else {
        "No service has sent a profile in this time range."
    }
}

fn rows(state: HomeState, sight: RwSignal<String>) -> AnyView {
    let count = Signal::derive(move || state.listed.with(|listed| listed.rows.len()));
    let grid = VirtualGrid::new(GRID, count).with_heights(HEIGHTS);
    follow(state, grid);
    effect(move || {
        let (round, shown) = ((state.span.get(), state.now_ms.get()), grid.in_sight());
        sight.set(state.listed.with(|listed| {
            let rows = listed.rows.get(shown).unwrap_or_default();
            let store = state.query.with(|query| query.store.clone());
            sight_text(store.as_deref(), round, rows.iter().map(|row| row.service.as_str()))
        }));
    });
    let utc = Utc::of_page().0;
    let columns = Memo::new(move || {
        let largest =
            state.listed.with(|listed| listed.rows.iter().filter_map(|row| row.cores).fold(0.0, f64::max));
        Columns {
            of: state.listed.with(|listed| listed.of.clone()),
            scale: UnitScale::for_largest(&core_seconds(), largest),
            fleet_cores: state.first.data.with(|page| page.as_ref().map_or(0.0, |page| page.fleet.cores)),
        }
    });
    let row = move |index: usize| {
        let row = state.listed.with(|listed| listed.rows.get(index).cloned())?;
        let zone = clock::zone(utc.get());
        Some(columns.with(|columns| service_row((grid, index), &row, columns, zone, state.clock_ms)))
    };
    let on_key = move |index: usize, key: GridKey<'_>| {
        let Some(row) = state.listed.with_untracked(|listed| listed.rows.get(index).cloned()) else {
            return false;
        };
        let Some((question, span)) = columns.with_untracked(|columns| columns.of.clone()) else {
            return false;
        };
        let [explore, compare] = row.profile_paths(&question.query);
        let to = match key {
            GridKey::Choose => row.incident_path(&question.query, span),
            GridKey::Other("e") => explore,
            GridKey::Other("c") => compare,
            GridKey::Other("s") => service_link(&row.service, &question.query),
            _ => return false,
        };
        state.address.go(&to, HistoryMode::Push);
        true
    };
    grid.view(("Services", "top-table home-table", ""), head(state), Box::new(row), Box::new(on_key))
}

/// Loads the next page before the end of the rows comes into sight; shows the first row of another list.
fn follow(state: HomeState, grid: VirtualGrid) {
    effect(move || {
        let start = grid.in_sight().start;
        let due = state.listed.with(|listed| !listed.next.is_empty() && start + AHEAD >= listed.rows.len());
        let is_busy = state.first.pending.get() || state.more.pending.get();
        if due && !is_busy && state.more.error.with(Option::is_none) {
            state.show_more();
        }
    });
    let shown = Memo::new(move || {
        state.listed.with(|listed| listed.of.as_ref().map(|(question, _)| question.clone()))
    });
    effect(move || {
        shown.get();
        grid.rewind();
    });
}

fn head(state: HomeState) -> AnyView {
    let sorted = |sort: HomeSort, label: (&'static str, &'static str), class: &'static str| {
        let ascending = Signal::derive(move || {
            state.question.with(|question| (question.sort == sort).then_some(sort == HomeSort::Name))
        });
        let on_sort = Callback::new(move |()| state.sort_by(sort));
        column_head(label, class, ascending, on_sort)
    };
    let plain = |label: &'static str, class: &'static str| {
        view! { <span role="columnheader" class=class>{label}</span> }.into_any()
    };
    let links = view! { <span role="columnheader" class="home-links"><span class="visually-hidden">"Links"</span></span> };
    list([
        sorted(HomeSort::Name, ("Service", ""), "home-name"),
        sorted(HomeSort::Attention, ("What changed", "Services that need attention first."), "home-verdict"),
        plain("Over time", "home-time"),
        sorted(
            HomeSort::Cores,
            ("Cores", "Mean of all replicas together, by CPU profiles."),
            "top-cost home-cores",
        ),
        sorted(
            HomeSort::Change,
            (
                "Change",
                "Significant change of the cost of one replica, or of one request where requests are known.",
            ),
            "top-cost",
        ),
        view! { <span class="home-metrics"></span> }.into_any(),
        plain("Computed", "home-age"),
        links.into_any(),
    ])
}
