//! What a person chooses for a snapshot: what it is called, who may open it, for how long, what is taken out.

use super::desk::ShareDesk;
use crate::browser::event::{Event, is_checked, value_of};
use crate::context::session::Session;
use crate::reactive::{Memo, handler, list, shown};
use crate::state::session::Who;
use crate::state::share::{Lifetime, Visibility};
use leptos::prelude::*;

/// Longest title and note, in characters; the server refuses longer ones.
pub(crate) const LONGEST_TITLE: &str = "200";
/// See [`LONGEST_TITLE`].
pub(crate) const LONGEST_NOTE: &str = "10000";

/// The fields.
#[component]
pub(crate) fn Choices(
    /// What they are kept in.
    desk: ShareDesk,
) -> impl IntoView {
    let form = desk.form;
    let visibility = Memo::new(move || form.with(|f| f.visibility));
    view! {
        <div class="share-fields">
            <label for="share-name">"Title"</label>
            <input id="share-name" class="input" type="text" maxlength=LONGEST_TITLE autocomplete="off"
                prop:value=move || form.with(|f| f.title.clone())
                on:input=handler(move |e: Event| form.update(|f| f.title = value_of(&e))) />
            <label for="share-note">"Note"</label>
            <textarea id="share-note" class="input" rows="2" maxlength=LONGEST_NOTE
                prop:value=move || form.with(|f| f.note.clone())
                on:input=handler(move |e: Event| form.update(|f| f.note = value_of(&e)))></textarea>
            <fieldset class="share-who">
                <legend>"Who can open it"</legend>
                {list(Visibility::ALL.map(|one| who(desk, one)))}
            </fieldset>
            {shown(move || visibility.get() == Visibility::Team, move || view! { <Teams desk /> }.into_any())}
            <label for="share-until">"For how long"</label>
            <select id="share-until" class="input" on:change=handler(move |e: Event| lasts(desk, &value_of(&e)))>
                {move || lastings(desk, visibility.get())}
            </select>
            <label class="check"><input type="checkbox" prop:checked=move || form.with(|f| f.is_strict())
                disabled=move || visibility.get() == Visibility::Link
                on:change=handler(move |e: Event| desk.choose(|f| f.strict = is_checked(&e))) />
                " Strict: take out all that may tell too much, not only secrets"
                {move || (visibility.get() == Visibility::Link).then_some(" (always so for everyone with the link)")}</label>
        </div>
    }
}

fn who(desk: ShareDesk, one: Visibility) -> AnyView {
    let checked = move || desk.form.with(|f| f.visibility == one);
    let me = use_context::<Session>().map(Session::me);
    // Until it is known who asks, the server says what may not be.
    let barred = Memo::new(move || {
        one == Visibility::Link
            && me.is_some_and(|me| me.with(|me| me.who != Who::Nobody && !me.may("shares:create-public")))
    });
    let why = move || if barred.get() { " You lack the permission for this." } else { "" };
    view! {
        <label class="share-choice">
            <input type="radio" name="share-who" value=one.as_str() prop:checked=checked
                disabled=move || barred.get()
                on:change=handler(move |_| desk.choose(|f| f.set_visibility(one))) />
            <span><strong>{one.label()}</strong><span class="share-meaning">{one.meaning()}{why}</span></span>
        </label>
    }
    .into_any()
}

fn lasts(desk: ShareDesk, label: &str) {
    if let Some(lasting) = Lifetime::ALL.into_iter().find(|l| l.label() == label) {
        desk.form.update(|f| f.lifetime = lasting);
    }
}

fn lastings(desk: ShareDesk, visibility: Visibility) -> AnyView {
    let now = desk.form.with_untracked(|f| f.lifetime);
    let one = |lasting: Lifetime| {
        view! { <option value=lasting.label() selected=lasting == now>{lasting.label()}</option> }.into_any()
    };
    list(Lifetime::ALL.into_iter().filter(|l| l.fits(visibility)).map(one))
}

/// The teams of the person, to choose one from.
#[component]
fn Teams(desk: ShareDesk) -> impl IntoView {
    let choose = move |e: Event| {
        let id = value_of(&e);
        desk.form.update(|f| f.team = (!id.is_empty()).then_some(id));
    };
    let options = move || {
        let teams = desk.teams.data.get().unwrap_or_default();
        list(teams.into_iter().map(|team| view! { <option value=team.id>{team.name}</option> }.into_any()))
    };
    let said = move || match (desk.teams.error.get(), desk.teams.data.with(|t| t.as_ref().map(Vec::len))) {
        (Some(error), _) => format!("The teams could not be loaded: {}.", error.title),
        (None, Some(0)) => "There is no team yet that you could share with.".to_owned(),
        _ => String::new(),
    };
    view! {
        <label for="share-team">"Team"</label>
        <select id="share-team" class="input" on:change=handler(choose)>
            <option value="">"choose a team"</option>
            {move || options()}
        </select>
        <p class="field-error" role="status">{move || said()}</p>
    }
}
