//! Labelled controls of forms. The name under which a form finds a control is its id.

use crate::browser::event::{MouseEvent, value_of};
use crate::reactive::{RwSignal, handler, list};
use leptos::prelude::*;

/// A line of text.
#[component]
pub(crate) fn Field(
    /// Unique on the page; also its name in the form.
    id: &'static str,
    /// What stands above it.
    label: &'static str,
    /// Its text at first.
    #[prop(optional, into)]
    value: String,
    /// Type of the control.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser may fill in, as HTML's `autocomplete` names it.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Small print below.
    #[prop(optional)]
    hint: &'static str,
    /// Shown while it is empty.
    #[prop(optional)]
    placeholder: &'static str,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Whether it can only be read.
    #[prop(optional)]
    fixed: bool,
) -> impl IntoView {
    let machine = kind == "text" && autocomplete != "name";
    view! {
        <div class="field">
            <label for=id>{label}{optional.then(|| view! { <span class="field-optional">" (optional)"</span> })}</label>
            <input class="input" id=id name=id type=kind value=value autocomplete=autocomplete placeholder=placeholder
                required=!optional readonly=fixed autocapitalize=machine.then_some("none") spellcheck="false"
                aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint")) />
            {hint_line(id, hint)}
        </div>
    }
}

/// A secret that the person knows, which can be looked at.
#[component]
pub(crate) fn PasswordField(
    /// Unique on the page; also its name in the form.
    id: &'static str,
    /// What stands above it.
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// Small print below.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    let seen = RwSignal::new(false);
    let toggle = move |_: MouseEvent| seen.update(|seen| *seen = !*seen);
    // What the server wants of a new one; a shorter one need not be sent.
    let least = (autocomplete == "new-password").then_some("10");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <span class="field-row">
                <input class="input" id=id name=id type=move || if seen.get() { "text" } else { "password" }
                    autocomplete=autocomplete required=true minlength=least maxlength="1024" autocapitalize="none" spellcheck="false"
                    aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint")) />
                <button class="button" type="button" aria-controls=id aria-pressed=move || seen.get().to_string()
                    on:click=handler(toggle)>"Show"<span class="visually-hidden">" the password"</span></button>
            </span>
            {hint_line(id, hint)}
        </div>
    }
}

/// One of several.
#[component]
pub(crate) fn Choose(
    /// Unique on the page; also its name in the form.
    id: &'static str,
    /// What stands above it.
    label: &'static str,
    /// Values with what is shown of them.
    choices: Vec<(String, String)>,
    /// The value at first.
    #[prop(optional, into)]
    value: String,
    /// Small print below.
    #[prop(optional)]
    hint: &'static str,
    /// Told of another choice.
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
