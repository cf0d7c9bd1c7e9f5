//! The steps between a profile and its picture: a menu to add those that are about no single function, and a chip for
//! each that takes it back.

use super::menu::Menus;
use super::model::Model;
use crate::browser::{element, keys};
use crate::components::context_menu::{MenuItem, OpenMenu};
use crate::reactive::{Callback, handler, list};
use crate::state::transform::{Kind, Transform};
use leptos::html::{Button, Input};
use leptos::prelude::*;

/// A button, and key `t`, that open the menu of steps.
#[component]
pub(crate) fn TransformButton(
    /// Where menus open.
    menus: Menus,
    /// The search field: stacks are kept and dropped by what it holds.
    field: NodeRef<Input>,
) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let open = move || {
        let Some(element) = button.get_untracked() else { return };
        let rect = element::bounds(&element);
        let closed = Callback::new(move |()| {
            if let Some(button) = button.try_get_untracked().flatten() {
                element::focus(&button);
            }
        });
        let items = items(menus.model, field);
        let title = "Transform the tree".to_owned();
        menus.open.set(Some(OpenMenu {
            x: rect.left,
            y: rect.top + rect.height + 4.0,
            title,
            items,
            closed,
        }));
    };
    keys::on_page_key(move |key| {
        if key == "t" {
            open();
        }
        key == "t"
    });
    view! {
        <button type="button" class="transform" node_ref=button aria-haspopup="menu" title="Transform the tree (T)"
            on:click=handler(move |_| open())>"Transform …"</button>
    }
}

fn items(model: Model, field: NodeRef<Input>) -> Vec<MenuItem> {
    let (text, regex) = model.view.with_untracked(|v| (v.search.clone(), v.regex));
    let (keep, drop) = if regex { (Kind::Matching, Kind::NotMatching) } else { (Kind::With, Kind::Without) };
    let by_text = |kind| Transform::of(kind, text.clone());
    let mut steps = vec![
        ("Fold direct recursion everywhere", Transform::all(Kind::Recursion)),
        ("Fold every package", Transform::all(Kind::Package)),
    ];
    if !text.is_empty() {
        steps.push(("Keep the stacks that are found", by_text(keep)));
        steps.push(("Drop the stacks that are found", by_text(drop)));
    }
    let item = |(label, step): (&str, Transform)| {
        let run = Callback::new(move |()| model.transform(step.clone()));
        MenuItem { label: label.to_owned(), key: "", run }
    };
    let turn = Callback::new(move |()| model.turn());
    let mut items =
        vec![MenuItem { label: "Turn it around: callers above callees".to_owned(), key: "i", run: turn }];
    items.extend(steps.into_iter().map(item));
    if text.is_empty() {
        let label = "Keep or drop stacks by name: search first".to_owned();
        let focus = move |()| {
            if let Some(field) = field.get_untracked() {
                element::focus(&field);
            }
        };
        items.push(MenuItem { label, key: "", run: Callback::new(focus) });
    }
    items
}

/// What is done to the tree and what is marked in it, each with a button that takes it back.
#[component]
pub(crate) fn Chips(
    /// What is shown.
    model: Model,
) -> impl IntoView {
    let chip = move |what: &'static str, name: String, title: String, undo: Callback<()>| {
        view! {
            <li class="chip"><span class="chip-what">{what}</span><span class="chip-name" title=title>{name.clone()}</span>
                <button type="button" aria-label=format!("Undo: {what} {name}") on:click=handler(move |_| undo.run(()))>"✕"</button></li>
        }
        .into_any()
    };
    let chips = move || {
        let steps = model.view.with(|v| v.transforms.clone());
        let marked = model.marked.get();
        let (any, some) = (!steps.is_empty() || marked.is_some(), !steps.is_empty());
        any.then(|| {
            let marked = marked.map(|name| chip("marked", name.clone(), name, Callback::new(move |()| model.marked.set(None))));
            let steps = list(steps.into_iter().enumerate().map(|(i, step)| {
                let undo = move |()| model.reshape(|v| drop((i < v.transforms.len()).then(|| v.transforms.remove(i))));
                chip(step.words(), step.name().to_owned(), step.about.join(" › "), Callback::new(undo))
            }));
            let rest = some.then(|| view! {
                <li><button type="button" class="chip-all" on:click=handler(move |_| model.reshape(|v| v.transforms.clear()))>"Clear all"</button></li>
            }.into_any());
            view! { <ul class="chips" aria-label="Done to the tree or marked in it">{steps}{marked}{rest}</ul> }.into_any()
        })
    };
    let left =
        move || if model.view.with(|v| v.transforms.is_empty()) { String::new() } else { model.left() };
    view! {
        {move || chips()}
        <p class="chips-left" role="status">{move || left()}</p>
    }
}
