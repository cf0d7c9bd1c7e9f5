//! Claiming a new server: the first user becomes its administrator.

use super::{AuthPage, return_path, with_instance};
use crate::api::{Fetch, Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::history::Address;
use crate::browser::{form, navigation, page};
use crate::components::field::{Field, PasswordField};
use crate::components::submit::SubmitForm;
use crate::reactive::{Callback, effect};
use crate::state::instance::Instance;
use leptos::prelude::*;

#[component]
pub(crate) fn Claim(address: Address) -> impl IntoView {
    let token = navigation::fragment("token");
    let instance = Fetch::<Instance>::new();
    effect(move || {
        if instance.data.with(|i| i.as_ref().is_some_and(|i| i.claimed || !i.sign_in)) {
            navigation::to(&address.query.with_untracked(|query| return_path(query)));
        }
    });
    let body = move |found| view! { <ClaimForm found address token=token.clone() /> }.into_any();
    view! { <AuthPage title="Claim this server">{with_instance(instance, body)}</AuthPage> }
}

#[component]
fn ClaimForm(found: Instance, address: Address, token: Option<String>) -> impl IntoView {
    let sending = Sending::default();
    let asks_token = found.needs_setup_token && token.is_none();
    let claim = Callback::new(move |sent: SubmitEvent| {
        let (name, password) = (form::text(&sent, "username"), form::text(&sent, "password"));
        let token = token.clone().unwrap_or_else(|| form::text(&sent, "setup-token").trim().to_owned());
        sending.send(people::claim(&name, &password, &token), move |()| {
            navigation::replace(&address.query.with_untracked(|query| return_path(query)));
        });
    });
    page::focus_soon("username");
    let token_field = asks_token.then(|| {
        view! {
            <Field id="setup-token" label="Setup token"
                hint="Printed by the server at startup, and stored in the file setup-url in its data directory." />
        }
    });
    view! {
        <p>"This server has no administrator yet. Create the first account; you can invite others later."</p>
        <SubmitForm sending submit="Claim server" on_submit=claim>
            {token_field}
            <Field id="username" label="User name" autocomplete="username" hint="For signing in, such as ann." />
            <PasswordField id="password" label="Password" autocomplete="new-password" hint="At least 10 characters." />
        </SubmitForm>
    }
}
