//! A new password.

use crate::api::{Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::{Field, PasswordField};
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::context::session::Session;
use crate::reactive::{RwSignal, handler};
use leptos::prelude::*;

/// The form; `name` is what the person signs in as, for password managers.
#[component]
pub(crate) fn Password(
    /// What the person signs in as, for password managers.
    name: String,
) -> impl IntoView {
    let sending = Sending::default();
    let said = RwSignal::new("");
    let session = expect_context::<Session>();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        said.set("");
        let (old, new) = (form::text(&sent, "old-password"), form::text(&sent, "new-password"));
        sending.send(people::change_password(&old, &new), move |()| {
            form::reset_by_id("password-form");
            said.set("The password is changed. Everywhere else you are signed out.");
            session.ask();
        });
    };
    view! {
        <section class="paper" aria-labelledby="password-title">
            <h2 id="password-title">"Password"</h2>
            <form id="password-form" class="form" method="post" on:submit=handler(send)>
                <div hidden=true><Field id="password-of" label="Name" autocomplete="username" value=name fixed=true /></div>
                <PasswordField id="old-password" label="Current password" autocomplete="current-password" />
                <PasswordField id="new-password" label="New password" autocomplete="new-password"
                    hint="At least 10 characters. Changing it signs you out everywhere else." />
                <SendingNotice sending />
                <div class="form-actions"><SendButton sending text="Change the password" /></div>
                <p role="status">{move || said.get()}</p>
            </form>
        </section>
    }
}
