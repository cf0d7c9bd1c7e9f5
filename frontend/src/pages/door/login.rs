//! Signing in, with a password or elsewhere.

use super::{Door, next_of};
use crate::api::{Fetch, Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::history::Address;
use crate::browser::{form, navigation, page};
use crate::components::field::{Field, PasswordField};
use crate::components::notice::FailedNotice;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::reactive::{Callback, Signal, effect, handler, list, shown};
use crate::state::instance::Instance;
use crate::state::session::safe_next;
use crate::state::url_text::{encode, parse_pairs};
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Login(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let instance = Fetch::<Instance>::new();
    let ask = move || instance.start(|_| people::instance());
    ask();
    let next = Signal::new(move || address.query.with(|query| next_of(query)));
    effect(move || {
        let Some(found) = instance.data.get() else { return };
        // Nothing to sign in to yet, or ever.
        if !found.claimed {
            navigation::to("/claim");
        } else if !found.sign_in {
            navigation::to(&next.get_untracked());
        }
    });
    let retry = Callback::new(move |()| ask());
    let failed = move || {
        list(instance.error.get().into_iter().map(|error| {
            view! { <FailedNotice what="Sign-in".to_owned() error on_retry=retry /> }.into_any()
        }))
    };
    let body = move || match instance.data.get() {
        None => view! { <p role="status">"Loading …"</p> }.into_any(),
        Some(found) => view! { <Ways found next /> }.into_any(),
    };
    let problem =
        move || address.query.with(|query| parse_pairs(query).into_iter().find(|(key, _)| key == "problem"));
    let problems = move || {
        list(problem().into_iter().map(|(_, kind)| {
            view! { <div class="message failed" role="alert"><p>{people::problem_text(&kind)}</p></div> }
                .into_any()
        }))
    };
    view! {
        <Door title="Sign in">
            {move || problems()}
            {move || failed()}
            {shown(move || instance.error.with(Option::is_none), move || body().into_any())}
        </Door>
    }
}

/// The ways that are offered here.
#[component]
fn Ways(found: Instance, next: Signal<String>) -> impl IntoView {
    let Instance { provider, password_sign_in, .. } = found;
    let elsewhere = provider.map(|name| {
        let href = move || format!("/api/v1/oidc/start?next={}", encode(&next.get()));
        view! { <a class="button" href=href>"Sign in with " {name}</a> }.into_any()
    });
    let both = elsewhere.is_some() && password_sign_in;
    view! {
        {elsewhere}
        {both.then(|| view! { <p class="door-or">"or"</p> })}
        {password_sign_in.then(|| view! { <WithPassword next /> })}
    }
}

#[component]
fn WithPassword(next: Signal<String>) -> impl IntoView {
    let sending = Sending::default();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let (name, password) = (form::text(&sent, "username"), form::text(&sent, "password"));
        let signed_in = people::sign_in(&name, &password, &next.get_untracked());
        // Looked at here as well: what is followed was written by who made the link.
        sending.send(signed_in, |next| navigation::to(safe_next(&next)));
    };
    effect(move || {
        if sending.error.with(Option::is_some) {
            page::focus("password");
        }
    });
    page::focus_soon("username");
    // Posting is never done by the browser, but a password must not end up in an address if it ever were.
    view! {
        <form class="form" method="post" on:submit=handler(send)>
            <Field id="username" label="Name" autocomplete="username" />
            <PasswordField id="password" label="Password" autocomplete="current-password" />
            <SendingNotice sending />
            <SendButton sending text="Sign in" />
        </form>
    }
}
