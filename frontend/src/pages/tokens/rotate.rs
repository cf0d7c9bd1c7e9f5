//! The dialog that rotates a token: a new secret, while the old one stays valid for some hours.

use super::NewSecret;
use super::created::CreatedToken;
use crate::api::{Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::Choose;
use crate::components::modal::{Modal, open_while};
use crate::components::submit::SubmitForm;
use crate::reactive::{Callback, RwSignal, effect};
use crate::state::people::{Token, TokenOwner};
use leptos::prelude::*;

/// The dialog; open while there is a token.
#[component]
pub(crate) fn Rotate(
    owner: TokenOwner,
    token: RwSignal<Option<Token>>,
    on_done: Callback<()>,
) -> impl IntoView {
    let open = open_while(token);
    let created = RwSignal::new(None::<NewSecret>);
    effect(move || {
        if token.with(Option::is_some) {
            created.set(None);
        }
    });
    let body = move || match (created.get(), token.get()) {
        (Some(secret), _) => view! { <CreatedToken secret /> }.into_any(),
        (None, Some(token)) => view! { <Form owner=owner.clone() token created on_done /> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! { <Modal id="rotate-token" title="Rotate token" open>{body.clone()}</Modal> }
}

#[component]
fn Form(
    owner: TokenOwner,
    token: Token,
    created: RwSignal<Option<NewSecret>>,
    on_done: Callback<()>,
) -> impl IntoView {
    let sending = Sending::default();
    let Token { id, name, .. } = token;
    let about = format!("“{name}” gets a new secret with the same permissions.");
    let rotate = Callback::new(move |sent: SubmitEvent| {
        let hours = form::text(&sent, "overlap").parse().unwrap_or(24);
        let name = name.clone();
        sending.send(access::rotate_token(&owner, &id, hours), move |secret| {
            created.set(Some(NewSecret { name, secret }));
            on_done.run(());
        });
    });
    let overlap = [(24_u32, "24 hours (maximum)"), (8, "8 hours"), (1, "1 hour"), (0, "0 hours")];
    let overlap = overlap.map(|(hours, text)| (hours.to_string(), text.to_owned())).to_vec();
    view! {
        <SubmitForm sending submit="Rotate token" on_submit=rotate>
            <p>{about}</p>
            <Choose id="overlap" label="Old secret stays valid for" value="24" choices=overlap />
        </SubmitForm>
    }
}
