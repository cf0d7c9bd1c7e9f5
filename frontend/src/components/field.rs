//! Labelled form controls. The id of a control is also its name in the form.

use crate::browser::event::{MouseEvent, value_of};
use crate::reactive::{RwSignal, handler, list};
use leptos::prelude::*;

/// A line of text.
#[component]
pub(crate) fn Field(
    /// Unique on the page; also its name in the form.
    id: &'static str,
    label: &'static str,
    #[prop(optional, into)] value: String,
    /// The `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// The `autocomplete` token.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] optional: bool,
    /// Read-only.
    #[prop(optional)]
    fixed: bool,
) -> impl IntoView {
    let machine = kind == "text" && autocomplete != "name";
    view! {
        <div class="field">
            <label for=id>{label}{optional.then(|| view! { <span class="field-optional">" (optional)"</span> })}</label>
            // As a property: the attribute does not change a field that somebody has typed in.
            <input class="input" id=id name=id type=kind prop:value=value autocomplete=autocomplete placeholder=placeholder
                required=!optional readonly=fixed autocapitalize=machine.then_some("none") spellcheck="false"
                aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint")) />
            {hint_line(id, hint)}
        </div>
    }
}

/// A password, which can be revealed.
#[component]
pub(crate) fn PasswordField(
    /// Unique on the page; also its name in the form.
    id: &'static str,
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let seen = RwSignal::new(false);
    let toggle = move |_: MouseEvent| seen.update(|seen| *seen = !*seen);
    // The server's minimum for new passwords.
    let least = (autocomplete == "new-password").then_some("10");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <span class="field-row">
                <input class="input" id=id name=id type=move || if seen.get() { "text" } else { "password" }
                    autocomplete=autocomplete required=true minlength=least maxlength="1024" autocapitalize="none" spellcheck="false"
                    aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint")) />
                <button class="button" type="button" aria-controls=id aria-pressed=move || seen.get().to_string()
                    on:click=handler(toggle)>"Show"<span class="visually-hidden">" password"</span></button>
            </span>
            {hint_line(id, hint)}
        </div>
    }
}

#[component]
pub(crate) fn Choose(
    /// Unique on the page; also its name in the form.
    id: &'static str,
    label: &'static str,
    /// Values and their labels.
    choices: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    /// Follows the selection.
    #[prop(optional)]
    chosen: Option<RwSignal<String>>,
) -> impl IntoView {
    let change = move |e| {
        if let Some(chosen) = chosen {
            chosen.set(value_of(&e));
        }
    };
    let option = move |(of, shown): (String, String)| {
        let selected = of == value;
        view! { <option value=of selected=selected>{shown}</option> }.into_any()
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select class="input" id=id name=id on:change=handler(change)
                aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint"))>{list(choices.into_iter().map(option))}</select>
            {hint_line(id, hint)}
        </div>
    }
}

fn hint_line(id: &str, hint: &'static str) -> AnyView {
    if hint.is_empty() {
        return ().into_any();
    }
    view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> }.into_any()
}
