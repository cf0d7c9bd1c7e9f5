//! Inviting a user, changing a user's name, and the link that lets them set a password.

use crate::api::Sending;
use crate::api::people::{self, Link};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::{Choose, Field};
use crate::components::modal::Modal;
use crate::components::secret_once::CopyText;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::components::when::exact;
use crate::reactive::{Callback, RwSignal, Signal, effect, handler};
use crate::state::access::role_choices;
use crate::state::people::User;
use leptos::prelude::*;

/// A link that was just made.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Invitation {
    /// For whom.
    pub(crate) name: String,
    /// The link.
    pub(crate) link: Link,
}

/// The dialogs: one opens when a user is put, the other when a link is.
#[component]
pub(crate) fn UserForm(
    /// The user; of no id for a new one.
    user: RwSignal<Option<User>>,
    /// A link that was just made.
    invitation: RwSignal<Option<Invitation>>,
    /// Called when something was changed.
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || open.set(user.with(Option::is_some)));
    effect(move || {
        if !open.get() && user.with_untracked(Option::is_some) {
            user.set(None);
        }
    });
    let linked = RwSignal::new(false);
    effect(move || linked.set(invitation.with(Option::is_some)));
    let title = Signal::derive(move || {
        let name = user.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default());
        if name.is_empty() { "Invite someone".to_owned() } else { format!("Edit {name}") }
    });
    let body = move || match user.get() {
        None => ().into_any(),
        Some(edited) if edited.id.is_empty() => view! { <New open invitation on_done /> }.into_any(),
        Some(edited) => view! { <Edit edited open on_done /> }.into_any(),
    };
    let made = move || match invitation.get() {
        None => ().into_any(),
        Some(made) => view! { <Shown made /> }.into_any(),
    };
    view! {
        <Modal id="edit-user" title open>{body}</Modal>
        <Modal id="invitation" title="A link to set a password" open=linked>{made}</Modal>
    }
}

#[component]
fn New(
    open: RwSignal<bool>,
    invitation: RwSignal<Option<Invitation>>,
    on_done: Callback<()>,
) -> impl IntoView {
    let sending = Sending::default();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let text = |name| form::text(&sent, name).trim().to_owned();
        let (name, display_name, role) = (text("user-name"), text("user-display-name"), text("user-role"));
        let invited = name.clone();
        sending.send(people::create_user(&name, &display_name, &role), move |link| {
            open.set(false);
            on_done.run(());
            invitation.set(Some(Invitation { name: invited, link }));
        });
    };
    let mut roles = role_choices(&["agent"]);
    roles.push((String::new(), "No role: only what teams and Access give".to_owned()));
    view! {
        <form class="form" on:submit=handler(send)>
            <Field id="user-name" label="Name to sign in" placeholder="ann" hint="Small letters, digits and . _ - @" />
            <Field id="user-display-name" label="What people call them" optional=true placeholder="Ann Lovelace" />
            <Choose id="user-role" label="Role over everything" value="viewer" choices=roles
                hint="For some profiles only, choose no role here, and add one under Access or put them into a team." />
            <SendingNotice sending />
            <div class="form-actions"><SendButton sending text="Invite" /></div>
        </form>
    }
}

#[component]
fn Edit(edited: User, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let User { id, display_name, .. } = edited;
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let name = form::text(&sent, "user-display-name");
        sending.send(people::rename_user(&id, name.trim()), move |()| {
            open.set(false);
            on_done.run(());
        });
    };
    view! {
        <form class="form" on:submit=handler(send)>
            <Field id="user-display-name" label="What people call them" value=display_name />
            <SendingNotice sending />
            <div class="form-actions"><SendButton sending text="Save" /></div>
        </form>
    }
}

#[component]
fn Shown(made: Invitation) -> impl IntoView {
    let Invitation { name, link } = made;
    view! {
        <div class="form">
            <p role="status">"Send this link to " {name} ". It works once, until " {move || exact(link.expires_ms)}
                ", and is not shown again."</p>
            <CopyText name="The link" text=link.url />
        </div>
    }
}
