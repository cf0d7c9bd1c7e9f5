//! Accepting an invitation, or setting a new password, by a link that works once.

use super::Door;
use crate::api::{Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::{form, navigation, page};
use crate::components::field::{Field, PasswordField};
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::reactive::{RwSignal, handler};
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Invite() -> impl IntoView {
    let body = match navigation::fragment("token") {
        Some(token) => view! { <Accept token /> }.into_any(),
        None => view! {
            <p>"This link is not whole: the part after # is missing. Open the link again as you got it."</p>
            <a class="button" href="/login">"Sign in"</a>
        }
        .into_any(),
    };
    view! { <Door title="Choose your password">{body}</Door> }
}

#[component]
fn Accept(token: String) -> impl IntoView {
    let sending = Sending::default();
    // Named, so that a password manager knows whose password it keeps.
    let looking = Sending::default();
    let name = RwSignal::new(None::<String>);
    looking.send(people::look_at_invitation(&token), move |found| name.set(Some(found)));
    let who = move || {
        name.get().map(|name| view! { <Field id="username" label="Name" autocomplete="username" value=name fixed=true /> })
    };
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let password = form::text(&sent, "password");
        if password != form::text(&sent, "repeated") {
            sending.object("The two passwords differ", "Type the same one twice.");
            return;
        }
        sending.send(people::accept_invitation(&token, &password), |()| navigation::replace("/"));
    };
    page::focus_soon("password");
    view! {
        <p>"The link that brought you here works once. Choose the password that you will sign in with."</p>
        <SendingNotice sending=looking />
        <form class="form" method="post" hidden=move || looking.error.with(Option::is_some) on:submit=handler(send)>
            {who}
            <PasswordField id="password" label="Password" autocomplete="new-password" hint="At least 10 characters." />
            <PasswordField id="repeated" label="Password again" autocomplete="new-password" />
            <SendingNotice sending />
            <SendButton sending text="Set the password and sign in" />
        </form>
    }
}
