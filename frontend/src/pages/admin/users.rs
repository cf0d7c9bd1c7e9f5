//! Users: who there is, inviting others, and what ends their access.

use super::user_form::{Invitation, UserForm};
use crate::api::change::Change;
use crate::api::{Fetch, Sending, access, people};
use crate::components::confirm::{Confirm, Question};
use crate::components::listing::listing;
use crate::components::sending_notice::SendingNotice;
use crate::components::when::When;
use crate::reactive::{Callback, RwSignal, handler, list};
use crate::state::access::meaning;
use crate::state::people::{Binding, User};
use leptos::prelude::*;

/// What the rows do.
#[derive(Clone, Copy)]
struct Desk {
    question: RwSignal<Option<Question>>,
    /// Whose name is changed; of no id for a new user.
    editing: RwSignal<Option<User>>,
    /// A link that was just made.
    invitation: RwSignal<Option<Invitation>>,
    sending: Sending,
    again: Callback<()>,
    bindings: Fetch<Vec<Binding>>,
}

/// The page.
#[component]
pub(crate) fn Users() -> impl IntoView {
    let users = Fetch::<Vec<User>>::new();
    let bindings = Fetch::<Vec<Binding>>::new();
    let again = Callback::new(move |()| {
        users.start(|_| people::users());
        bindings.start(|_| access::bindings());
    });
    again.run(());
    let desk = Desk {
        question: RwSignal::new(None),
        editing: RwSignal::new(None),
        invitation: RwSignal::new(None),
        sending: Sending::default(),
        again,
        bindings,
    };
    let rows = move |all: Vec<User>| {
        view! {
            <table class="rows">
                <caption class="visually-hidden">"Users"</caption>
                <thead><tr><th scope="col">"User"</th><th scope="col">"Access"</th><th scope="col">"Last signed in"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{list(all.into_iter().map(move |user| row(user, desk)))}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="paper" aria-labelledby="users-title">
            <div class="paper-head">
                <h2 id="users-title">"Users"</h2>
                <button class="button primary" type="button"
                    on:click=handler(move |_| desk.editing.set(Some(User::default())))>"Invite someone…"</button>
            </div>
            <SendingNotice sending=desk.sending />
            {listing("The list of users", users, again, "There are no users yet.", rows)}
            <UserForm user=desk.editing invitation=desk.invitation on_done=again />
            <Confirm id="confirm-user" question=desk.question on_done=again />
        </section>
    }
}

fn row(user: User, desk: Desk) -> AnyView {
    let id = user.id.clone();
    let access = move || {
        desk.bindings.data.with(|all| match all {
            None => String::new(),
            Some(all) => {
                let own = all.iter().filter(|b| b.subject_kind == "user" && b.subject_id == id);
                let own: Vec<String> = own.map(meaning).collect();
                if own.is_empty() { "only what the teams give".to_owned() } else { own.join("; ") }
            }
        })
    };
    let signed_in = match user.signed_in_ms {
        Some(ms) => view! { <When ms /> }.into_any(),
        None => view! { <span class="muted">"never"</span> }.into_any(),
    };
    let disabled = user.disabled;
    let tag = disabled.then(|| view! { " "<span class="tag">"disabled"</span> });
    let other =
        (user.display_name != user.name && !user.display_name.is_empty()).then(|| user.display_name.clone());
    view! {
        <tr class:over=disabled>
            <th scope="row">{user.name.clone()}{tag}<span class="row-small">{other}</span></th>
            <td data-label="Access">{access}</td>
            <td data-label="Last signed in">{signed_in}</td>
            <td class="row-actions">{actions(user, desk)}</td>
        </tr>
    }
    .into_any()
}

fn actions(user: User, desk: Desk) -> AnyView {
    let (name, id) = (user.name.clone(), user.id.clone());
    let button = |text: &'static str, what: &str, act: Box<dyn Fn()>| {
        let label = format!("{what} {name}");
        view! { <button class="button" type="button" aria-label=label on:click=handler(move |_| act())>{text}</button> }
            .into_any()
    };
    let edited = user.clone();
    let edit = Box::new(move || desk.editing.set(Some(edited.clone())));
    let ask = |title: String, text: &str, yes: &'static str, act: fn(&str) -> Change<()>| -> Box<dyn Fn()> {
        let (id, text) = (id.clone(), text.to_owned());
        Box::new(move || {
            let id = id.clone();
            desk.question.set(Some(Question::new(title.clone(), text.clone(), yes, move || act(&id))));
        })
    };
    if user.disabled {
        let enable =
            move || desk.sending.send(people::set_disabled(&id, false), move |()| desk.again.run(()));
        return button("Enable", "Enable", Box::new(enable));
    }
    let of = id.clone();
    let for_whom = user.name.clone();
    let link = move || {
        let name = for_whom.clone();
        desk.sending.send(people::password_link(&of), move |link| {
            desk.invitation.set(Some(Invitation { name, link }));
        });
    };
    let sign_out = ask(
        format!("Sign {name} out everywhere?"),
        "All their browsers are signed out at once. They can sign in again; their API tokens go on working.",
        "Sign out",
        people::end_user_sessions,
    );
    let disable = ask(
        format!("Disable {name}?"),
        "They are signed out everywhere and their API tokens stop working. What they shared stays. You can enable them again.",
        "Disable",
        |id| people::set_disabled(id, true),
    );
    list([
        button("Edit…", "Edit", edit),
        button("New link…", "New link for", Box::new(link)),
        button("Sign out…", "Sign out", sign_out),
        button("Disable…", "Disable", disable),
    ])
}
