//! A new secret for a token, while the old one goes on working for a while.

use super::Made;
use super::shown::ShownOnce;
use crate::api::{Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::Choose;
use crate::components::modal::Modal;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::reactive::{Callback, RwSignal, effect, handler};
use crate::state::people::{Token, TokenOwner};
use leptos::prelude::*;

/// The dialog; opens when a token is put.
#[component]
pub(crate) fn Rotate(
    /// Whose.
    owner: TokenOwner,
    /// The token.
    token: RwSignal<Option<Token>>,
    /// Called when there is a new one.
    on_made: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let made = RwSignal::new(None::<Made>);
    effect(move || {
        if token.with(Option::is_some) {
            made.set(None);
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() && token.with_untracked(Option::is_some) {
            token.set(None);
        }
    });
    let body = move || match (made.get(), token.get()) {
        (Some(made), _) => view! { <ShownOnce made /> }.into_any(),
        (None, Some(token)) => view! { <Form owner=owner.clone() token made on_made /> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! { <Modal id="rotate-token" title="Rotate the token" open>{body.clone()}</Modal> }
}

#[component]
fn Form(
    owner: TokenOwner,
    token: Token,
    made: RwSignal<Option<Made>>,
    on_made: Callback<()>,
) -> impl IntoView {
    let sending = Sending::default();
    let Token { id, name, .. } = token;
    let text = format!(
        "“{name}” gets a new secret with the same rights. The old one is refused when its time is over."
    );
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let hours = form::text(&sent, "overlap").parse().unwrap_or(24);
        let name = name.clone();
        sending.send(access::rotate_token(&owner, &id, hours), move |secret| {
            made.set(Some(Made { name, secret }));
            on_made.run(());
        });
    };
    let overlap = [(24_u32, "a day, the longest"), (8, "8 hours"), (1, "an hour"), (0, "not at all")];
    let overlap = overlap.map(|(hours, text)| (hours.to_string(), text.to_owned())).to_vec();
    view! {
        <form class="form" on:submit=handler(send)>
            <p>{text}</p>
            <Choose id="overlap" label="The old one still works for" value="24" choices=overlap />
            <SendingNotice sending />
            <div class="form-actions"><SendButton sending text="Make the new secret" /></div>
        </form>
    }
}
