//! Changes what may change of a share. That more people may open it is asked for a second time.

use super::SharesState;
use crate::api::Fetch;
use crate::api::shares::{self, Row, ShareChange, Team};
use crate::browser::event::{Event, SubmitEvent, is_checked, value_of};
use crate::browser::page;
use crate::reactive::{Memo, RwSignal, effect, handler, list, shown};
use crate::state::share::{Lifetime, Visibility};
use crate::views::share::form_fields::{LONGEST_NOTE, LONGEST_TITLE};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The word for "as it is".
const KEEP: &str = "";

/// The form.
#[component]
pub(crate) fn Edit(
    /// The page.
    state: SharesState,
    /// The share.
    row: Row,
) -> impl IntoView {
    let (title, note) = (RwSignal::new(row.title.clone()), RwSignal::new(row.note.clone()));
    let visibility = RwSignal::new(row.visibility);
    let team = RwSignal::new(row.team.clone());
    let lasting = RwSignal::new(None::<Lifetime>);
    let (sure, wrong) = (RwSignal::new(false), RwSignal::new(String::new()));
    let before = row.visibility;
    let widens = Memo::new(move || visibility.get() > before);
    let name = row.title.clone();
    let save = move |e: SubmitEvent| {
        e.prevent_default();
        let row = row.clone();
        let given = |now: String, before: &str| (now != before).then_some(now);
        let moved = visibility.get_untracked() != before || team.get_untracked() != row.team;
        let team = Some(team.get_untracked()).filter(|_| visibility.get_untracked() == Visibility::Team);
        let change = ShareChange {
            title: given(title.get_untracked(), &row.title),
            note: given(note.get_untracked(), &row.note),
            visibility: moved.then(|| (visibility.get_untracked(), team)),
            days: lasting.get_untracked().map(|l| l.days),
            confirmed: sure.get_untracked() && widens.get_untracked(),
        };
        spawn_local(async move {
            let done = shares::change(&row, change).await.map(drop);
            if let Err(error) = &done
                && wrong.try_get_untracked().is_some()
            {
                wrong.set(format!("{}: {}", error.title, error.detail));
            }
            state.told(done, "Changed.");
        });
    };
    page::focus_soon("edit-title");
    let blocked = move || widens.get() && !sure.get();
    view! {
        <form class="shares-doing" aria-labelledby="edit-head" on:submit=handler(save)>
            <h2 id="edit-head">{format!("Edit “{name}”")}</h2>
            <div class="share-fields">
                <label for="edit-title">"Title"</label>
                <input id="edit-title" class="input" maxlength=LONGEST_TITLE required=true prop:value=move || title.get()
                    on:input=handler(move |e: Event| title.set(value_of(&e))) />
                <label for="edit-note">"Note"</label>
                <textarea id="edit-note" class="input" rows="3" maxlength=LONGEST_NOTE prop:value=move || note.get()
                    on:input=handler(move |e: Event| note.set(value_of(&e)))></textarea>
                <Who visibility />
                {shown(move || visibility.get() == Visibility::Team, move || view! { <TeamOf team /> }.into_any())}
                <label for="edit-until">"For how long from now on"</label>
                <select id="edit-until" class="input"
                    on:change=handler(move |e: Event| lasting.set(chosen(&value_of(&e))))>
                    <option value=KEEP>"as it is"</option>
                    {move || list(Lifetime::ALL.into_iter().filter(|l| l.fits(visibility.get()))
                        .map(|l| view! { <option value=l.label()>{l.label()}</option> }.into_any()))}
                </select>
            </div>
            {shown(move || widens.get(), move || view! { <Widens visibility sure /> }.into_any())}
            <p class="field-error" role="alert">{move || wrong.get()}</p>
            <div class="share-row">
                <button class="button primary" type="submit" disabled=blocked>"Save changes"</button>
                <button class="button" type="button" on:click=handler(move |_| state.doing.set(None))>"Cancel"</button>
            </div>
        </form>
    }
}

fn chosen(label: &str) -> Option<Lifetime> {
    Lifetime::ALL.into_iter().find(|l| l.label() == label)
}

#[component]
fn Who(visibility: RwSignal<Visibility>) -> impl IntoView {
    let first = visibility.get_untracked();
    let choose = move |e: Event| {
        Visibility::parse(&value_of(&e)).into_iter().for_each(|v| visibility.set(v));
    };
    view! {
        <label for="edit-who">"Who can open it"</label>
        <select id="edit-who" class="input" aria-describedby="edit-means" on:change=handler(choose)>
            {list(Visibility::ALL.map(|one| view! {
                <option value=one.as_str() selected=one == first>{one.label()}</option>
            }.into_any()))}
        </select>
        <p id="edit-means" class="share-meaning">{move || visibility.get().meaning()}</p>
    }
}

#[component]
fn TeamOf(team: RwSignal<String>) -> impl IntoView {
    let teams = Fetch::<Vec<Team>>::new();
    effect(move || teams.start(shares::teams));
    let options = move || {
        let now = team.get_untracked();
        let one = move |t: Team| {
            let selected = t.id == now;
            view! { <option value=t.id selected=selected>{t.name}</option> }.into_any()
        };
        list(teams.data.get().unwrap_or_default().into_iter().map(one))
    };
    view! {
        <label for="edit-team">"Team"</label>
        <select id="edit-team" class="input" on:change=handler(move |e: Event| team.set(value_of(&e)))>
            <option value="">"choose a team"</option>{move || options()}
        </select>
    }
}

/// That more people may open it is meant so.
#[component]
fn Widens(visibility: RwSignal<Visibility>, sure: RwSignal<bool>) -> impl IntoView {
    let more = move || match visibility.get() {
        Visibility::Link => {
            "Anyone who has the link will see it. Before that, all that may tell too much is taken out (strict): labels that \
             are not on the list go, hosts become hashes, paths are shortened, small nodes are merged. The link shows what is \
             left from then on."
        }
        _ => "More people will be able to open it than now.",
    };
    view! {
        <div class="warning" role="alert">
            <p>{move || more()}</p>
            <label class="check"><input type="checkbox" prop:checked=move || sure.get()
                on:change=handler(move |e: Event| sure.set(is_checked(&e))) />" More people may open it; I mean that"</label>
        </div>
    }
}
