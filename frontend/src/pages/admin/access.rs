//! Role bindings: which user, team or service account has which role for which profiles.

use super::access_form::AccessForm;
use super::roles::roles;
use super::subjects::Known;
use crate::api::{Fetch, access, people};
use crate::components::confirm::{Confirm, Question};
use crate::components::data_table::{data_table, row_action};
use crate::components::listing::listing;
use crate::components::section::Section;
use crate::reactive::{Callback, RwSignal};
use crate::state::access::{meaning, role_name, subject_kind_name};
use crate::state::people::Binding;
use leptos::prelude::*;

#[component]
pub(crate) fn Access() -> impl IntoView {
    let bindings = Fetch::<Vec<Binding>>::new();
    let known = Known { users: Fetch::new(), teams: Fetch::new(), accounts: Fetch::new() };
    let reload = Callback::new(move |()| bindings.start(|_| access::bindings()));
    reload.run(());
    known.users.start(|_| people::users());
    known.teams.start(|_| access::teams());
    known.accounts.start(|_| access::service_accounts());
    let question = RwSignal::new(None::<Question>);
    let open = RwSignal::new(false);
    let rows = move |mut all: Vec<Binding>| {
        all.sort_by_key(|b| {
            (b.subject_kind.clone(), b.subject_name.clone(), b.scope_kind != "org", b.role.clone())
        });
        let rows = all.into_iter().map(move |binding| row(binding, question));
        data_table("Access", &["Subject", "Role", "Permissions"], rows)
    };
    let grant = Callback::new(move |()| open.set(true));
    view! {
        <Section id="access-title" title="Access" action="Grant access…" on_action=grant main=true>
            <p class="muted">"Permissions are the sum of a subject's own roles and those of its teams. Changes take effect immediately."</p>
            {listing("The list of roles", bindings, reload, "No roles have been granted yet.", rows)}
            {roles()}
            <AccessForm known open on_done=reload />
            <Confirm id="confirm-access" question on_done=reload />
        </Section>
    }
}

fn row(binding: Binding, question: RwSignal<Option<Question>>) -> AnyView {
    let (id, name) = (binding.id.clone(), binding.subject_name.clone());
    let (kind, means) = (subject_kind_name(&binding.subject_kind).to_owned(), meaning(&binding));
    let role = role_name(&binding.role).to_owned();
    let actions = if binding.from_groups {
        view! { <span class="muted">"from identity provider groups"</span> }.into_any()
    } else {
        let (means, subject) = (means.clone(), name.clone());
        row_action("Revoke…", format!("Revoke {role} from {name}"), move || {
            let id = id.clone();
            let title = format!("Revoke this role from {subject}?");
            let text = format!("{subject} {means}. Revoking ends this immediately; other roles stay.");
            question.set(Some(Question::new(title, text, "Revoke", move || access::delete_binding(&id))));
        })
    };
    view! {
        <tr>
            <th scope="row">{name}<span class="row-small">{kind}</span></th>
            <td data-label="Role">{role}</td>
            <td data-label="Permissions">{means}</td>
            <td class="row-actions">{actions}</td>
        </tr>
    }
    .into_any()
}
