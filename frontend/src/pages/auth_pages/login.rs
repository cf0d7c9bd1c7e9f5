//! Signing in, with a password or through the identity provider.

use super::{AuthPage, return_path, with_instance};
use crate::api::{Fetch, Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::history::Address;
use crate::browser::{form, navigation, page};
use crate::components::field::{Field, PasswordField};
use crate::components::submit::SubmitForm;
use crate::reactive::{Callback, Signal, effect};
use crate::state::instance::Instance;
use crate::state::session::safe_next;
use crate::state::url_text::{encode, parse_pairs};
use leptos::prelude::*;

#[component]
pub(crate) fn Login(address: Address) -> impl IntoView {
    let instance = Fetch::<Instance>::new();
    let next = Signal::new(move || address.query.with(|query| return_path(query)));
    effect(move || {
        let Some(found) = instance.data.get() else { return };
        // Nothing to sign in to yet, or ever.
        if !found.claimed {
            navigation::to("/claim");
        } else if !found.sign_in {
            navigation::to(&next.get_untracked());
        }
    });
    let problem = move || {
        let (_, kind) =
            address.query.with(|query| parse_pairs(query).into_iter().find(|(key, _)| key == "problem"))?;
        Some(
            view! { <div class="message failed" role="alert"><p>{people::problem_text(&kind)}</p></div> }
                .into_any(),
        )
    };
    let body = move |found| view! { <Methods found next /> }.into_any();
    view! { <AuthPage title="Sign in">{move || problem()}{with_instance(instance, body)}</AuthPage> }
}

/// The sign-in methods of this server.
#[component]
fn Methods(found: Instance, next: Signal<String>) -> impl IntoView {
    let Instance { provider, password_sign_in, .. } = found;
    let provider = provider.map(|name| {
        let href = move || format!("/api/v1/oidc/start?next={}", encode(&next.get()));
        view! { <a class="button" href=href>"Sign in with " {name}</a> }.into_any()
    });
    let both = provider.is_some() && password_sign_in;
    view! {
        {provider}
        {both.then(|| view! { <p class="sign-in-or">"or"</p> })}
        {password_sign_in.then(|| view! { <PasswordForm next /> })}
    }
}

#[component]
fn PasswordForm(next: Signal<String>) -> impl IntoView {
    let sending = Sending::default();
    let sign_in = Callback::new(move |sent: SubmitEvent| {
        let (name, password) = (form::text(&sent, "username"), form::text(&sent, "password"));
        let signed_in = people::sign_in(&name, &password, &next.get_untracked());
        // Checked here as well: the parameter was written by the author of the link.
        sending.send(signed_in, |next| navigation::to(safe_next(&next)));
    });
    effect(move || {
        if sending.error.with(Option::is_some) {
            page::focus("password");
        }
    });
    page::focus_soon("username");
    view! {
        <SubmitForm sending submit="Sign in" on_submit=sign_in>
            <Field id="username" label="User name" autocomplete="username" />
            <PasswordField id="password" label="Password" autocomplete="current-password" />
        </SubmitForm>
    }
}
