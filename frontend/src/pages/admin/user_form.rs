//! Dialogs about users: inviting one, changing a display name, and the link that sets a password.

use crate::api::Sending;
use crate::api::people::{self, Link};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::copy_text::CopyText;
use crate::components::field::{Choose, Field};
use crate::components::modal::{Modal, closing, open_while};
use crate::components::submit::SubmitForm;
use crate::components::timestamp::exact;
use crate::reactive::{Callback, RwSignal, Signal};
use crate::state::access::role_choices;
use crate::state::people::User;
use leptos::prelude::*;

/// A link that was just created.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PasswordLink {
    /// Name of its user.
    pub(crate) name: String,
    pub(crate) link: Link,
}

/// The dialogs: one is open while there is a user, the other while there is a link.
#[component]
pub(crate) fn UserForm(
    /// The user; without an id to invite one.
    user: RwSignal<Option<User>>,
    link: RwSignal<Option<PasswordLink>>,
    on_done: Callback<()>,
) -> impl IntoView {
    let (open, linked) = (open_while(user), open_while(link));
    let title = Signal::derive(move || {
        let name = user.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default());
        if name.is_empty() { "Invite user".to_owned() } else { format!("Edit {name}") }
    });
    let body = move || {
        user.get().map(|edited| match edited.id.is_empty() {
            true => view! { <Invite open link on_done /> }.into_any(),
            false => view! { <Edit edited open on_done /> }.into_any(),
        })
    };
    let created = move || link.get().map(|created| view! { <CreatedLink created /> }.into_any());
    view! {
        <Modal id="edit-user" title open>{body}</Modal>
        <Modal id="password-link" title="Password link" open=linked>{created}</Modal>
    }
}

#[component]
fn Invite(
    open: RwSignal<bool>,
    link: RwSignal<Option<PasswordLink>>,
    on_done: Callback<()>,
) -> impl IntoView {
    let sending = Sending::default();
    let invite = Callback::new(move |sent: SubmitEvent| {
        let text = |name| form::text(&sent, name).trim().to_owned();
        let (name, display_name, role) = (text("user-name"), text("user-display-name"), text("user-role"));
        let invited = name.clone();
        sending.send(people::create_user(&name, &display_name, &role), move |created| {
            open.set(false);
            on_done.run(());
            link.set(Some(PasswordLink { name: invited, link: created }));
        });
    });
    let mut roles = role_choices(&["agent", "deployer"]);
    roles.push((String::new(), "None: access through a team or a later grant".to_owned()));
    view! {
        <SubmitForm sending submit="Invite" on_submit=invite>
            <Field id="user-name" label="User name" placeholder="ann" hint="Lowercase letters, digits and . _ - @" />
            <Field id="user-display-name" label="Display name" optional=true placeholder="Ann Lovelace" />
            <Choose id="user-role" label="Role for all profiles" value="viewer" choices=roles
                hint="To limit it to some profiles, choose None and grant a role under Access, or add the user to a team." />
        </SubmitForm>
    }
}

#[component]
fn Edit(edited: User, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let User { id, display_name, .. } = edited;
    let save = Callback::new(move |sent: SubmitEvent| {
        let name = form::text(&sent, "user-display-name");
        sending.send(people::rename_user(&id, name.trim()), closing(open, on_done));
    });
    view! {
        <SubmitForm sending submit="Save" on_submit=save>
            <Field id="user-display-name" label="Display name" value=display_name />
        </SubmitForm>
    }
}

#[component]
fn CreatedLink(created: PasswordLink) -> impl IntoView {
    let PasswordLink { name, link } = created;
    view! {
        <div class="form">
            <p role="status">"Send this link to " {name} " to set a password. It works once, expires at " {move || exact(link.expires_ms)}
                ", and is not shown again."</p>
            <CopyText name="Link" text=link.url />
        </div>
    }
}
