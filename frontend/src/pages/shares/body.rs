//! The list of shares in its four states: pending, failed, empty, full.

use super::SharesState;
use super::row::row;
use crate::api::shares::Whose;
use crate::components::data_table::data_table;
use crate::components::notice::{FailedNotice, message};
use crate::reactive::{Callback, handler};
use leptos::prelude::*;

#[component]
pub(crate) fn Body(state: SharesState) -> impl IntoView {
    let retry = Callback::new(move |()| state.load());
    let failed = move || {
        let error = state.listed.error.get()?;
        if error.kind == "forbidden" {
            return Some(message(
                "You don't have permission to see all shares. Ask an administrator for it.",
            ));
        }
        Some(view! { <FailedNotice what="The list of shares".to_owned() error on_retry=retry /> }.into_any())
    };
    let empty = move || {
        let none = state.rows.with(Vec::is_empty) && state.listed.error.with(Option::is_none);
        let answered = state.listed.data.with(Option::is_some);
        match (none, answered) {
            (false, _) => None,
            (true, false) => Some(message("Loading the shares …")),
            (true, true) if state.whose.get() == Whose::ForEveryone => Some(message(
                "No shares are open to everyone who signs in. Shares with the organisation that were made before this required a \
                 role over the whole organisation would be listed here.",
            )),
            (true, true) => Some(
                view! {
                    <div class="empty"><h2>"No shares yet"</h2>
                        <p>"Select Share above a flame graph, diff, heat map or local file."</p></div>
                }
                .into_any(),
            ),
        }
    };
    let table = move || {
        let (all, rows) = (state.whose.get() != Whose::Mine, state.rows.get());
        let rows = (!rows.is_empty()).then(|| rows.into_iter().map(move |share| row(state, share, all)))?;
        Some(data_table("Shares", &["Title", "Access", "Created", "State", "Views"], rows))
    };
    let next = move || {
        let next = state.listed.data.with(|l| l.as_ref().map(|l| l.next.clone()))?;
        (!next.is_empty()).then(|| {
            view! { <button class="button" type="button" on:click=handler(move |_| state.more(next.clone()))>"Show more"</button> }
                .into_any()
        })
    };
    view! {
        {move || failed()}
        {move || empty()}
        {move || table()}
        {move || next()}
    }
}
