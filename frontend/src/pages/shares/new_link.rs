//! A new link in place of one that is lost, or that went too far: shown once.

use super::SharesState;
use crate::api::shares::{self, Row};
use crate::browser::event::FocusEvent;
use crate::browser::{clipboard, page};
use crate::reactive::{RwSignal, handler, shown};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Asks, makes it, and shows it.
#[component]
pub(crate) fn NewLink(
    /// The page.
    state: SharesState,
    /// The share.
    row: Row,
) -> impl IntoView {
    let (link, said) = (RwSignal::new(None::<String>), RwSignal::new(String::new()));
    let title = row.title.clone();
    let make = move |_| {
        let id = row.id.clone();
        spawn_local(async move {
            let made = shares::rotate_link(&id).await;
            if said.try_get_untracked().is_none() {
                return;
            }
            match made {
                Ok(id) => link.set(Some(format!("{}/s/{id}", page::origin()))),
                Err(error) => said.set(format!("{}: {}", error.title, error.detail)),
            }
        });
    };
    let copy = move |_| {
        let text = link.get_untracked().unwrap_or_default();
        spawn_local(async move {
            let copied = clipboard::write(text).await;
            if said.try_get_untracked().is_some() {
                let text = if copied {
                    "Link copied."
                } else {
                    "The browser does not let this page copy; select the link."
                };
                said.set(text.to_owned());
            }
        });
    };
    page::focus_soon("new-link");
    let none = move || link.with(Option::is_none);
    view! {
        <section class="shares-doing" role="alertdialog" aria-labelledby="new-link-head" aria-describedby="new-link-text">
            <h2 id="new-link-head">{format!("A new link to “{title}”")}</h2>
            {shown(none, move || view! {
                <p id="new-link-text">"Links can't be shown again: only a hash of each is kept. A new one can be made; the old one stops \
                    working at once."</p>
            }.into_any())}
            {shown(move || !none(), move || view! {
                <div class="share-link">
                    <input class="input" type="text" readonly aria-label="Snapshot link" prop:value=move || link.get().unwrap_or_default()
                        on:focus=handler(|e: FocusEvent| page::select_text(&e)) />
                    <button class="button primary" type="button" on:click=handler(copy)>"Copy link"</button>
                </div>
            }.into_any())}
            <p role="status">{move || said.get()}</p>
            <div class="share-row">
                {
                    let make = handler(make);
                    view! { <button id="new-link" class="button primary" type="button" hidden=move || !none() on:click=make>"Make a new link"</button> }
                }
                <button class="button" type="button" on:click=handler(move |_| state.doing.set(None))>"Close"</button>
            </div>
        </section>
    }
}
