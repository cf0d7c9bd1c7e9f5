//! The dialog that grants a role: subject, role and scope.

use super::subjects::Known;
use crate::api::{ApiError, Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::{Choose, Field};
use crate::components::modal::{Modal, closing};
use crate::components::notice::by_cause;
use crate::components::submit::SubmitForm;
use crate::reactive::{Callback, RwSignal, list};
use crate::state::access::role_choices;
use crate::state::people::Binding;
use leptos::prelude::*;

#[component]
pub(crate) fn AccessForm(known: Known, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let body = move || view! { <Form known open on_done /> }.into_any();
    view! { <Modal id="grant-access" title="Grant access" open>{body}</Modal> }
}

/// `user:ID` and its name, for all possible subjects.
fn subjects(known: Known) -> Vec<(String, String)> {
    let entry = |kind: &str, id: &str, text: String| (format!("{kind}:{id}"), text);
    let users = known.users.data.get().unwrap_or_default();
    let teams = known.teams.data.get().unwrap_or_default();
    let accounts = known.accounts.data.get().unwrap_or_default();
    let users = users.iter().map(|u| entry("user", &u.id, u.name.clone()));
    let teams = teams.iter().map(|t| entry("team", &t.id, format!("team {}", t.name)));
    let accounts =
        accounts.iter().map(|a| entry("service_account", &a.id, format!("service account {}", a.name)));
    users.chain(teams).chain(accounts).collect()
}

/// Possible scopes: everything, the profiles of a team, those that match a selector.
fn scopes(known: Known) -> Vec<(String, String)> {
    let mut all = vec![("org".to_owned(), "Everything".to_owned())];
    let teams = known.teams.data.get().unwrap_or_default();
    all.extend(teams.iter().map(|t| (format!("team:{}", t.id), format!("Profiles of team {}", t.name))));
    all.push(("selector".to_owned(), "Profiles matching a selector".to_owned()));
    all
}

/// Which lists could not be loaded, so that what they would offer is missing.
fn lists_failed(errors: [Option<ApiError>; 3]) -> impl Iterator<Item = AnyView> {
    let [users, teams, accounts] = errors;
    let causes = by_cause([
        ("the list of users", users),
        ("the list of teams", teams),
        ("the list of service accounts", accounts),
    ]);
    let line = |(what, error): (String, ApiError)| {
        view! { <p class="field-error" role="alert">{format!("{what} could not be loaded. {}", error.line())}</p> }.into_any()
    };
    causes.into_iter().map(line)
}

#[component]
fn Form(known: Known, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let scope = RwSignal::new("org".to_owned());
    let grant = Callback::new(move |sent: SubmitEvent| {
        let text = |name| form::text(&sent, name).trim().to_owned();
        let (subject, scope) = (text("access-subject"), text("access-scope"));
        let Some((subject_kind, subject_id)) = subject.split_once(':') else {
            sending.refuse("No subject selected", "Select a user, team or service account.");
            return;
        };
        let (scope_kind, scope) = match scope.split_once(':') {
            Some((kind, id)) => (kind.to_owned(), id.to_owned()),
            None if scope == "selector" => (scope, text("access-selector")),
            None => (scope, String::new()),
        };
        let binding = Binding {
            subject_kind: subject_kind.to_owned(),
            subject_id: subject_id.to_owned(),
            role: text("access-role"),
            scope_kind,
            scope,
            ..Binding::default()
        };
        sending.send(access::create_binding(&binding), closing(open, on_done));
    });
    let subject =
        move || view! { <Choose id="access-subject" label="Grant to" choices=subjects(known) /> }.into_any();
    let scope_field = move || {
        view! { <Choose id="access-scope" label="Scope" choices=scopes(known) value="org" chosen=scope /> }
            .into_any()
    };
    let failed = move || {
        let Known { users, teams, accounts } = known;
        list(lists_failed([users.error.get(), teams.error.get(), accounts.error.get()]))
    };
    let selector = move || {
        scope.with(|scope| scope == "selector").then(|| {
            view! { <Field id="access-selector" label="Selector" placeholder="{service_name=~\"pay-.*\"}" /> }.into_any()
        })
    };
    view! {
        <SubmitForm sending submit="Grant role" on_submit=grant>
            {move || failed()}
            {subject}
            <Choose id="access-role" label="Role" value="viewer" choices=role_choices(&[]) />
            {scope_field}
            {selector}
        </SubmitForm>
    }
}
