//! Asks before a share is revoked.

use super::SharesState;
use crate::api::Sending;
use crate::api::shares::{self, Row};
use crate::browser::page;
use crate::reactive::handler;
use leptos::prelude::*;

#[component]
pub(crate) fn Revoke(state: SharesState, row: Row) -> impl IntoView {
    let sending = Sending::default();
    let revoke = move |_| {
        sending.send(shares::revoke(&row.id), move |()| state.done("Revoked: the link no longer works."));
    };
    page::focus_soon("revoke-share");
    view! {
        <section class="shares-form" role="alertdialog" aria-labelledby="revoke-title" aria-describedby="revoke-text">
            <h2 id="revoke-title">{format!("Revoke “{}”?", row.title)}</h2>
            <p id="revoke-text">"Its link stops working immediately, for everyone, and cannot be restored. The snapshot is deleted \
                after seven days."</p>
            {super::problem(sending)}
            <div class="share-row">
                <button id="revoke-share" class="button danger" type="button" disabled=move || sending.pending.get()
                    on:click=handler(revoke)>"Revoke"</button>
                {super::close_button(state, "Cancel")}
            </div>
        </section>
    }
}
