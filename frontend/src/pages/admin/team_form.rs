//! The dialog that creates or edits a team: name, selector and members.

use crate::api::{Fetch, Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::Field;
use crate::components::modal::{Modal, closing, open_while};
use crate::components::submit::SubmitForm;
use crate::reactive::{Callback, RwSignal, Signal, list};
use crate::state::people::{Team, User};
use leptos::prelude::*;

/// The dialog; open while there is a team.
#[component]
pub(crate) fn TeamForm(
    /// The team; without an id to create one.
    team: RwSignal<Option<Team>>,
    users: Fetch<Vec<User>>,
    on_done: Callback<()>,
) -> impl IntoView {
    let open = open_while(team);
    let title = Signal::derive(move || {
        let name = team.with(|team| team.as_ref().map(|team| team.name.clone()).unwrap_or_default());
        if name.is_empty() { "New team".to_owned() } else { format!("Edit {name}") }
    });
    let body = move || team.get().map(|edited| view! { <Form edited users open on_done /> }.into_any());
    view! { <Modal id="edit-team" title open>{body}</Modal> }
}

#[component]
fn Form(edited: Team, users: Fetch<Vec<User>>, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let Team { id, name, selector, members } = edited;
    let ids: Vec<String> = members.iter().map(|member| member.id.clone()).collect();
    let from_groups: Vec<String> = members.iter().filter(|m| m.from_groups).map(|m| m.id.clone()).collect();
    let checked = RwSignal::new(ids.clone());
    let save = Callback::new(move |sent: SubmitEvent| {
        let text = |name| form::text(&sent, name).trim().to_owned();
        let (name, selector) = (text("team-name"), text("team-selector"));
        let saved = access::save_team(&id, &name, &selector, &ids, &checked.get_untracked());
        sending.send(saved, closing(open, on_done));
    });
    let all = move || {
        let users = users.data.get().unwrap_or_default();
        list(users.into_iter().map(|user| member(&user, from_groups.contains(&user.id), checked)))
    };
    let failed = move || users.error.get().map(|error| view! { <p class="field-error">{error.detail}</p> });
    view! {
        <SubmitForm sending submit="Save" on_submit=save>
            <Field id="team-name" label="Name" value=name placeholder="payments" />
            <Field id="team-selector" label="Profiles" value=selector placeholder="{service_name=~\"pay-.*\"}"
                hint="A selector, as in the filter of Explore." />
            <fieldset class="field"><legend>"Members"</legend>{failed}<ul class="checks">{all}</ul></fieldset>
        </SubmitForm>
    }
}

/// The checkbox of a user. `fixed`: the identity provider decides.
fn member(user: &User, fixed: bool, checked: RwSignal<Vec<String>>) -> AnyView {
    let (id, toggled) = (user.id.clone(), user.id.clone());
    let toggle = move |_| {
        checked.update(|all| match all.iter().position(|id| *id == toggled) {
            Some(at) => drop(all.remove(at)),
            None => all.push(toggled.clone()),
        });
    };
    let hint = fixed.then(|| view! { <span class="muted">" (from identity provider groups)"</span> });
    view! {
        <li><label class="check"><input type="checkbox" disabled=fixed
            prop:checked=move || checked.with(|all| all.contains(&id)) on:change=crate::reactive::handler(toggle) />
            {user.name.clone()}{hint}</label></li>
    }
    .into_any()
}
