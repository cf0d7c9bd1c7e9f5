//! Stand-ins: what the first program shows in place of controls that it leaves out. They look like them; pressed, they have the full
//! program take over and run the command of the control.

use super::icon::{CHEVRON_DOWN, Icon};
use super::share_button::missing;
use crate::browser::keys;
use crate::context::pending_action::{COMMAND, PendingActions};
use crate::reactive::{Callback, RwSignal, Signal, effect, handler, shown};
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
pub(crate) fn commanding(command: &str) -> (Callback<()>, RwSignal<bool>) {
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
            <button class="button" type="button" data-command=command aria-haspopup="dialog" aria-expanded="false"
                aria-label=move || name.get() on:click=handler(move |_| press.run(()))>
                {label}<Icon path=CHEVRON_DOWN />
            </button>
            {shown(move || failed.get(), move || view! { <div class="panel" class:end=end>{missing()}</div> }.into_any())}
        </div>
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
