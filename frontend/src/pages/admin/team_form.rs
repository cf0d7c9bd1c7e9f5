//! A new team, or another name, selector and members of one.

use crate::api::{Fetch, Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::components::field::Field;
use crate::components::modal::Modal;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::reactive::{Callback, RwSignal, Signal, effect, handler, list};
use crate::state::people::{Team, User};
use leptos::prelude::*;

/// The dialog; opens when a team is put, of no id for a new one.
#[component]
pub(crate) fn TeamForm(
    /// The team; of no id for a new one.
    team: RwSignal<Option<Team>>,
    /// All users.
    users: Fetch<Vec<User>>,
    /// Called when something was changed.
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || open.set(team.with(Option::is_some)));
    effect(move || {
        if !open.get() && team.with_untracked(Option::is_some) {
            team.set(None);
        }
    });
    let title = Signal::derive(move || {
        let name = team.with(|team| team.as_ref().map(|team| team.name.clone()).unwrap_or_default());
        if name.is_empty() { "New team".to_owned() } else { format!("Edit {name}") }
    });
    let body = move || match team.get() {
        None => ().into_any(),
        Some(edited) => view! { <Form edited users open on_done /> }.into_any(),
    };
    view! { <Modal id="edit-team" title open>{body}</Modal> }
}

#[component]
fn Form(edited: Team, users: Fetch<Vec<User>>, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let Team { id, name, selector, members } = edited;
    let ids: Vec<String> = members.iter().map(|member| member.id.clone()).collect();
    let from_groups: Vec<String> = members.iter().filter(|m| m.from_groups).map(|m| m.id.clone()).collect();
    let checked = RwSignal::new(ids.clone());
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let text = |name| form::text(&sent, name).trim().to_owned();
        let saved = access::save_team(
            &id,
            &text("team-name"),
            &text("team-selector"),
            &ids,
            &checked.get_untracked(),
        );
        sending.send(saved, move |()| {
            open.set(false);
            on_done.run(());
        });
    };
    let member = move |user: User| {
        let fixed = from_groups.contains(&user.id);
        let (mine, toggled) = (user.id.clone(), user.id);
        let toggle = move |_| {
            let toggled = toggled.clone();
            checked.update(|all| match all.iter().position(|id| *id == toggled) {
                Some(at) => drop(all.remove(at)),
                None => all.push(toggled),
            });
        };
        let hint = fixed.then(|| view! { <span class="muted">" by the identity provider's groups"</span> });
        view! {
            <li><label class="check"><input type="checkbox" disabled=fixed
                prop:checked=move || checked.with(|all| all.contains(&mine)) on:change=handler(toggle) />
                {user.name}{hint}</label></li>
        }
        .into_any()
    };
    let all = move || list(users.data.get().unwrap_or_default().into_iter().map(member.clone()));
    let unknown = move || users.error.get().map(|error| view! { <p class="field-error">{error.detail}</p> });
    view! {
        <form class="form" on:submit=handler(send)>
            <Field id="team-name" label="Name" value=name placeholder="payments" />
            <Field id="team-selector" label="Its profiles" value=selector placeholder="{service_name=~\"pay-.*\"}"
                hint="A selector, as in the filter of Explore." />
            <fieldset class="field"><legend>"Members"</legend>{unknown}<ul class="checks">{all}</ul></fieldset>
            <SendingNotice sending />
            <div class="form-actions"><SendButton sending text="Save" /></div>
        </form>
    }
}
