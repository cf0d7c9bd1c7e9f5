//! Teams: their names, which profiles are theirs, who is in them.

use super::team_form::TeamForm;
use crate::api::{Fetch, access, people};
use crate::components::confirm::{Confirm, Question};
use crate::components::listing::listing;
use crate::reactive::{Callback, RwSignal, handler, list};
use crate::state::people::{Team, User};
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn Teams() -> impl IntoView {
    let (teams, users) = (Fetch::<Vec<Team>>::new(), Fetch::<Vec<User>>::new());
    let again = Callback::new(move |()| {
        teams.start(|_| access::teams());
        users.start(|_| people::users());
    });
    again.run(());
    let question = RwSignal::new(None::<Question>);
    let editing = RwSignal::new(None::<Team>);
    let rows = move |all: Vec<Team>| {
        view! {
            <table class="rows">
                <caption class="visually-hidden">"Teams"</caption>
                <thead><tr><th scope="col">"Team"</th><th scope="col">"Its profiles"</th><th scope="col">"Members"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{list(all.into_iter().map(move |team| row(team, question, editing)))}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="paper" aria-labelledby="teams-title">
            <div class="paper-head">
                <h2 id="teams-title">"Teams"</h2>
                <button class="button primary" type="button"
                    on:click=handler(move |_| editing.set(Some(Team::default())))>"New team…"</button>
            </div>
            <p class="muted">"A team is people and a selector of the profiles that are theirs. What its members may do with them is said under "
                <a href="/admin/access">"Access"</a>"."</p>
            {listing("The list of teams", teams, again, "There are no teams yet.", rows)}
            <TeamForm team=editing users on_done=again />
            <Confirm id="confirm-team" question on_done=again />
        </section>
    }
}

fn row(team: Team, question: RwSignal<Option<Question>>, editing: RwSignal<Option<Team>>) -> AnyView {
    let members: Vec<&str> = team.members.iter().map(|member| member.name.as_str()).collect();
    let members = if members.is_empty() { "nobody".to_owned() } else { members.join(", ") };
    let (id, name) = (team.id.clone(), team.name.clone());
    let (edit_label, delete_label) = (format!("Edit {name}"), format!("Delete {name}"));
    let delete = move |_| {
        let id = id.clone();
        let text = "What its members may do through it ends at once, and every role over its profiles goes with it. \
            The profiles stay. This cannot be undone.";
        question.set(Some(Question::new(format!("Delete the team {name}?"), text, "Delete", move || {
            access::delete_team(&id)
        })));
    };
    let edited = team.clone();
    view! {
        <tr>
            <th scope="row">{team.name}</th>
            <td data-label="Its profiles"><code>{team.selector}</code></td>
            <td data-label="Members">{members}</td>
            <td class="row-actions">
                <button class="button" type="button" aria-label=edit_label
                    on:click=handler(move |_| editing.set(Some(edited.clone())))>"Edit…"</button>
                <button class="button" type="button" aria-label=delete_label on:click=handler(delete)>"Delete…"</button>
            </td>
        </tr>
    }
    .into_any()
}
