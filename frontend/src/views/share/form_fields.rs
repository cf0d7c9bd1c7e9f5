//! Form of a snapshot: title, note, audience, lifetime, sanitization policy.

use super::dialog_state::ShareDialogState;
use crate::browser::event::{Event, is_checked, value_of};
use crate::context::session::Session;
use crate::reactive::{Memo, handler, list, shown};
use crate::state::session::Who;
use crate::state::share::{Lifetime, ShareTeam, Visibility};
use leptos::prelude::*;

/// Longest title, in characters, that the server accepts.
pub(crate) const LONGEST_TITLE: &str = "200";
/// Longest note, in characters, that the server accepts.
pub(crate) const LONGEST_NOTE: &str = "10000";

#[component]
pub(super) fn FormFields(dialog: ShareDialogState) -> impl IntoView {
    let form = dialog.form;
    let visibility = Memo::new(move || form.with(|f| f.visibility));
    let readers = move || {
        let excluded = visibility.get().excluded().map(|text| format!(" {text}")).unwrap_or_default();
        format!("{}{excluded}", dialog.readers())
    };
    view! {
        <div class="share-fields">
            <label for="share-name">"Title"</label>
            <input id="share-name" class="input" type="text" maxlength=LONGEST_TITLE autocomplete="off"
                prop:value=move || form.with(|f| f.title.clone())
                on:input=handler(move |e: Event| form.update(|f| f.call(value_of(&e)))) />
            <label for="share-note">"Note"</label>
            <textarea id="share-note" class="input" rows="2" maxlength=LONGEST_NOTE
                prop:value=move || form.with(|f| f.note.clone())
                on:input=handler(move |e: Event| form.update(|f| f.note = value_of(&e)))></textarea>
            <fieldset class="share-audience">
                <legend>"Who can open it"</legend>
                {list(Visibility::ALL.map(|one| visibility_choice(dialog, one)))}
            </fieldset>
            {shown(move || visibility.get() == Visibility::Team, move || view! { <Teams dialog /> }.into_any())}
            <p class="share-readers" role="status">{move || readers()}</p>
            <label for="share-until">"Expires after"</label>
            <select id="share-until" class="input" on:change=handler(move |e: Event| set_lifetime(dialog, &value_of(&e)))>
                {move || lifetime_options(dialog, visibility.get())}
            </select>
            <label class="check"><input type="checkbox" prop:checked=move || form.with(|f| f.is_strict())
                disabled=move || visibility.get() == Visibility::Link
                on:change=handler(move |e: Event| dialog.change_form(|f| f.strict = is_checked(&e))) />
                " Strict: remove everything that may be sensitive, not only secrets"
                {move || (visibility.get() == Visibility::Link).then_some(" (always on for public links)")}</label>
        </div>
    }
}

fn visibility_choice(dialog: ShareDialogState, one: Visibility) -> AnyView {
    let checked = move || dialog.form.with(|f| f.visibility == one);
    let me = use_context::<Session>().map(Session::me);
    // Until the session is known, the server decides.
    let denied = Memo::new(move || {
        one == Visibility::Link
            && me.is_some_and(|me| me.with(|me| me.who != Who::Nobody && !me.may("shares:create-public")))
    });
    let why = move || if denied.get() { " You don't have permission for this." } else { "" };
    view! {
        <label class="share-choice">
            <input type="radio" name="share-who" value=one.as_str() prop:checked=checked
                disabled=move || denied.get()
                on:change=handler(move |_| dialog.change_form(|f| f.choose(one))) />
            <span><strong>{one.label()}</strong><span class="share-meaning">{one.meaning()}{why}</span></span>
        </label>
    }
    .into_any()
}

fn set_lifetime(dialog: ShareDialogState, label: &str) {
    if let Some(lifetime) = Lifetime::ALL.into_iter().find(|l| l.label() == label) {
        dialog.form.update(|f| f.lifetime = lifetime);
    }
}

fn lifetime_options(dialog: ShareDialogState, visibility: Visibility) -> AnyView {
    let now = dialog.form.with_untracked(|f| f.lifetime);
    let one = |lifetime: Lifetime| {
        view! { <option value=lifetime.label() selected=lifetime == now>{lifetime.label()}</option> }
            .into_any()
    };
    list(Lifetime::ALL.into_iter().filter(|l| l.fits(visibility)).map(one))
}

/// The teams to choose one from.
#[component]
fn Teams(dialog: ShareDialogState) -> impl IntoView {
    let choose = move |e: Event| {
        let id = value_of(&e);
        dialog.change_form(|f| f.team = (!id.is_empty()).then_some(id));
    };
    let options = move || {
        let chosen = dialog.form.with_untracked(|f| f.team.clone());
        let option = |team: ShareTeam| {
            let selected = chosen.as_ref() == Some(&team.id);
            view! { <option value=team.id selected=selected>{team.name}</option> }.into_any()
        };
        list(dialog.teams.data.get().unwrap_or_default().into_iter().map(option))
    };
    let status =
        move || match (dialog.teams.error.get(), dialog.teams.data.with(|t| t.as_ref().map(Vec::len))) {
            (Some(error), _) => format!("The list of teams could not be loaded. {}", error.line()),
            (None, Some(0)) => "You have no teams to share with.".to_owned(),
            _ => String::new(),
        };
    view! {
        <label for="share-team">"Team"</label>
        <select id="share-team" class="input" on:change=handler(choose)>
            <option value="">"Choose a team"</option>
            {move || options()}
        </select>
        <p class="field-error" role="status">{move || status()}</p>
    }
}
