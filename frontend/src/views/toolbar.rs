//! What is above the pictures: mode, search, order and colour, and what is done to the tree.

use super::menu::Menus;
use super::model::Model;
use super::transform_bar::{Chips, TransformButton};
use crate::browser::event::{Event, value_of};
use crate::components::search_bar::SearchBar;
use crate::reactive::{Callback, Signal, handler, list, shown};
use crate::state::transform::inverts;
use crate::state::view::{ColourBy, HistoryMode, Mode, OrderBy};
use leptos::html::Input;
use leptos::prelude::*;

/// The toolbar of the profile view.
#[component]
pub(crate) fn Toolbar(
    /// What is shown, and where menus open.
    menus: Menus,
    /// The search field, so that a key can focus it.
    field: NodeRef<Input>,
) -> impl IntoView {
    let model = menus.model;
    let view = model.view;
    let modes = Mode::ALL.map(|mode| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (model.mode() == mode).to_string()
                on:click=handler(move |_| model.change(HistoryMode::Push, |v| v.mode = Some(mode)))>{mode.label()}</button>
        }
        .into_any()
    });
    let graph = move || model.mode() != Mode::Table;
    view! {
        <div class="view-bar">
            <div class="modes" role="group" aria-label="View">{list(modes)}</div>
            <SearchBar text=Signal::derive(move || view.with(|v| v.search.clone()))
                regex=Signal::derive(move || view.with(|v| v.regex)) status=model.search_status() field
                on_change=Callback::new(move |(text, regex)| model.search(text, regex))
                on_step=Callback::new(move |forward| model.step(forward)) />
            {shown(graph, move || view! {
                <div class="view-options">
                    <label>"Colour by "
                        <select on:change=handler(move |e: Event| set_colour(model, &value_of(&e)))
                            prop:value=move || if view.with(|v| v.colour) == ColourBy::Name { "name" } else { "package" }>
                            <option value="package">"package"</option><option value="name">"name"</option>
                        </select>
                    </label>
                    <label>"Order by "
                        <select on:change=handler(move |e: Event| set_order(model, &value_of(&e)))
                            prop:value=move || if view.with(|v| v.order) == OrderBy::Name { "name" } else { "total" }>
                            <option value="total">"total"</option><option value="name">"name"</option>
                        </select>
                    </label>
                    {shown(move || model.mode() != Mode::Sandwich, move || view! {
                        <label class="check"><input type="checkbox" prop:checked=move || view.with(|v| inverts(&v.transforms))
                            on:change=handler(move |_| model.turn()) />" Inverted"</label>
                    }.into_any())}
                </div>
            }.into_any())}
            <TransformButton menus field />
        </div>
        <Chips model />
    }
}

fn set_colour(model: Model, word: &str) {
    let by = if word == "name" { ColourBy::Name } else { ColourBy::Package };
    model.change(HistoryMode::Push, |v| v.colour = by);
}

fn set_order(model: Model, word: &str) {
    let by = if word == "name" { OrderBy::Name } else { OrderBy::Total };
    model.change(HistoryMode::Push, |v| v.order = by);
}
