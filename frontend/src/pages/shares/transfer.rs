//! The form that transfers ownership of a share.

use super::SharesState;
use crate::api::Sending;
use crate::api::shares::{self, Row};
use crate::browser::event::SubmitEvent;
use crate::browser::{form, page};
use crate::reactive::handler;
use leptos::prelude::*;

#[component]
pub(crate) fn Transfer(state: SharesState, row: Row) -> impl IntoView {
    let sending = Sending::default();
    let title = row.title.clone();
    let transfer = move |sent: SubmitEvent| {
        sent.prevent_default();
        let change = shares::transfer(&row.id, form::text(&sent, "transfer-to"));
        sending.send(change, move |()| state.done("Ownership transferred."));
    };
    page::focus_soon("transfer-to");
    view! {
        <form class="shares-form" aria-labelledby="transfer-title" on:submit=handler(transfer)>
            <h2 id="transfer-title">{format!("Transfer ownership of “{title}”")}</h2>
            <div class="share-fields">
                <label for="transfer-to">"User name of the new owner"</label>
                <input id="transfer-to" name="transfer-to" class="input" autocomplete="off" required=true />
            </div>
            <p>"You will no longer be able to change or revoke it."</p>
            {super::problem(sending)}
            <div class="share-row">
                <button class="button primary" type="submit" disabled=move || sending.pending.get()>"Transfer"</button>
                {super::close_button(state, "Cancel")}
            </div>
        </form>
    }
}
