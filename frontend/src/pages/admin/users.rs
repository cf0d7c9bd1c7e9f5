//! Users: the list, invitations, password links, sign-out and disabling.

use super::access_text;
use super::roles::roles;
use super::user_form::{PasswordLink, UserForm};
use crate::api::change::Change;
use crate::api::{Fetch, Sending, access, people};
use crate::components::confirm::{Confirm, Question};
use crate::components::data_table::{data_table, row_action};
use crate::components::listing::listing;
use crate::components::notice::failure;
use crate::components::section::Section;
use crate::components::submit::SubmitError;
use crate::components::timestamp::Timestamp;
use crate::reactive::{Callback, RwSignal, list, shown};
use crate::state::people::{Binding, User};
use leptos::prelude::*;

/// What the rows of the table act on.
#[derive(Clone, Copy)]
struct UserActions {
    question: RwSignal<Option<Question>>,
    /// The user being edited; without an id to invite one.
    editing: RwSignal<Option<User>>,
    /// A link that was just created.
    link: RwSignal<Option<PasswordLink>>,
    sending: Sending,
    reload: Callback<()>,
    bindings: Fetch<Vec<Binding>>,
}

#[component]
pub(crate) fn Users() -> impl IntoView {
    let users = Fetch::<Vec<User>>::new();
    let bindings = Fetch::<Vec<Binding>>::new();
    let reload = Callback::new(move |()| {
        users.start(|_| people::users());
        bindings.start(|_| access::bindings());
    });
    reload.run(());
    let actions = UserActions {
        question: RwSignal::new(None),
        editing: RwSignal::new(None),
        link: RwSignal::new(None),
        sending: Sending::default(),
        reload,
        bindings,
    };
    let rows = move |all: Vec<User>| {
        let rows = all.into_iter().map(move |user| row(user, actions));
        data_table("Users", &["User", "Access", "Last signed in"], rows)
    };
    let invite = Callback::new(move |()| actions.editing.set(Some(User::default())));
    view! {
        <Section id="users-title" title="Users" action="Invite user…" on_action=invite main=true>
            <SubmitError sending=actions.sending />
            // What keeps both from loading is said once.
            {shown(move || users.error.with(Option::is_none), move || failure("The list of roles", bindings.error, reload))}
            {listing("The list of users", users, reload, "There are no users yet.", rows)}
            {roles()}
            <UserForm user=actions.editing link=actions.link on_done=reload />
            <Confirm id="confirm-user" question=actions.question on_done=reload />
        </Section>
    }
}

fn row(user: User, actions: UserActions) -> AnyView {
    let access = access_text(actions.bindings, "user", user.id.clone(), "only through teams");
    let signed_in = match user.signed_in_ms {
        Some(ms) => view! { <Timestamp ms /> }.into_any(),
        None => view! { <span class="muted">"never"</span> }.into_any(),
    };
    let disabled = user.disabled;
    let tag = disabled.then(|| view! { " "<span class="tag">"disabled"</span> });
    let display_name =
        (user.display_name != user.name && !user.display_name.is_empty()).then(|| user.display_name.clone());
    view! {
        <tr class:over=disabled>
            <th scope="row">{user.name.clone()}{tag}<span class="row-small">{display_name}</span></th>
            <td data-label="Access">{access}</td>
            <td data-label="Last signed in">{signed_in}</td>
            <td class="row-actions">{buttons(user, actions)}</td>
        </tr>
    }
    .into_any()
}

fn buttons(user: User, actions: UserActions) -> AnyView {
    let (name, id) = (user.name.clone(), user.id.clone());
    let UserActions { sending, reload, .. } = actions;
    if user.disabled {
        return row_action("Enable", format!("Enable {name}"), move || {
            sending.send(people::set_disabled(&id, false), move |()| reload.run(()));
        });
    }
    let edit = row_action("Edit…", format!("Edit {name}"), {
        let user = user.clone();
        move || actions.editing.set(Some(user.clone()))
    });
    let link = row_action("Password link…", format!("Password link for {name}"), {
        let (id, name) = (id.clone(), name.clone());
        move || {
            let name = name.clone();
            sending.send(people::password_link(&id), move |link| {
                actions.link.set(Some(PasswordLink { name, link }));
            });
        }
    });
    let confirmed = |title: String, text: &'static str, yes: &'static str, act: fn(&str) -> Change<()>| {
        let id = id.clone();
        move || {
            let id = id.clone();
            actions.question.set(Some(Question::new(title.clone(), text, yes, move || act(&id))));
        }
    };
    let sign_out = confirmed(
        format!("Sign out {name} everywhere?"),
        "All their sessions end immediately. They can sign in again; their API tokens keep working.",
        "Sign out",
        people::end_user_sessions,
    );
    let disable = confirmed(
        format!("Disable {name}?"),
        "They are signed out everywhere and their API tokens stop working. Their shares stay. You can enable them again.",
        "Disable",
        |id| people::set_disabled(id, true),
    );
    list([
        edit,
        link,
        row_action("Sign out…", format!("Sign out {name}"), sign_out),
        row_action("Disable…", format!("Disable {name}"), disable),
    ])
}
