//! The dialog that creates a token.

use super::NewSecret;
use super::created::CreatedToken;
use crate::api::{Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::{Choose, Field};
use crate::components::modal::Modal;
use crate::components::submit::SubmitForm;
use crate::reactive::{Callback, RwSignal, effect};
use crate::state::access::role_choices;
use crate::state::people::{TokenOwner, WantedToken};
use leptos::prelude::*;

#[component]
pub(crate) fn NewToken(owner: TokenOwner, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let created = RwSignal::new(None::<NewSecret>);
    effect(move || {
        if open.get() {
            created.set(None);
        }
    });
    let body = move || match created.get() {
        Some(secret) => view! { <CreatedToken secret /> }.into_any(),
        None => view! { <Form owner=owner.clone() created on_done /> }.into_any(),
    };
    view! { <Modal id="new-token" title="New API token" open>{body.clone()}</Modal> }
}

#[component]
fn Form(owner: TokenOwner, created: RwSignal<Option<NewSecret>>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let create = Callback::new(move |sent: SubmitEvent| {
        let text = |name| form::text(&sent, name).trim().to_owned();
        let wanted = WantedToken {
            name: text("token-name"),
            role: text("token-role"),
            selector: text("token-selector"),
            days: text("token-days").parse().unwrap_or(90),
        };
        let name = wanted.name.clone();
        sending.send(access::create_token(&owner, wanted), move |secret| {
            created.set(Some(NewSecret { name, secret }));
            on_done.run(());
        });
    });
    let days =
        [(7, "7 days"), (30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "1 year (maximum)")];
    let days = days.map(|(days, text): (u32, &str)| (days.to_string(), text.to_owned())).to_vec();
    view! {
        <SubmitForm sending submit="Create token" on_submit=create>
            <Field id="token-name" label="Name" placeholder="checkout in production" />
            <Choose id="token-role" label="Role" value="agent" choices=role_choices(&[])
                hint="A token never has more permissions than its owner." />
            <Field id="token-selector" label="Limit to profiles" optional=true placeholder="{service_name=\"checkout\"}" />
            <Choose id="token-days" label="Expires after" value="90" choices=days />
        </SubmitForm>
    }
}
