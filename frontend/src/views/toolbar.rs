//! What is above the pictures: mode, search, order and colour, and chips for what is left out.

use super::model::Model;
use crate::components::search_bar::SearchBar;
use crate::reactive::{Callback, Signal, handler, list, shown};
use crate::state::view::{ColourBy, HistoryMode, Mode, OrderBy};
use leptos::ev::Event;
use leptos::html::Input;
use leptos::prelude::*;

/// The toolbar of the profile view.
#[component]
pub fn Toolbar(
    /// What is shown.
    model: Model,
    /// The search field, so that a key can focus it.
    field: NodeRef<Input>,
) -> impl IntoView {
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
                        <select on:change=handler(move |e: Event| set_colour(model, &event_target_value(&e)))
                            prop:value=move || if view.with(|v| v.colour) == ColourBy::Name { "name" } else { "package" }>
                            <option value="package">"package"</option><option value="name">"name"</option>
                        </select>
                    </label>
                    <label>"Order by "
                        <select on:change=handler(move |e: Event| set_order(model, &event_target_value(&e)))
                            prop:value=move || if view.with(|v| v.order) == OrderBy::Name { "name" } else { "total" }>
                            <option value="total">"total"</option><option value="name">"name"</option>
                        </select>
                    </label>
                    {shown(move || model.mode() != Mode::Sandwich, move || view! {
                        <label class="check"><input type="checkbox" prop:checked=move || view.with(|v| v.inverted)
                            on:change=handler(move |_| model.reshape(|v| v.inverted = !v.inverted)) />" Inverted"</label>
                    }.into_any())}
                </div>
            }.into_any())}
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

/// What is left out of the picture, each with a button that brings it back.
#[component]
pub(super) fn Chips(model: Model) -> impl IntoView {
    let view = model.view;
    let chip = move |what: &'static str, name: String, undo: Callback<()>| {
        view! {
            <li class="chip"><span class="chip-what">{what}</span><span class="chip-name" title=name.clone()>{name.clone()}</span>
                <button type="button" aria-label=format!("Undo: {what} {name}") on:click=handler(move |_| undo.run(()))>"✕"</button></li>
        }
        .into_any()
    };
    let chips = move || {
        let (focus, hidden) = view.with(|v| (v.focus.clone(), v.hidden.clone()));
        let marked = model.marked.get();
        let any = focus.is_some() || !hidden.is_empty() || marked.is_some();
        any.then(|| {
            let focus = focus.map(|name| chip("only through", name, Callback::new(move |()| model.reshape(|v| v.focus = None))));
            let marked = marked.map(|name| chip("marked", name, Callback::new(move |()| model.marked.set(None))));
            let many = hidden.len() > 1;
            let hidden = list(hidden.into_iter().map(|name| {
                let shown = name.clone();
                chip("hidden", name, Callback::new(move |()| model.reshape(|v| v.hidden.retain(|h| *h != shown))))
            }));
            view! {
                <ul class="chips" aria-label="Left out of the picture or marked in it">
                    {focus}{marked}{hidden}
                    {many.then(|| view! { <li><button type="button" class="chip-all"
                        on:click=handler(move |_| model.reshape(|v| v.hidden.clear()))>"Show all hidden"</button></li> }.into_any())}
                </ul>
            }
            .into_any()
        })
    };
    view! { {move || chips()} }
}
