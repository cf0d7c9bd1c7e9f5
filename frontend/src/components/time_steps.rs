//! The time range as its button says it, and the buttons beside it: earlier, later and wider.

use super::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, CLOCK, Icon, ZOOM_OUT};
use crate::browser::clock;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler};
use crate::state::time_range::{Span, TimeRange};
use leptos::prelude::*;

/// A relative range by its name, another by its ends; a request for one while the link's cannot be taken.
pub(crate) fn range_text(
    range: Signal<TimeRange>,
    span: Memo<Span>,
    utc: RwSignal<bool>,
    invalid: Signal<bool>,
) -> Signal<String> {
    Signal::derive(move || {
        if invalid.get() {
            return "choose one".to_owned();
        }
        let Span { from_ns, until_ns } = span.get();
        range.get().label().unwrap_or_else(|| clock::zone(utc.get()).range(from_ns, until_ns))
    })
}

/// The accessible name of the button that says `text`.
pub(crate) fn range_name(text: Signal<String>) -> Signal<String> {
    Signal::derive(move || format!("Time range: {}", text.get()))
}

/// The label of that button.
pub(crate) fn range_label(text: Signal<String>) -> AnyView {
    view! { <Icon path=CLOCK /><span class="button-text">{move || text.get()}</span> }.into_any()
}

/// The button between those beside it.
pub(crate) fn time_steps(
    range: Signal<TimeRange>,
    span: Memo<Span>,
    on_range: Callback<TimeRange>,
    button: AnyView,
) -> AnyView {
    view! {
        <div class="time-picker" role="group" aria-label="Time range">
            <button class="button icon-only" type="button" aria-label="Earlier" title="Earlier"
                on:click=handler(move |_| on_range.run(span.get_untracked().shifted(-1)))>
                <Icon path=CHEVRON_LEFT />
            </button>
            {button}
            <button class="button icon-only" type="button" aria-label="Later" title="Later"
                prop:disabled=move || range.get().is_relative()
                on:click=handler(move |_| on_range.run(span.get_untracked().shifted(1)))>
                <Icon path=CHEVRON_RIGHT />
            </button>
            <button class="button icon-only" type="button" aria-label="Zoom out" title="Zoom out"
                on:click=handler(move |_| on_range.run(span.get_untracked().zoomed_out(clock::now_ms())))>
                <Icon path=ZOOM_OUT />
            </button>
        </div>
    }
    .into_any()
}
