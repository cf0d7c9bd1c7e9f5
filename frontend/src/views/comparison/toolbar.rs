//! Toolbar of a comparison: view mode, search, filter of the table, and the View menu with scale, colours and transforms.

use super::Comparison;
use crate::browser::event::{Event, value_of};
use crate::reactive::{Memo, handler, list};
use crate::state::compare::{DiffMode, SCALES};
use crate::views::menu::Menus;
use crate::views::toolbar::{inverted_box, search_bar};
use crate::views::view_menu::ViewMenu;
use flarepath_profile::diff::Mode;
use leptos::html::Input;
use leptos::prelude::*;

/// See the module.
#[component]
pub(crate) fn DiffToolbar(comparison: Comparison, menus: Menus, field: NodeRef<Input>) -> impl IntoView {
    let modes = DiffMode::ALL.map(|mode| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (comparison.mode() == mode).to_string()
                on:click=handler(move |_| comparison.change(|v| v.mode = Some(mode)))>{mode.label()}</button>
        }
        .into_any()
    });
    view! {
        <div class="view-bar">
            <div class="modes" role="group" aria-label="View">{list(modes)}</div>
            {search_bar(comparison.model, field)}
            <ViewMenu transforms=Some((menus, field))>
                {scale_select(comparison)}
                {palette_select(comparison)}
                {inverted_box(comparison.model)}
            </ViewMenu>
        </div>
    }
}

/// What is compared: rates, shares or values.
fn scale_select(comparison: Comparison) -> AnyView {
    let scale = move || match comparison.scaling.get() {
        (Mode::PerSecond, None) => Mode::Share,
        (mode, _) => mode,
    };
    let word = move || SCALES.iter().find(|(_, _, s)| *s == scale()).map_or("", |(word, ..)| *word);
    let timed = Memo::new(move || comparison.scaling.get().1.is_some());
    let scales = move || {
        let offered = SCALES.into_iter().filter(|(_, _, scale)| timed.get() || *scale != Mode::PerSecond);
        let option = |(value, label, scale): (&'static str, &'static str, Mode)| {
            let is_mean = scale == Mode::PerSecond && comparison.level.get();
            let label = if is_mean { "mean of profiles" } else { label };
            view! { <option value=value selected=move || word() == value>{label}</option> }.into_any()
        };
        list(offered.map(option))
    };
    let choose = move |e: Event| {
        let chosen = SCALES.into_iter().find(|(word, ..)| *word == value_of(&e));
        comparison.change(|v| v.scale = chosen.map(|(_, _, scale)| scale));
    };
    view! {
        <label>"Compare "<select prop:value=word on:change=handler(choose)>{move || scales()}</select></label>
    }
    .into_any()
}

/// The colours of changes.
fn palette_select(comparison: Comparison) -> AnyView {
    let choose = move |e: Event| {
        let red_green = value_of(&e) == "redgreen";
        comparison.change(|v| v.red_green = red_green);
    };
    let word = move || if comparison.view.with(|v| v.red_green) { "redgreen" } else { "safe" };
    view! {
        <label>"Colours "
            <select prop:value=word on:change=handler(choose)>
                <option value="safe">"blue to orange"</option><option value="redgreen">"green to red"</option>
            </select>
        </label>
    }
    .into_any()
}
