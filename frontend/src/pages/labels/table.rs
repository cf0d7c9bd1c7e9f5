//! The values of a label: a search field, a table that is sorted by its headers, and a button for more. Or why there is none.

use super::picked::PickedValues;
use super::row::{Columns, value_row};
use super::state::{LabelsState, SHOWN_ID};
use crate::browser::clock;
use crate::browser::event::{Event, value_of};
use crate::components::notice::message;
use crate::context::utc::Utc;
use crate::reactive::{Memo, Signal, handler, list, shown};
use crate::state::labels::{LabelSort, LabelsView};
use crate::state::view::HistoryMode;
use flarepath_profile::units::{Unit, UnitScale};
use leptos::prelude::*;

/// The values, or why there are none.
#[component]
pub(super) fn Values(state: LabelsState) -> impl IntoView {
    let full = Memo::new(move || state.rows.with(|rows| !rows.is_empty()));
    let searched = move || state.view.with(|v| !v.text.is_empty());
    let any = move || state.first.data.with(|data| data.as_ref().is_some_and(|data| data.values > 0));
    let why_empty = move || {
        if full.get() {
            return None;
        }
        let failed = [state.first.error.get(), state.question.services.error.get(), state.names.error.get()];
        let no_label = state.names.data.with(Option::is_some) && state.query.with(|q| q.by.is_none());
        Some(if state.query.with(|q| q.matchers().is_err()) {
            "Fix the error in the filter above."
        } else if failed.iter().any(Option::is_some) {
            "The values appear here once they have been loaded."
        } else if state.question.no_services() {
            "No service has sent a profile yet."
        } else if no_label {
            "The series of this service have no labels in this time range."
        } else if state.first.data.with(Option::is_none) {
            "Loading …"
        } else if searched() {
            "No value contains this text."
        } else {
            "No matching profiles. Choose a longer time range or another filter."
        })
    };
    view! {
        {shown(move || any() || searched(), move || view! { <Search state /> }.into_any())}
        {move || why_empty().map(message)}
        {shown(move || full.get(), move || view! { <PickedValues state /><Table state /><More state /> }.into_any())}
    }
}

/// The search field, with what was found.
#[component]
fn Search(state: LabelsState) -> impl IntoView {
    let text = move || state.view.with(|v| v.text.clone());
    let search = move |event: Event| {
        let view = LabelsView { text: value_of(&event), ..state.view.get_untracked() };
        state.show(&view, HistoryMode::Replace);
    };
    let found = move || {
        state.first.data.with(|data| {
            let Some(data) = data else { return String::new() };
            let values =
                if data.matching == 1 { "1 value".to_owned() } else { format!("{} values", data.matching) };
            match data.odd {
                0 => format!("{values}."),
                1 => format!("{values}. 1 differs significantly from the others of its service."),
                n => format!("{values}. {n} differ significantly from the others of their service."),
            }
        })
    };
    view! {
        <div class="values-search" role="search">
            <input type="search" class="input" autocomplete="off" spellcheck="false" aria-label="Search values"
                placeholder="Search values" prop:value=text on:input=handler(search) />
            <span class="muted" role="status">{move || found()}</span>
        </div>
    }
}

#[component]
fn Table(state: LabelsState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let all = Memo::new(move || state.view.with(|v| v.all));
    let is_level = Memo::new(move || state.first.data.with(|d| d.as_ref().is_some_and(|d| d.is_level)));
    let body = move || {
        let Some(data) = state.first.data.get() else { return ().into_any() };
        let rows = state.rows.get();
        let own = Unit::of(&data.sample_type, &data.unit);
        let rates = if data.is_level { own.clone() } else { own.clone().per_second() };
        let columns = Columns {
            scales: [
                UnitScale::for_values(&rates, rows.iter().map(|row| row.rate)),
                UnitScale::for_values(&own, rows.iter().map(|row| row.total)),
            ],
            top: data.frame.top(rows.iter().map(|row| &row.spark[..])),
            zone: clock::zone(utc.get()),
            all: all.get(),
            data,
        };
        list(rows.into_iter().map(|row| value_row(state, &columns, row)))
    };
    let rate = move || if is_level.get() { "Average" } else { "Rate" };
    view! {
        <table class="values">
            <caption class="visually-hidden">"Values of the label"</caption>
            <thead><tr>
                <Header state sort=LabelSort::Value class="values-value" name=Signal::derive(|| "Value") />
                <Header state sort=LabelSort::Rate class="values-rate" name=Signal::derive(rate) />
                <Header state sort=LabelSort::Total class="values-total" name=Signal::derive(|| "Total") />
                <th scope="col" class="values-share">"Share of total"</th>
                <Header state sort=LabelSort::Deviation class="values-deviation" name=Signal::derive(|| "Compared with others") />
                <th scope="col" class="values-time">"Over time"</th>
                <th scope="col" class="values-pick">"Compare"</th>
            </tr></thead>
            <tbody>{move || body()}</tbody>
        </table>
    }
}

/// A header that sorts.
#[component]
fn Header(
    state: LabelsState,
    sort: LabelSort,
    class: &'static str,
    name: Signal<&'static str>,
) -> impl IntoView {
    let ascends =
        move || state.view.with(|v| (v.sort == sort).then_some((sort == LabelSort::Value) != v.reversed));
    let order = move || match ascends() {
        None => "none",
        Some(true) => "ascending",
        Some(false) => "descending",
    };
    let arrow = move || match ascends() {
        None => "",
        Some(true) => " ▲",
        Some(false) => " ▼",
    };
    let sort_by = move |_| {
        let view = state.view.get_untracked();
        let reversed = view.sort == sort && !view.reversed;
        state.show(&LabelsView { sort, reversed, ..view }, HistoryMode::Push);
    };
    view! {
        <th scope="col" class=class aria-sort=order>
            <button type="button" on:click=handler(sort_by)>{move || name.get()}<span aria-hidden="true">{move || arrow()}</span></button>
        </th>
    }
}

/// How many values are shown, and a button for the next ones.
#[component]
fn More(state: LabelsState) -> impl IntoView {
    let any = Memo::new(move || state.next.with(|next| !next.is_empty()));
    let counts = move || {
        let matching = state.first.data.with(|data| data.as_ref().map_or(0, |data| data.matching));
        format!("{} of {matching} values shown.", state.rows.with(Vec::len))
    };
    // Not disabled, which would take the focus from the button.
    let busy = move || state.more.pending.get() || state.first.pending.get();
    let press = move |_| {
        if !state.more.pending.get_untracked() && !state.first.pending.get_untracked() {
            state.show_more();
        }
    };
    view! {
        <div class="values-more">
            <span id=SHOWN_ID class="muted" role="status" tabindex="-1">{move || counts()}</span>
            {shown(move || any.get(), move || view! {
                <button type="button" class="button" aria-disabled=move || busy().to_string() on:click=handler(press)>"Show more"</button>
            }.into_any())}
        </div>
    }
}
