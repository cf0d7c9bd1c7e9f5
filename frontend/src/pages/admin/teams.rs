//! Teams: name, selector of their profiles, members.

use super::team_form::TeamForm;
use crate::api::{Fetch, access, people};
use crate::components::confirm::{Confirm, Question};
use crate::components::data_table::{data_table, row_action};
use crate::components::listing::listing;
use crate::components::section::Section;
use crate::reactive::{Callback, RwSignal};
use crate::state::people::{Team, User};
use leptos::prelude::*;

#[component]
pub(crate) fn Teams() -> impl IntoView {
    let (teams, users) = (Fetch::<Vec<Team>>::new(), Fetch::<Vec<User>>::new());
    let reload = Callback::new(move |()| {
        teams.start(|_| access::teams());
        users.start(|_| people::users());
    });
    reload.run(());
    let question = RwSignal::new(None::<Question>);
    let editing = RwSignal::new(None::<Team>);
    let rows = move |all: Vec<Team>| {
        let rows = all.into_iter().map(move |team| row(team, question, editing));
        data_table("Teams", &["Team", "Profiles", "Members"], rows)
    };
    let create = Callback::new(move |()| editing.set(Some(Team::default())));
    view! {
        <Section id="teams-title" title="Teams" action="New team…" on_action=create main=true>
            <p class="muted about">"A team is a group of users and a selector of its profiles. Roles for members are granted under "
                <a href="/admin/access">"Access"</a>"."</p>
            {listing("The list of teams", teams, reload, "There are no teams yet.", rows)}
            <TeamForm team=editing users on_done=reload />
            <Confirm id="confirm-team" question on_done=reload />
        </Section>
    }
}

fn row(team: Team, question: RwSignal<Option<Question>>, editing: RwSignal<Option<Team>>) -> AnyView {
    let members: Vec<&str> = team.members.iter().map(|member| member.name.as_str()).collect();
    let members = if members.is_empty() { "none".to_owned() } else { members.join(", ") };
    let (id, name, edited) = (team.id.clone(), team.name.clone(), team.clone());
    let edit = row_action("Edit…", format!("Edit {name}"), move || editing.set(Some(edited.clone())));
    let title = format!("Delete team {name}?");
    let delete = row_action("Delete…", format!("Delete {name}"), move || {
        let id = id.clone();
        let text = "Members immediately lose the access that they have through it, and all roles for its profiles are \
            deleted. The profiles stay. This cannot be undone.";
        question.set(Some(Question::new(title.clone(), text, "Delete", move || access::delete_team(&id))));
    });
    view! {
        <tr>
            <th scope="row">{team.name}</th>
            <td data-label="Profiles"><code>{team.selector}</code></td>
            <td data-label="Members">{members}</td>
            <td class="row-actions">{edit}{delete}</td>
        </tr>
    }
    .into_any()
}
