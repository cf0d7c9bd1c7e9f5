//! Gives a share to someone else.

use super::SharesState;
use crate::api::shares::{self, Row};
use crate::browser::event::{Event, SubmitEvent, value_of};
use crate::browser::page;
use crate::reactive::{RwSignal, handler};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The form.
#[component]
pub(crate) fn HandOver(
    /// The page.
    state: SharesState,
    /// The share.
    row: Row,
) -> impl IntoView {
    let (to, wrong) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let title = row.title.clone();
    let give = move |e: SubmitEvent| {
        e.prevent_default();
        let (id, to) = (row.id.clone(), to.get_untracked());
        spawn_local(async move {
            let done = shares::transfer(&id, to).await;
            if let Err(error) = &done
                && wrong.try_get_untracked().is_some()
            {
                wrong.set(format!("{}: {}", error.title, error.detail));
            }
            state.told(done, "Handed over.");
        });
    };
    page::focus_soon("hand-over-to");
    view! {
        <form class="shares-doing" aria-labelledby="hand-over-head" on:submit=handler(give)>
            <h2 id="hand-over-head">{format!("Hand “{title}” over")}</h2>
            <div class="share-fields">
                <label for="hand-over-to">"Name of the new owner"</label>
                <input id="hand-over-to" class="input" autocomplete="off" required=true prop:value=move || to.get()
                    on:input=handler(move |e: Event| to.set(value_of(&e))) />
            </div>
            <p>"You can then neither change nor revoke it any more."</p>
            <p class="field-error" role="alert">{move || wrong.get()}</p>
            <div class="share-row">
                <button class="button primary" type="submit">"Hand over"</button>
                <button class="button" type="button" on:click=handler(move |_| state.doing.set(None))>"Cancel"</button>
            </div>
        </form>
    }
}
