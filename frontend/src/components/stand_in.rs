//! Stand-ins: what the first program shows in place of controls that it leaves out. They look like them; pressed, they have the full
//! program take over and run the command of the control.

use super::icon::{CHEVRON_DOWN, Icon};
use super::share_button::missing;
use crate::browser::event::{Event, FocusEvent, KeyboardEvent, value_of};
use crate::browser::{keys, page};
use crate::context::pending_action::{COMMAND, PendingActions};
use crate::reactive::{Callback, RwSignal, Signal, attribute, effect, handler, live_attribute, shown};
use leptos::prelude::*;

/// What hands an action over, and whether the full program could not be loaded.
pub(crate) fn handing_over() -> (Callback<String>, RwSignal<bool>) {
    let actions = use_context::<PendingActions>();
    let failed = RwSignal::new(false);
    let hand_over = Callback::new(move |action: String| {
        failed.set(false);
        actions.iter().for_each(|actions| actions.0.run((action.clone(), failed)));
    });
    (hand_over, failed)
}

/// The same for the action that runs a command.
fn commanding(command: &str) -> (Callback<()>, RwSignal<bool>) {
    let (hand_over, failed) = handing_over();
    let action = format!("{COMMAND}{command}");
    (Callback::new(move |()| hand_over.run(action.clone())), failed)
}

/// A button. `name` is its accessible name and its tooltip, where the label does not say it.
pub(crate) fn stand_in(
    command: String,
    class: &'static str,
    name: Option<String>,
    label: AnyView,
) -> AnyView {
    let (press, failed) = commanding(&command);
    view! {
        <button class=class type="button" data-command=command aria-label=name.clone() title=name
            on:click=handler(move |_| press.run(()))>{label}</button>
        {shown(move || failed.get(), missing)}
    }
    .into_any()
}

/// The button of a [`Popover`](super::popover::Popover); `end` as there.
pub(crate) fn stand_in_popover(
    command: &'static str,
    name: Signal<String>,
    label: AnyView,
    end: bool,
) -> AnyView {
    let (press, failed) = commanding(command);
    view! {
        <div class="popover">
            <button class="button" type="button" data-command=command
                on:click=handler(move |_| press.run(())) {..live_attribute("aria-label", move || Some(name.get()))}
                {..attribute("aria-haspopup", "dialog")} {..attribute("aria-expanded", "false")}>
                {label}<Icon path=CHEVRON_DOWN />
            </button>
            {shown(move || failed.get(), move || view! { <div class="panel" class:end=end>{missing()}</div> }.into_any())}
        </div>
    }
    .into_any()
}

/// The field of a [`Combobox`](super::combobox::Combobox), whose id is that of its command. Clicked, or at an arrow key, it asks for the
/// list; what is typed goes along.
pub(crate) fn stand_in_combobox(
    id: &'static str,
    label: &'static str,
    shown_text: Signal<String>,
) -> AnyView {
    let (hand_over, failed) = handing_over();
    let typed = RwSignal::new(None::<String>);
    let ask = move |text: &str| hand_over.run(format!("{COMMAND}{id}\n{text}"));
    let on_input = move |event: Event| {
        let text = value_of(&event);
        ask(&text);
        typed.set(Some(text));
    };
    let on_key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
            event.prevent_default();
            ask("");
        }
    };
    let text = move || typed.get().filter(|_| !failed.get()).unwrap_or_else(|| shown_text.get());
    view! {
        <div class="combobox">
            <input id=id class="input" type="text" role="combobox" data-command=id
                aria-label=label prop:value={text} {..live_attribute("title", move || Some(shown_text.get()))}
                on:focus=handler(|event: FocusEvent| page::select_text(&event)) on:click=handler(move |_| ask(""))
                on:input=handler(on_input) on:keydown=handler(on_key)
                {..attribute("autocomplete", "off")} {..attribute("spellcheck", "false")}
                {..attribute("aria-autocomplete", "list")} {..attribute("aria-expanded", "false")} />
        </div>
        {shown(move || failed.get(), missing)}
    }
    .into_any()
}

/// Hands over each time that `asked` becomes true.
pub(crate) fn stand_in_when(command: &'static str, asked: RwSignal<bool>) -> AnyView {
    let (press, failed) = commanding(command);
    effect(move || {
        if asked.get() {
            asked.set(false);
            press.run(());
        }
    });
    shown(move || failed.get(), missing)
}

/// Hands an action over at a key of the page.
pub(crate) fn stand_in_at_key(key: &'static str, action: &'static str) -> AnyView {
    let (hand_over, failed) = handing_over();
    keys::on_page_key(move |pressed| {
        let asked = pressed == key;
        if asked {
            hand_over.run(action.to_owned());
        }
        asked
    });
    shown(move || failed.get(), missing)
}
