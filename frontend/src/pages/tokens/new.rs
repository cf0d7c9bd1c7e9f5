//! A new token: what it is for, what it allows, how long it lasts.

use super::Made;
use super::shown::ShownOnce;
use crate::api::{Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::{Choose, Field};
use crate::components::modal::Modal;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::reactive::{Callback, RwSignal, effect, handler};
use crate::state::access::role_choices;
use crate::state::people::{TokenOwner, WantedToken};
use leptos::prelude::*;

/// The dialog.
#[component]
pub(crate) fn NewToken(
    /// Whose.
    owner: TokenOwner,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Called when there is a new one.
    on_made: Callback<()>,
) -> impl IntoView {
    let made = RwSignal::new(None::<Made>);
    effect(move || {
        if open.get() {
            made.set(None);
        }
    });
    let body = move || match made.get() {
        Some(made) => view! { <ShownOnce made /> }.into_any(),
        None => view! { <Form owner=owner.clone() made on_made /> }.into_any(),
    };
    view! { <Modal id="new-token" title="New API token" open>{body.clone()}</Modal> }
}

#[component]
fn Form(owner: TokenOwner, made: RwSignal<Option<Made>>, on_made: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let text = |name| form::text(&sent, name).trim().to_owned();
        let wanted = WantedToken {
            name: text("token-name"),
            role: text("token-role"),
            selector: text("token-selector"),
            days: text("token-days").parse().unwrap_or(90),
        };
        let name = wanted.name.clone();
        sending.send(access::create_token(&owner, wanted), move |secret| {
            made.set(Some(Made { name, secret }));
            on_made.run(());
        });
    };
    let days =
        [(7, "a week"), (30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "a year, the longest")];
    let days = days.map(|(days, text): (u32, &str)| (days.to_string(), text.to_owned())).to_vec();
    view! {
        <form class="form" on:submit=handler(send)>
            <Field id="token-name" label="What is it for?" placeholder="checkout in production" />
            <Choose id="token-role" label="Allows at most" value="agent" choices=role_choices(&[])
                hint="And never more than its owner may do at the time." />
            <Field id="token-selector" label="Only these profiles" optional=true placeholder="{service_name=\"checkout\"}" />
            <Choose id="token-days" label="Ends after" value="90" choices=days />
            <SendingNotice sending />
            <div class="form-actions"><SendButton sending text="Make the token" /></div>
        </form>
    }
}
