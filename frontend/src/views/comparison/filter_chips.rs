//! Filters of the table: a chip for each kind of functions, with how many there are.

use super::table::Table;
use crate::reactive::{Memo, handler, list};
use crate::state::compare::{FILTERS, Only};
use leptos::prelude::*;

/// The chips. One of which there are no functions is hidden, unless it is chosen: it says why the table is empty.
#[component]
pub(crate) fn FilterChips(table: Table) -> impl IntoView {
    let comparison = table.comparison;
    let chosen = Memo::new(move || comparison.view.with(|v| v.only));
    let chip = move |label: &'static str, only: Option<Only>, place: usize| {
        let count = move || table.counts.with(|counts| counts.get(place).copied());
        let is_hidden = move || count() == Some(0) && chosen.get() != only;
        let number = move || count().map(|count| count.to_string());
        view! {
            <button type="button" class="only-chip" hidden=is_hidden
                aria-pressed=move || (chosen.get() == only).to_string()
                on:click=handler(move |_| comparison.change(|v| v.only = only))>
                {label}" "<span>{number}</span>
            </button>
        }
        .into_any()
    };
    // The place of "all" is behind all counts.
    let all = chip("all", None, FILTERS.len());
    let kinds = FILTERS.into_iter().enumerate();
    let kinds = kinds.map(|(place, (_, label, only))| chip(label, Some(only), place));
    view! {
        <div class="only-chips" role="group" aria-label="Functions">{list([all].into_iter().chain(kinds))}</div>
    }
}
