//! Replaces the link of a share: the old one stops working, the new one is shown once.

use super::SharesState;
use crate::api::Sending;
use crate::api::shares::{self, Row};
use crate::browser::event::FocusEvent;
use crate::browser::{clipboard, page};
use crate::reactive::{RwSignal, handler, shown};
use leptos::prelude::*;

/// Explains, replaces, and shows the link.
#[component]
pub(crate) fn NewLink(state: SharesState, row: Row) -> impl IntoView {
    let (link, status) = (RwSignal::new(None::<String>), RwSignal::new(""));
    let sending = Sending::default();
    let title = row.title.clone();
    let create = move |_| {
        sending.send(shares::rotate_link(&row.id), move |id| {
            link.set(Some(format!("{}/s/{id}", page::origin())))
        });
    };
    let copy = move |_| {
        clipboard::copy(link.get_untracked().unwrap_or_default(), move |copied| {
            status.set(if copied { "Link copied." } else { clipboard::DENIED });
        });
    };
    page::focus_soon("new-link");
    let none = move || link.with(Option::is_none);
    view! {
        <section class="shares-form" role="alertdialog" aria-labelledby="new-link-title" aria-describedby="new-link-text">
            <h2 id="new-link-title">{format!("New link for “{title}”")}</h2>
            {shown(none, move || view! {
                <p id="new-link-text">"Links cannot be shown again: only their hashes are stored. A new link replaces the old one, which \
                    stops working immediately."</p>
            }.into_any())}
            {shown(move || !none(), move || view! {
                <div class="share-link">
                    <input class="input" type="text" readonly aria-label="Snapshot link" prop:value=move || link.get().unwrap_or_default()
                        on:focus=handler(|e: FocusEvent| page::select_text(&e)) />
                    <button class="button primary" type="button" on:click=handler(copy)>"Copy link"</button>
                </div>
            }.into_any())}
            {super::problem(sending)}
            <p role="status">{move || status.get()}</p>
            <div class="share-row">
                <button id="new-link" class="button primary" type="button" hidden=move || !none() disabled=move || sending.pending.get()
                    on:click=handler(create)>"Create new link"</button>
                {super::close_button(state, "Close")}
            </div>
        </section>
    }
}
