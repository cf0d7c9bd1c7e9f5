//! Accepting an invitation, or setting a new password, through a link that works once.

use super::AuthPage;
use crate::api::{Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::{form, navigation, page};
use crate::components::field::{Field, PasswordField};
use crate::components::submit::{SubmitError, SubmitForm};
use crate::reactive::{Callback, RwSignal};
use leptos::prelude::*;

#[component]
pub(crate) fn Invitation() -> impl IntoView {
    let body = match navigation::fragment("token") {
        Some(token) => view! { <Accept token /> }.into_any(),
        None => view! {
            <p>"This link is incomplete: the part after # is missing. Open the whole link that you received."</p>
            <a class="button" href="/login">"Sign in"</a>
        }
        .into_any(),
    };
    view! { <AuthPage title="Set your password">{body}</AuthPage> }
}

#[component]
fn Accept(token: String) -> impl IntoView {
    let (lookup, sending) = (Sending::default(), Sending::default());
    // Named, so that a password manager knows whose password it keeps.
    let name = RwSignal::new(None::<String>);
    lookup.send(people::look_at_invitation(&token), move |found| name.set(Some(found)));
    let user = move || {
        name.get().map(|name| view! { <Field id="username" label="User name" autocomplete="username" value=name fixed=true /> })
    };
    let accept = Callback::new(move |sent: SubmitEvent| {
        let password = form::text(&sent, "password");
        if password != form::text(&sent, "repeated") {
            sending.refuse("Passwords don't match", "Enter the same password twice.");
            return;
        }
        sending.send(people::accept_invitation(&token, &password), |()| navigation::replace("/"));
    });
    page::focus_soon("password");
    view! {
        <p>"This link works once. Choose the password that you will sign in with."</p>
        <SubmitError sending=lookup />
        <div hidden=move || lookup.error.with(Option::is_some)>
            <SubmitForm sending submit="Set password and sign in" on_submit=accept>
                {user}
                <PasswordField id="password" label="Password" autocomplete="new-password" hint="At least 10 characters." />
                <PasswordField id="repeated" label="Confirm password" autocomplete="new-password" />
            </SubmitForm>
        </div>
    }
}
