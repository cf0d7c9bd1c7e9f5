//! A text field with a list of options, after the ARIA combobox pattern: typing filters the list, arrow keys move through
//! it, Enter accepts, Escape closes it without a change.

mod state;

use crate::browser::event::{Event, FocusEvent, KeyboardEvent, PointerEvent, value_of};
use crate::browser::page;
use crate::reactive::{Callback, Signal, handler, list};
use leptos::prelude::*;
use state::ComboboxState;

/// Most options shown at once; more are found by typing.
const SHOWN: usize = 100;

/// An option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    /// The displayed text.
    pub(crate) label: String,
    /// Small print beside it, such as the number of series.
    pub(crate) detail: String,
}

/// What the field accepts beside options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Options only.
    #[default]
    Option,
    /// Text that matches no option, too. The list opens on focus.
    OptionOrText,
    /// Text as typed, unless an option was reached with the arrow keys. The list opens on focus.
    Text,
}

/// A searchable picker.
#[component]
pub(crate) fn Combobox(
    /// Unique on the page.
    id: &'static str,
    /// Accessible name.
    label: &'static str,
    /// What the field shows while it is not edited.
    #[prop(into)]
    shown: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    /// Receives the accepted value.
    on_choose: Callback<String>,
    #[prop(optional)] entry: Entry,
    /// Called when the list opens, as the moment to fetch options.
    #[prop(optional, into)]
    on_open: Option<Callback<()>>,
    #[prop(optional)] placeholder: &'static str,
    /// The command that opens it, see [`crate::state::command`].
    #[prop(optional)]
    command: Option<&'static str>,
) -> impl IntoView {
    let state = ComboboxState::new(shown, choices, entry);
    let open = move || {
        if state.open() {
            on_open.inspect(|call| call.run(()));
        }
    };
    let choose = Callback::new(move |value| {
        state.close();
        on_choose.run(value);
    });
    let step = move |by: isize| {
        open();
        page::reveal(&format!("{id}-{}", state.step(by)));
    };
    let on_key = move |e: KeyboardEvent| {
        match e.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(-1),
            "Enter" if state.is_open() => state.accepted().into_iter().for_each(|value| choose.run(value)),
            "Escape" if state.is_open() => state.close(),
            _ => return,
        }
        e.prevent_default();
    };
    let on_focus = move |e: FocusEvent| {
        page::select_text(&e);
        if entry != Entry::Option {
            open();
        }
    };
    let on_input = move |e: Event| {
        open();
        state.type_text(value_of(&e));
    };
    view! {
        <div class="combobox">
            <input id=id class="input" type="text" role="combobox" data-command=command autocomplete="off" spellcheck="false"
                aria-label=label aria-autocomplete="list" aria-controls=format!("{id}-list")
                aria-expanded=move || state.expanded.get().to_string()
                aria-activedescendant=move || state.active_option().map(|at| format!("{id}-{at}"))
                placeholder=placeholder prop:value=move || state.text() title=move || shown.get()
                on:focus=handler(on_focus) on:click=handler(move |_| open()) on:blur=handler(move |_| state.close())
                on:input=handler(on_input) on:keydown=handler(on_key) />
            {options(id, label, state, choose)}
        </div>
    }
}

/// The list below the field.
fn options(id: &'static str, label: &'static str, state: ComboboxState, choose: Callback<String>) -> AnyView {
    let option = move |(i, Choice { value, label, detail }): (usize, Choice)| {
        let active = move || state.active.get() == Some(i);
        view! {
            <li id=format!("{id}-{i}") role="option" class:active=active aria-selected=move || active().to_string()
                on:pointerdown=handler(|e: PointerEvent| e.prevent_default()) on:click=handler(move |_| choose.run(value.clone()))>
                <span class="choice-label">{label}</span>
                <span class="choice-detail">{detail}</span>
            </li>
        }
        .into_any()
    };
    let items = move || state.found.with(|all| list(all.iter().take(SHOWN).cloned().enumerate().map(option)));
    let more = move || match state.found.with(Vec::len) {
        0 => "No matches".to_owned(),
        n if n > SHOWN => format!("{} more. Type to filter.", n - SHOWN),
        _ => String::new(),
    };
    view! {
        <div class="choices" hidden=move || !state.expanded.get()>
            <ul id=format!("{id}-list") role="listbox" aria-label=label>{move || items()}</ul>
            <p class="choices-more" hidden=move || more().is_empty()>{move || more()}</p>
        </div>
    }
    .into_any()
}
