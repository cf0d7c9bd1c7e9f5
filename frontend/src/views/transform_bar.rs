//! Transforms of the tree: entries to add those that are not about a single function, and a chip for each that removes it.

use super::chip::chip;
use super::menu::Menus;
use super::model::Model;
use crate::browser::focus;
use crate::components::context_menu::{MenuItem, OpenMenu};
use crate::reactive::{Callback, RwSignal, handler, list};
use crate::state::transform::{Kind, Transform};
use leptos::html::Input;
use leptos::prelude::*;

/// Opens a menu of transforms at a point of the window; `closed` restores the focus.
pub(super) fn open_menu(menus: Menus, field: NodeRef<Input>, (x, y): (f64, f64), closed: Callback<()>) {
    let (items, title) = (items(menus.model, field), "Transform the tree".to_owned());
    menus.open.set(Some(OpenMenu { x, y, title, items, closed }));
}

/// The same transforms as entries of a panel, which is closed by choosing one.
pub(super) fn entries(model: Model, field: NodeRef<Input>, open: RwSignal<bool>) -> AnyView {
    let entry = |item: MenuItem| {
        let run = move |_| {
            open.set(false);
            item.run.run(());
        };
        view! { <li><button type="button" class="list-item" on:click=handler(run)>{item.label}</button></li> }
            .into_any()
    };
    // The panel has a box for the inversion.
    let steps = items(model, field).into_iter().filter(|item| item.key.is_empty());
    view! {
        <p class="menu-heading" id="transforms-heading">"Transforms"</p>
        <ul class="list-menu" aria-labelledby="transforms-heading">{list(steps.map(entry))}</ul>
    }
    .into_any()
}

/// `field` is the search field, whose text stacks are kept or dropped by.
fn items(model: Model, field: NodeRef<Input>) -> Vec<MenuItem> {
    let (text, regex) = model.view.with_untracked(|v| (v.search.clone(), v.regex));
    let (keep, drop) = if regex { (Kind::Matching, Kind::NotMatching) } else { (Kind::With, Kind::Without) };
    let by_text = |kind| Transform::of(kind, text.clone());
    let mut steps = vec![
        ("Collapse all direct recursion", Transform::all(Kind::Recursion)),
        ("Collapse all packages", Transform::all(Kind::Package)),
    ];
    if !text.is_empty() {
        steps.push(("Keep matching stacks", by_text(keep)));
        steps.push(("Drop matching stacks", by_text(drop)));
    }
    let item = |(label, step): (&str, Transform)| {
        let run = Callback::new(move |()| model.transform(step.clone()));
        MenuItem { label: label.to_owned(), key: "", run }
    };
    let invert = Callback::new(move |()| model.invert());
    let mut items = vec![MenuItem { label: "Invert".to_owned(), key: "i", run: invert }];
    items.extend(steps.into_iter().map(item));
    if text.is_empty() {
        let label = "Keep or drop stacks by name: search first".to_owned();
        items.push(MenuItem { label, key: "", run: Callback::new(move |()| focus::field(field)) });
    }
    items
}

/// The transforms and the highlighted function, each with a button that removes it.
#[component]
pub(crate) fn Chips(model: Model) -> impl IntoView {
    let chips = move || {
        let steps = model.view.with(|v| v.transforms.clone());
        let marked = model.marked.get();
        let some = !steps.is_empty();
        (some || marked.is_some()).then(|| {
            let marked = marked.map(|name| chip("highlighted", name.clone(), name, Callback::new(move |()| model.marked.set(None))));
            let steps = list(steps.into_iter().enumerate().map(|(i, step)| {
                let remove = move |()| {
                    model.reshape(|v| drop((i < v.transforms.len()).then(|| v.transforms.remove(i))));
                    focus_button_if_none(model);
                };
                let title = if step.kind == Kind::Origin { step.subject() } else { step.about.join(" › ") };
                chip(step.words(), step.subject(), title, Callback::new(remove))
            }));
            let rest = some.then(|| view! {
                <li><button type="button" class="chip-clear" on:click=handler(move |_| { model.reshape(|v| v.transforms.clear()); focus_button_if_none(model); })>"Clear all"</button></li>
            }.into_any());
            view! { <ul class="chips" aria-label="Transforms and highlights">{steps}{marked}{rest}</ul> }.into_any()
        })
    };
    let remaining = move || match model.view.with(|v| v.transforms.is_empty()) {
        true => String::new(),
        false => model.trees.remaining(&model.measure.get()),
    };
    view! {
        {move || chips()}
        <p class="chips-unused" role="status">{move || remaining()}</p>
    }
}

/// After the last transform, the focus goes to the menu that adds one.
fn focus_button_if_none(model: Model) {
    if model.view.with_untracked(|v| v.transforms.is_empty()) {
        focus::soon("[data-command=view]");
    }
}
