//! Tables of records.

use crate::reactive::{handler, list};
use leptos::prelude::*;

/// A table with an unnamed last column of actions. `columns` are the headers of all columns but the last.
pub(crate) fn data_table(
    caption: &'static str,
    columns: &'static [&'static str],
    rows: impl Iterator<Item = AnyView>,
) -> AnyView {
    let actions = view! { <th scope="col"><span class="visually-hidden">"Actions"</span></th> };
    table(caption, columns, Some(actions.into_any()), list(rows))
}

/// A table without actions.
pub(crate) fn facts_table(
    caption: &'static str,
    columns: &'static [&'static str],
    rows: impl Iterator<Item = AnyView>,
) -> AnyView {
    table(caption, columns, None, list(rows))
}

fn table(
    caption: &'static str,
    columns: &'static [&'static str],
    actions: Option<AnyView>,
    rows: AnyView,
) -> AnyView {
    let header = |name: &&'static str| view! { <th scope="col">{*name}</th> }.into_any();
    view! {
        <table class="rows">
            <caption class="visually-hidden">{caption}</caption>
            <thead><tr>{list(columns.iter().map(header).chain(actions))}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The button of an action. `label` says what it acts on, for assistive technology.
pub(crate) fn row_action(text: &'static str, label: String, act: impl Fn() + 'static) -> AnyView {
    view! { <button class="button" type="button" aria-label=label on:click=handler(move |_| act())>{text}</button> }
        .into_any()
}
