//! The form that changes the user's password.

use crate::api::{Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::{Field, PasswordField};
use crate::components::section::Section;
use crate::components::submit::SubmitForm;
use crate::context::session::Session;
use crate::reactive::{Callback, RwSignal};
use leptos::prelude::*;

#[component]
pub(crate) fn Password(
    /// The user name, for password managers.
    name: String,
) -> impl IntoView {
    let sending = Sending::default();
    let status = RwSignal::new("");
    let session = expect_context::<Session>();
    let change = Callback::new(move |sent: SubmitEvent| {
        status.set("");
        let (old, new) = (form::text(&sent, "old-password"), form::text(&sent, "new-password"));
        sending.send(people::change_password(&old, &new), move |()| {
            form::reset_by_id("password-form");
            status.set("Password changed. All your other sessions were signed out.");
            session.load();
        });
    });
    view! {
        <Section id="password-title" title="Password">
            <SubmitForm id="password-form" sending submit="Change password" on_submit=change>
                <div hidden=true><Field id="password-of" label="User name" autocomplete="username" value=name fixed=true /></div>
                <PasswordField id="old-password" label="Current password" autocomplete="current-password" />
                <PasswordField id="new-password" label="New password" autocomplete="new-password"
                    hint="At least 10 characters. Changing it signs out all your other sessions." />
            </SubmitForm>
            <p role="status">{move || status.get()}</p>
        </Section>
    }
}
