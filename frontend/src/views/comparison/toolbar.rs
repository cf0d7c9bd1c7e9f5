//! What is above the pictures of a difference: mode, search, what is compared, colours.

use super::Desk;
use crate::browser::event::{Event, value_of};
use crate::components::search_bar::SearchBar;
use crate::reactive::{Callback, Signal, handler, list, shown};
use crate::state::compare::{CHANGES, DiffMode};
use crate::state::transform::inverts;
use crate::views::menu::Menus;
use crate::views::transform_bar::TransformButton;
use flarepath_profile::diff::Mode;
use leptos::html::Input;
use leptos::prelude::*;

/// The toolbar.
#[component]
pub(crate) fn DiffToolbar(
    /// What the parts share.
    desk: Desk,
    /// Where menus open.
    menus: Menus,
    /// The search field, so that a key can focus it.
    field: NodeRef<Input>,
) -> impl IntoView {
    let (model, view) = (desk.model, desk.view);
    let inner = model.view;
    let modes = DiffMode::ALL.map(|mode| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (desk.mode() == mode).to_string()
                on:click=handler(move |_| desk.change(|v| v.mode = Some(mode)))>{mode.label()}</button>
        }
        .into_any()
    });
    let scale = move || match desk.scaling.get() {
        (Mode::Absolute, _) => "absolute",
        (Mode::PerSecond, Some(_)) => "second",
        _ => "share",
    };
    let timed = move || desk.scaling.get().1.is_some();
    view! {
        <div class="view-bar">
            <div class="modes" role="group" aria-label="View">{list(modes)}</div>
            <SearchBar text=Signal::derive(move || inner.with(|v| v.search.clone()))
                regex=Signal::derive(move || inner.with(|v| v.regex)) status=model.search_status() field
                on_change=Callback::new(move |(text, regex)| model.search(text, regex))
                on_step=Callback::new(move |forward| model.step(forward)) />
            <div class="view-options">
                <label>"Compare "
                    <select prop:value=scale
                        on:change=handler(move |e: Event| {
                            let scale = match value_of(&e).as_str() {
                                "absolute" => Mode::Absolute,
                                "second" => Mode::PerSecond,
                                _ => Mode::Share,
                            };
                            desk.change(|v| v.scale = scale);
                        })>
                        <option value="share" selected=move || scale() == "share">"shares"</option>
                        <option value="absolute" selected=move || scale() == "absolute">"values"</option>
                        {shown(timed, move || view! { <option value="second" selected=move || scale() == "second">"values by the second"</option> }.into_any())}
                    </select>
                </label>
                <label>"Colours "
                    <select prop:value=move || if view.with(|v| v.red_green) { "redgreen" } else { "safe" }
                        on:change=handler(move |e: Event| {
                            let red_green = value_of(&e) == "redgreen";
                            desk.change(|v| v.red_green = red_green);
                        })>
                        <option value="safe">"blue to orange"</option><option value="redgreen">"green to red"</option>
                    </select>
                </label>
                {shown(move || desk.mode() != DiffMode::Table, move || view! {
                    <label class="check"><input type="checkbox" prop:checked=move || inner.with(|v| inverts(&v.transforms))
                        on:change=handler(move |_| model.turn()) />" Inverted"</label>
                }.into_any())}
                {shown(move || desk.mode() == DiffMode::Table, move || view! { <Only desk /> }.into_any())}
            </div>
            <TransformButton menus field />
        </div>
    }
}

/// Narrows the table to one kind of change.
#[component]
fn Only(desk: Desk) -> impl IntoView {
    let now = move || {
        let only = desk.view.with(|v| v.only);
        CHANGES.iter().find(|(_, _, c)| Some(*c) == only).map_or("", |(word, ..)| *word)
    };
    let choose = move |e: Event| {
        let word = value_of(&e);
        let only = CHANGES.iter().find(|(w, ..)| *w == word).map(|(_, _, change)| *change);
        desk.change(|v| v.only = only);
    };
    view! {
        <label>"Functions "
            <select prop:value=now on:change=handler(choose)>
                <option value="" selected=move || now().is_empty()>"all"</option>
                {list(CHANGES.map(|(word, label, _)| view! {
                    <option value=word selected=move || now() == word>{label}</option>
                }.into_any()))}
            </select>
        </label>
    }
}
