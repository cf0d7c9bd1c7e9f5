//! Asks before an older share stops opening for everyone who signs in.

use super::SharesState;
use crate::api::Sending;
use crate::api::shares::{self, Row, ShareChange};
use crate::browser::page;
use crate::reactive::handler;
use crate::state::share::Visibility;
use leptos::prelude::*;

#[component]
pub(crate) fn Narrow(state: SharesState, row: Row) -> impl IntoView {
    let sending = Sending::default();
    let title = row.title.clone();
    let narrow = move |_| {
        let change = ShareChange { visibility: Some((Visibility::Org, None)), ..ShareChange::default() };
        sending.send(shares::change(&row, change), move |()| {
            state.done("Restricted: it opens for people with a role over the whole organisation.");
        });
    };
    page::focus_soon("narrow-share");
    view! {
        <section class="shares-form" role="alertdialog" aria-labelledby="narrow-title" aria-describedby="narrow-text">
            <h2 id="narrow-title">{format!("Restrict access to “{title}”?")}</h2>
            <p id="narrow-text">"Everyone who signs in here can open it. After this, only its owner and people with a role over the whole \
                organisation can."</p>
            {super::problem(sending)}
            <div class="share-row">
                <button id="narrow-share" class="button primary" type="button" disabled=move || sending.pending.get()
                    on:click=handler(narrow)>"Restrict access"</button>
                {super::close_button(state, "Cancel")}
            </div>
        </section>
    }
}
