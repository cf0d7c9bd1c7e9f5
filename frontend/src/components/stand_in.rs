//! Stand-ins: what the first program shows in place of controls that it leaves out. They look like them; pressed, they have the full
//! program take over and run the command of the control.

use super::icon::{CHEVRON_DOWN, Icon};
use super::share_button::missing;
use crate::context::pending_action::{COMMAND, PendingActions};
use crate::reactive::{Callback, RwSignal, Signal, effect, handler, shown};
use leptos::prelude::*;

/// What hands over, and whether the full program could not be loaded.
pub(crate) fn handing_over(command: &str) -> (Callback<()>, RwSignal<bool>) {
    let actions = use_context::<PendingActions>();
    let failed = RwSignal::new(false);
    let action = format!("{COMMAND}{command}");
    let press = Callback::new(move |()| {
        failed.set(false);
        actions.iter().for_each(|actions| actions.0.run((action.clone(), failed)));
    });
    (press, failed)
}

/// A button. `name` is its accessible name and its tooltip, where the label does not say it.
pub(crate) fn stand_in(
    command: String,
    class: &'static str,
    name: Option<String>,
    label: AnyView,
) -> AnyView {
    let (press, failed) = handing_over(&command);
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
    let (press, failed) = handing_over(command);
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
    let (press, failed) = handing_over(command);
    effect(move || {
        if asked.get() {
            asked.set(false);
            press.run(());
        }
    });
    shown(move || failed.get(), missing)
}
