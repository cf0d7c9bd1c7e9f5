//! The command palette: one field that finds services, functions, pages, shares and actions.

mod actions;
mod found;
mod functions;

use crate::browser::event::{Event, KeyboardEvent, PointerEvent, value_of};
use crate::browser::history::Address;
use crate::browser::{page, timer};
use crate::components::modal::Modal;
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, Signal, effect, handler, list};
use crate::state::palette::{Entry, Group};
use actions::run;
use found::Found;
use leptos::prelude::*;

const DIALOG: &str = "palette";
const FIELD: &str = "palette-text";
const LIST: &str = "palette-list";

/// Whether the palette is open. In the context of the full program.
#[derive(Clone, Copy)]
pub(crate) struct PaletteState(RwSignal<bool>);

impl PaletteState {
    /// Puts it into the context.
    pub(crate) fn provide() -> PaletteState {
        let state = PaletteState(RwSignal::new(false));
        provide_context(state);
        state
    }

    pub(crate) fn open(self) {
        self.0.set(true);
    }
}

/// The dialog; put once on the page.
#[component]
pub(crate) fn Palette(address: Address) -> impl IntoView {
    let Some(PaletteState(open)) = use_context::<PaletteState>() else { return ().into_any() };
    view! { <Modal id=DIALOG title="Search and commands" open><Search address open /></Modal> }.into_any()
}

/// The field and what it finds.
#[component]
fn Search(address: Address, open: RwSignal<bool>) -> impl IntoView {
    let found = Found::new(address.query);
    let utc = expect_context::<Utc>();
    // The entry that was reached with the arrow keys; else the first one is active.
    let moved = RwSignal::new(None::<Entry>);
    // Enter was pressed before the answer for the typed text was there.
    let accepted = RwSignal::new(false);
    let active = Memo::new(move || {
        let at = moved.get().and_then(|moved| found.entries.with(|all| all.iter().position(|e| *e == moved)));
        at.unwrap_or(0)
    });
    let choose = move |at: usize| {
        let Some(entry) = found.entries.with_untracked(|all| all.get(at).cloned()) else { return };
        open.set(false);
        // Once the dialog has closed and given the focus back.
        timer::after(0, move || run(address, utc, &entry.target));
    };
    effect(move || {
        if accepted.get() && !found.is_awaited() {
            accepted.set(false);
            choose(active.get_untracked());
        }
    });
    let step = move |by: isize| {
        let count = found.entries.with_untracked(Vec::len);
        if count > 0 {
            let at = (active.get_untracked() + count).saturating_add_signed(by) % count;
            moved.set(found.entries.with_untracked(|all| all.get(at).cloned()));
            page::reveal(&option_id(at));
        }
    };
    let on_key = move |e: KeyboardEvent| {
        match e.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(-1),
            "Enter" => accepted.set(true),
            _ => return,
        }
        e.prevent_default();
    };
    let on_input = move |e: Event| {
        moved.set(None);
        accepted.set(false);
        found.type_text(value_of(&e));
    };
    // After the dialog has opened, which focuses its first button.
    timer::after(0, || page::focus_soon(FIELD));
    let any = move || found.entries.with(|all| !all.is_empty());
    view! {
        <input id=FIELD class="input palette-field" type="text" role="combobox" autocomplete="off" spellcheck="false"
            aria-label="Search services, functions, pages and commands" placeholder="Service, function, page or command"
            aria-autocomplete="list" aria-controls=LIST aria-expanded=move || any().to_string()
            aria-activedescendant=move || any().then(|| option_id(active.get()))
            on:input=handler(on_input) on:keydown=handler(on_key) />
        <div id=LIST class="palette-list" role="listbox" aria-label="Results">
            {move || groups(found.entries.get(), active, choose)}
        </div>
        <p class="palette-state" role="status">{move || found.status()}</p>
    }
}

fn option_id(at: usize) -> String {
    format!("palette-{at}")
}

/// The entries under the headings of their groups.
fn groups(entries: Vec<Entry>, active: Memo<usize>, choose: impl Fn(usize) + Copy + 'static) -> AnyView {
    let mut groups: Vec<(Group, Vec<AnyView>)> = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        if groups.last().is_none_or(|(group, _)| *group != entry.group) {
            groups.push((entry.group, Vec::new()));
        }
        let option = option(at, entry, active, choose);
        if let Some((_, options)) = groups.last_mut() {
            options.push(option);
        }
    }
    list(groups.into_iter().map(|(group, options)| {
        view! {
            <div role="group" aria-label=group.title()>
                <p class="palette-heading" aria-hidden="true">{group.title()}</p>
                {list(options)}
            </div>
        }
        .into_any()
    }))
}

fn option(at: usize, entry: Entry, active: Signal<usize>, choose: impl Fn(usize) + 'static) -> AnyView {
    let is_active = move || active.get() == at;
    view! {
        <div id=option_id(at) class="palette-option" role="option" class:active=is_active
            aria-selected=move || is_active().to_string()
            on:pointerdown=handler(|e: PointerEvent| e.prevent_default()) on:click=handler(move |_| choose(at))>
            <span class="choice-label">{entry.label}</span>
            <span class="choice-detail">{entry.detail}</span>
        </div>
    }
    .into_any()
}
