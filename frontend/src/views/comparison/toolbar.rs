//! Toolbar of a comparison: view mode, search, scale, colours and transforms.

use super::Comparison;
use crate::browser::event::{Event, value_of};
use crate::reactive::{handler, list, shown};
use crate::state::compare::{CHANGES, DiffMode};
use crate::views::menu::Menus;
use crate::views::toolbar::{inverted_box, search_bar};
use crate::views::transform_bar::TransformButton;
use flarepath_profile::diff::Mode;
use leptos::html::Input;
use leptos::prelude::*;

/// See the module.
#[component]
pub(crate) fn DiffToolbar(comparison: Comparison, menus: Menus, field: NodeRef<Input>) -> impl IntoView {
    let (model, view) = (comparison.model, comparison.view);
    let modes = DiffMode::ALL.map(|mode| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (comparison.mode() == mode).to_string()
                on:click=handler(move |_| comparison.change(|v| v.mode = Some(mode)))>{mode.label()}</button>
        }
        .into_any()
    });
    let scale = move || match comparison.scaling.get() {
        (Mode::Absolute, _) => "absolute",
        (Mode::PerSecond, Some(_)) => "second",
        _ => "share",
    };
    let timed = move || comparison.scaling.get().1.is_some();
    view! {
        <div class="view-bar">
            <div class="modes" role="group" aria-label="View">{list(modes)}</div>
            {search_bar(model, field)}
            <div class="view-options">
                <label>"Compare "
                    <select prop:value=scale
                        on:change=handler(move |e: Event| {
                            let scale = match value_of(&e).as_str() {
                                "absolute" => Mode::Absolute,
                                "second" => Mode::PerSecond,
                                _ => Mode::Share,
                            };
                            comparison.change(|v| v.scale = scale);
                        })>
                        <option value="share" selected=move || scale() == "share">"shares"</option>
                        <option value="absolute" selected=move || scale() == "absolute">"values"</option>
                        {shown(timed, move || view! { <option value="second" selected=move || scale() == "second">"rates per second"</option> }.into_any())}
                    </select>
                </label>
                <label>"Colours "
                    <select prop:value=move || if view.with(|v| v.red_green) { "redgreen" } else { "safe" }
                        on:change=handler(move |e: Event| {
                            let red_green = value_of(&e) == "redgreen";
                            comparison.change(|v| v.red_green = red_green);
                        })>
                        <option value="safe">"blue to orange"</option><option value="redgreen">"green to red"</option>
                    </select>
                </label>
                {shown(move || comparison.mode() != DiffMode::Table, move || inverted_box(model))}
                {shown(move || comparison.mode() == DiffMode::Table, move || view! { <Only comparison /> }.into_any())}
            </div>
            <TransformButton menus field />
        </div>
    }
}

/// Filters the table by one kind of change.
#[component]
fn Only(comparison: Comparison) -> impl IntoView {
    let now = move || {
        let only = comparison.view.with(|v| v.only);
        CHANGES.iter().find(|(_, _, c)| Some(*c) == only).map_or("", |(word, ..)| *word)
    };
    let choose = move |e: Event| {
        let word = value_of(&e);
        let only = CHANGES.iter().find(|(w, ..)| *w == word).map(|(_, _, change)| *change);
        comparison.change(|v| v.only = only);
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
