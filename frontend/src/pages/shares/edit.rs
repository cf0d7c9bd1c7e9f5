//! The form that edits a share. Giving more people access has to be confirmed.

use super::SharesState;
use crate::api::shares::{self, Row, ShareChange};
use crate::api::{Fetch, Sending};
use crate::browser::event::{Event, SubmitEvent, is_checked, value_of};
use crate::browser::page;
use crate::reactive::{Memo, RwSignal, effect, handler, list, shown};
use crate::state::share::{EVERYONE_SIGNED_IN, Lifetime, ShareTeam, Visibility};
use crate::views::share::form_fields::{LONGEST_NOTE, LONGEST_TITLE};
use leptos::prelude::*;

/// The option that leaves the expiry unchanged.
const KEEP: &str = "";

#[component]
pub(crate) fn Edit(state: SharesState, row: Row) -> impl IntoView {
    let (title, note) = (RwSignal::new(row.title.clone()), RwSignal::new(row.note.clone()));
    let visibility = RwSignal::new(row.visibility);
    let team = RwSignal::new(row.team.clone());
    let lasting = RwSignal::new(None::<Lifetime>);
    let (confirmed, sending) = (RwSignal::new(false), Sending::default());
    let before = row.visibility;
    let row_access = row.access();
    let widens = Memo::new(move || visibility.get() > before);
    let name = row.title.clone();
    let save = move |e: SubmitEvent| {
        e.prevent_default();
        let given = |now: String, before: &str| (now != before).then_some(now);
        let moved = visibility.get_untracked() != before || team.get_untracked() != row.team;
        let team = Some(team.get_untracked()).filter(|_| visibility.get_untracked() == Visibility::Team);
        let change = ShareChange {
            title: given(title.get_untracked(), &row.title),
            note: given(note.get_untracked(), &row.note),
            visibility: moved.then(|| (visibility.get_untracked(), team)),
            days: lasting.get_untracked().map(|l| l.days),
            confirmed: confirmed.get_untracked() && widens.get_untracked(),
        };
        sending.send(shares::change(&row, change), move |()| state.done("Changes saved."));
    };
    page::focus_soon("edit-title");
    let blocked = move || sending.pending.get() || (widens.get() && !confirmed.get());
    view! {
        <form class="shares-form" aria-labelledby="edit-form-title" on:submit=handler(save)>
            <h2 id="edit-form-title">{format!("Edit “{name}”")}</h2>
            <div class="share-fields">
                <label for="edit-title">"Title"</label>
                <input id="edit-title" class="input" maxlength=LONGEST_TITLE required=true prop:value=move || title.get()
                    on:input=handler(move |e: Event| title.set(value_of(&e))) />
                <label for="edit-note">"Note"</label>
                <textarea id="edit-note" class="input" rows="3" maxlength=LONGEST_NOTE prop:value=move || note.get()
                    on:input=handler(move |e: Event| note.set(value_of(&e)))></textarea>
                <Access visibility as_before=row_access />
                {shown(move || visibility.get() == Visibility::Team, move || view! { <TeamPicker team /> }.into_any())}
                <label for="edit-until">"Expires after (from now)"</label>
                <select id="edit-until" class="input"
                    on:change=handler(move |e: Event| lasting.set(chosen(&value_of(&e))))>
                    <option value=KEEP>"Unchanged"</option>
                    {move || list(Lifetime::ALL.into_iter().filter(|l| l.fits(visibility.get()))
                        .map(|l| view! { <option value=l.label()>{l.label()}</option> }.into_any()))}
                </select>
            </div>
            {shown(move || widens.get(), move || view! { <ConfirmWider visibility confirmed /> }.into_any())}
            {super::problem(sending)}
            <div class="share-row">
                <button class="button primary" type="submit" disabled=blocked>"Save changes"</button>
                {super::close_button(state, "Cancel")}
            </div>
        </form>
    }
}

fn chosen(label: &str) -> Option<Lifetime> {
    Lifetime::ALL.into_iter().find(|l| l.label() == label)
}

/// The choice of the audience. `as_before` names the present one, which may be wider than a new share's.
#[component]
fn Access(visibility: RwSignal<Visibility>, as_before: &'static str) -> impl IntoView {
    let first = visibility.get_untracked();
    let label = move |one: Visibility| if one == first { as_before } else { one.label() };
    let meaning = move || match visibility.get() {
        one if one == first && as_before == EVERYONE_SIGNED_IN => {
            "Everyone with an account on this server, once signed in, as when it was shared. “Restrict” in the list limits it to \
             people with a role over the whole organisation."
        }
        one => one.meaning(),
    };
    let choose = move |e: Event| {
        Visibility::parse(&value_of(&e)).into_iter().for_each(|v| visibility.set(v));
    };
    view! {
        <label for="edit-who">"Who can open it"</label>
        <select id="edit-who" class="input" aria-describedby="edit-means" on:change=handler(choose)>
            {list(Visibility::ALL.map(|one| view! {
                <option value=one.as_str() selected=one == first>{label(one)}</option>
            }.into_any()))}
        </select>
        <p id="edit-means" class="share-meaning">{move || meaning()}</p>
    }
}

#[component]
fn TeamPicker(team: RwSignal<String>) -> impl IntoView {
    let teams = Fetch::<Vec<ShareTeam>>::new();
    effect(move || teams.start(shares::teams));
    let options = move || {
        let now = team.get_untracked();
        let one = move |t: ShareTeam| {
            let selected = t.id == now;
            view! { <option value=t.id selected=selected>{t.name}</option> }.into_any()
        };
        list(teams.data.get().unwrap_or_default().into_iter().map(one))
    };
    let problem = move || match (teams.error.get(), teams.data.with(|all| all.as_ref().map(Vec::len))) {
        (Some(error), _) => format!("The list of teams could not be loaded. {}", error.line()),
        (None, Some(0)) => "You have no teams to share with.".to_owned(),
        _ => String::new(),
    };
    view! {
        <label for="edit-team">"Team"</label>
        <select id="edit-team" class="input" on:change=handler(move |e: Event| team.set(value_of(&e)))>
            <option value="">"Choose a team"</option>{move || options()}
        </select>
        <p class="field-error" role="status">{move || problem()}</p>
    }
}

/// Confirms that more people get access.
#[component]
fn ConfirmWider(visibility: RwSignal<Visibility>, confirmed: RwSignal<bool>) -> impl IntoView {
    let more = move || match visibility.get() {
        Visibility::Link => {
            "Anyone with the link will be able to see it. First, the snapshot is sanitized with the strict policy: labels that \
             are not allowlisted are removed, hosts are hashed, paths are shortened, small nodes are merged. The link then shows \
             the sanitized snapshot."
        }
        _ => "More people will be able to open it.",
    };
    view! {
        <div class="warning" role="alert">
            <p>{move || more()}</p>
            <label class="check"><input type="checkbox" prop:checked=move || confirmed.get()
                on:change=handler(move |e: Event| confirmed.set(is_checked(&e))) />" Give more people access"</label>
        </div>
    }
}
