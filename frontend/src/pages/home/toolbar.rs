//! The query line of Home: search, order, time and filters.

use super::services::GRID;
use super::state::HomeState;
use crate::browser::event::{Event, KeyboardEvent, value_of};
use crate::browser::{focus, keys, page};
use crate::components::icon::{Icon, REFRESH};
use crate::components::query_line::QueryLine;
use crate::pages::explore::controls::Controls;
use crate::reactive::{Callback, Signal, attribute, handler, list, live_attribute};
use crate::state::home::{HomeQuestion, HomeSort, SORTS};
use crate::state::lent_part::LentPart;
use crate::state::query::Query;
use crate::state::time_range::TimeRange;
use crate::state::view::HistoryMode;
use leptos::html::Input;
use leptos::prelude::*;

pub(super) fn toolbar(state: HomeState) -> AnyView {
    let parts = Controls::of_program();
    let range = Signal::derive(move || state.query.with(|query| query.range).unwrap_or(TimeRange::LAST_HOUR));
    let invalid = Signal::derive(move || state.time_problem.with(Option::is_some));
    let on_range = Callback::new(move |range| {
        state.go_to_query(Query { range: Some(range), ..state.query.get_untracked() });
    });
    let on_query = Callback::new(move |query| state.go_to_query(query));
    let controls = move || {
        view! {
            {(parts.lent)(LentPart::Stores, state.address.query.into())}
            {shape(state)}
            {order(state)}
            {(parts.range)(range, state.span, invalid, on_range)}
            <button class="button icon-only" class:busy=move || state.first.pending.get() type="button" aria-label="Refresh"
                title="Refresh (r)" data-command="refresh" on:click=handler(move |_| state.refresh())><Icon path=REFRESH /></button>
            {(parts.filter)(state.query, state.span, on_query)}
        }
        .into_any()
    };
    view! { <QueryLine subject=move || search(state) controls sheet=parts.sheet actions=|| ().into_any() /> }
        .into_any()
}

/// The search field: letters are looked for by the server as they are typed.
fn search(state: HomeState) -> AnyView {
    let field = NodeRef::<Input>::new();
    keys::on_page_key(move |key| {
        let requested = key == "/";
        if requested {
            focus::field(field);
        }
        requested
    });
    let text = move || state.question.with(|question| question.text.clone());
    let input = move |event: Event| {
        let question = HomeQuestion { text: value_of(&event), ..state.question.get_untracked() };
        state.go(&question, HistoryMode::Replace);
    };
    let to_list = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | "ArrowDown") {
            event.prevent_default();
            page::focus(GRID);
        }
    };
    view! {
        <div class="home-search" role="search">
            <input type="search" class="input" node_ref=field aria-label="Search services"
                placeholder="Search services ( / )" prop:value=text on:input=handler(input) on:keydown=handler(to_list)
                {..attribute("autocomplete", "off")} {..attribute("spellcheck", "false")} />
        </div>
    }
    .into_any()
}

/// List or treemap. The first program has no treemap: at its address, the full one takes over.
fn shape(state: HomeState) -> AnyView {
    let link = move |name: &'static str, is_treemap: bool, path: fn(&HomeQuestion) -> String| {
        let current = move || (state.is_treemap.get() == is_treemap).then(|| "page".to_owned());
        view! { <a class="mode" {..live_attribute("href", move || Some(state.question.with(path)))} {..live_attribute("aria-current", current)}>{name}</a> }.into_any()
    };
    let links = [link("List", false, HomeQuestion::path), link("Treemap", true, HomeQuestion::treemap_path)];
    view! { <nav class="modes" aria-label="View">{list(links)}</nav> }.into_any()
}

/// The order of the list.
fn order(state: HomeState) -> AnyView {
    let choose = move |event: Event| state.sort_by(HomeSort::parse(&value_of(&event)));
    let option = move |(sort, word, name): (HomeSort, &'static str, &'static str)| {
        let selected = move || state.question.with(|question| question.sort == sort);
        view! { <option value=word prop:selected=selected>{name}</option> }.into_any()
    };
    view! {
        <select class="input" aria-label="Sort by" title="Sort by" on:change=handler(choose)>{list(SORTS.map(option))}</select>
    }
    .into_any()
}
