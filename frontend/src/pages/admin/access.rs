//! Who has access to what, in plain words.

use super::access_form::AccessForm;
use crate::api::{Fetch, access, people};
use crate::components::confirm::{Confirm, Question};
use crate::components::listing::listing;
use crate::reactive::{Callback, RwSignal, handler, list};
use crate::state::access::{meaning, role_name, subject_kind_name};
use crate::state::people::{Binding, ServiceAccount, Team, User};
use leptos::prelude::*;

/// Those who can be given a role, and the teams whose profiles it can be about.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    /// Users.
    pub(crate) users: Fetch<Vec<User>>,
    /// Teams.
    pub(crate) teams: Fetch<Vec<Team>>,
    /// Service accounts.
    pub(crate) accounts: Fetch<Vec<ServiceAccount>>,
}

/// The page.
#[component]
pub(crate) fn Access() -> impl IntoView {
    let bindings = Fetch::<Vec<Binding>>::new();
    let known = Known { users: Fetch::new(), teams: Fetch::new(), accounts: Fetch::new() };
    let again = Callback::new(move |()| bindings.start(|_| access::bindings()));
    again.run(());
    known.users.start(|_| people::users());
    known.teams.start(|_| access::teams());
    known.accounts.start(|_| access::service_accounts());
    let question = RwSignal::new(None::<Question>);
    let open = RwSignal::new(false);
    let rows = move |mut all: Vec<Binding>| {
        let key = |b: &Binding| {
            (b.subject_kind.clone(), b.subject_name.clone(), b.scope_kind != "org", b.role.clone())
        };
        all.sort_by_key(key);
        view! {
            <table class="rows">
                <caption class="visually-hidden">"Who has access to what"</caption>
                <thead><tr><th scope="col">"Who"</th><th scope="col">"Role"</th><th scope="col">"What that means"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{list(all.into_iter().map(move |binding| row(binding, question)))}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="paper" aria-labelledby="access-title">
            <div class="paper-head">
                <h2 id="access-title">"Who has access to what"</h2>
                <button class="button primary" type="button" on:click=handler(move |_| open.set(true))>"Give access…"</button>
            </div>
            <p class="muted">"Everyone may do what their roles and those of their teams allow together, and nothing else. A change holds at once."</p>
            {listing("The list of roles", bindings, again, "Nobody has a role yet.", rows)}
            <AccessForm known open on_done=again />
            <Confirm id="confirm-access" question on_done=again />
        </section>
    }
}

fn row(binding: Binding, question: RwSignal<Option<Question>>) -> AnyView {
    let (id, name, kind) =
        (binding.id.clone(), binding.subject_name.clone(), subject_kind_name(&binding.subject_kind));
    let (kind, means) = (kind.to_owned(), meaning(&binding));
    let role = role_name(&binding.role).to_owned();
    let label = format!("Take away {role} from {name}");
    let actions = if binding.from_groups {
        view! { <span class="muted">"by the identity provider's groups"</span> }.into_any()
    } else {
        let means = means.clone();
        let (title, name) = (format!("Take this role from {name}?"), name.clone());
        let ask = move |_| {
            let id = id.clone();
            let text = format!("{name} {means}. Without this role, that ends at once; other roles stay.");
            question.set(Some(Question::new(title.clone(), text, "Take it away", move || {
                access::delete_binding(&id)
            })));
        };
        view! { <button class="button" type="button" aria-label=label on:click=handler(ask)>"Take away…"</button> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{name}<span class="row-small">{kind}</span></th>
            <td data-label="Role">{role}</td>
            <td data-label="What that means">{means}</td>
            <td class="row-actions">{actions}</td>
        </tr>
    }
    .into_any()
}
