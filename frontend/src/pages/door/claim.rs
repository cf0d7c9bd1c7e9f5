//! The first visitor makes the instance theirs.

use super::{Door, next_of};
use crate::api::{Fetch, Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::history::Address;
use crate::browser::{form, navigation, page};
use crate::components::field::{Field, PasswordField};
use crate::components::notice::FailedNotice;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::reactive::{Callback, effect, handler, list, shown};
use crate::state::instance::Instance;
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Claim(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let token = navigation::fragment("token");
    let instance = Fetch::<Instance>::new();
    let ask = move || instance.start(|_| people::instance());
    ask();
    let next = move || address.query.with_untracked(|query| next_of(query));
    effect(move || {
        if instance.data.with(|i| i.as_ref().is_some_and(|i| i.claimed || !i.sign_in)) {
            navigation::to(&next());
        }
    });
    let retry = Callback::new(move |()| ask());
    let failed = move || {
        list(instance.error.get().into_iter().map(|error| {
            view! { <FailedNotice what="This page".to_owned() error on_retry=retry /> }.into_any()
        }))
    };
    let body = move || match instance.data.get() {
        None => view! { <p role="status">"Loading …"</p> }.into_any(),
        Some(found) => view! { <ClaimForm found address token=token.clone() /> }.into_any(),
    };
    view! {
        <Door title="Make this Flarepath yours">
            {move || failed()}
            {shown(move || instance.error.with(Option::is_none), move || body().into_any())}
        </Door>
    }
}

#[component]
fn ClaimForm(found: Instance, address: Address, token: Option<String>) -> impl IntoView {
    let sending = Sending::default();
    let asks_token = found.needs_setup_token && token.is_none();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let (name, password) = (form::text(&sent, "username"), form::text(&sent, "password"));
        let token = token.clone().unwrap_or_else(|| form::text(&sent, "setup-token").trim().to_owned());
        sending.send(people::claim(&name, &password, &token), move |()| {
            navigation::replace(&address.query.with_untracked(|query| next_of(query)));
        });
    };
    page::focus_soon("username");
    let token_field = asks_token.then(|| {
        view! {
            <Field id="setup-token" label="Setup secret"
                hint="The server printed it when it started, and wrote it to the file setup-url in its data folder." />
        }
    });
    view! {
        <p>"Nobody has claimed this server yet. You become its first administrator; you can invite others later."</p>
        <form class="form" method="post" on:submit=handler(send)>
            {token_field}
            <Field id="username" label="Name" autocomplete="username" hint="What you type to sign in, such as ann." />
            <PasswordField id="password" label="Password" autocomplete="new-password" hint="At least 10 characters." />
            <SendingNotice sending />
            <SendButton sending text="Claim and open" />
        </form>
    }
}
