//! Toolbar of the profile view: view mode, search, and the View menu with order, colour and transforms.

use super::menu::Menus;
use super::model::Model;
use super::parts::Parts;
use super::view_menu::ViewMenu;
use crate::browser::event::{Event, value_of};
use crate::components::search_bar::SearchBar;
use crate::reactive::{Callback, Signal, handler, list, live_state, shown};
use crate::state::transform::inverts;
use crate::state::view::{ColourBy, HistoryMode, Mode, OrderBy};
use leptos::html::Input;
use leptos::prelude::*;

/// The toolbar of the profile view.
#[component]
pub(crate) fn Toolbar(menus: Menus, field: NodeRef<Input>) -> impl IntoView {
    let model = menus.model;
    let parts = Parts::of_program();
    let modes = Mode::ALL.map(|mode| {
        view! {
            <button type="button" class="mode" {..live_state("aria-pressed", move || model.mode() == mode)}
                on:click=handler(move |_| model.change(HistoryMode::Push, |v| v.mode = Some(mode)))>{mode.label()}</button>
        }
        .into_any()
    });
    view! {
        <div class="view-bar">
            <div class="modes" role="group" aria-label="View">{list(modes)}</div>
            {search_bar(model, field)}
            {parts.map(|parts| (parts.view_menu)(menus, field))}
        </div>
        {parts.map(|parts| (parts.chips)(model))}
    }
}

/// The View menu of the profile view.
pub(super) fn view_menu(menus: Menus, field: NodeRef<Input>) -> AnyView {
    let model = menus.model;
    let view = model.view;
    let graph = move || model.mode() != Mode::Table;
    view! {
        <ViewMenu transforms=Some((menus, field))>
            {shown(graph, move || view! {
                {colour_select(Signal::derive(move || view.with(|v| v.colour)), Callback::new(move |by| model.change(HistoryMode::Push, |v| v.colour = by)))}
                <label>"Order by "
                    <select on:change=handler(move |e: Event| set_order(model, &value_of(&e)))
                        prop:value=move || if view.with(|v| v.order) == OrderBy::Name { "name" } else { "total" }>
                        <option value="total">"total"</option><option value="name">"name"</option>
                    </select>
                </label>
            }.into_any())}
            {inverted_box(model)}
        </ViewMenu>
    }
    .into_any()
}

/// The search bar of a model.
pub(super) fn search_bar(model: Model, field: NodeRef<Input>) -> AnyView {
    let view = model.view;
    view! {
        <SearchBar text=Signal::derive(move || view.with(|v| v.search.clone()))
            regex=Signal::derive(move || view.with(|v| v.regex)) status=model.search_status() field
            on_change=Callback::new(move |(text, regex)| model.search(text, regex))
            on_step=Callback::new(move |forward| model.matches.step(forward)) />
    }
    .into_any()
}

/// A box to invert the tree.
pub(super) fn inverted_box(model: Model) -> AnyView {
    let checked = move || model.view.with(|v| inverts(&v.transforms));
    view! {
        <label class="check"><input type="checkbox" prop:checked=checked
            on:change=handler(move |_| model.invert()) />" Inverted"</label>
    }
    .into_any()
}

/// Chooses what the colours of boxes stand for.
pub(crate) fn colour_select(colour: Signal<ColourBy>, on_change: Callback<ColourBy>) -> AnyView {
    let change = move |e: Event| on_change.run(ColourBy::parse(&value_of(&e)));
    let option = |by: ColourBy| {
        view! { <option value=by.as_str() selected=move || colour.get() == by>{by.as_str()}</option> }
            .into_any()
    };
    view! {
        <label>"Colour by "
            <select on:change=handler(change) prop:value=move || colour.get().as_str()>
                {list(ColourBy::ALL.map(option))}
            </select>
        </label>
    }
    .into_any()
}

fn set_order(model: Model, word: &str) {
    let by = if word == "name" { OrderBy::Name } else { OrderBy::Total };
    model.change(HistoryMode::Push, |v| v.order = by);
}
