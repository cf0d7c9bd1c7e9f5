//! A table of records with an unnamed last column of actions.

use crate::reactive::{handler, list};
use leptos::prelude::*;

/// The table. `columns` are the headers of all columns but the last.
pub(crate) fn data_table(
    caption: &'static str,
    columns: &'static [&'static str],
    rows: impl Iterator<Item = AnyView>,
) -> AnyView {
    let header = |name: &&'static str| view! { <th scope="col">{*name}</th> }.into_any();
    view! {
        <table class="rows">
            <caption class="visually-hidden">{caption}</caption>
            <thead><tr>{list(columns.iter().map(header))}
                <th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
            <tbody>{list(rows)}</tbody>
        </table>
    }
    .into_any()
}

/// The button of an action. `label` says what it acts on, for assistive technology.
pub(crate) fn row_action(text: &'static str, label: String, act: impl Fn() + 'static) -> AnyView {
    view! { <button class="button" type="button" aria-label=label on:click=handler(move |_| act())>{text}</button> }
        .into_any()
}
