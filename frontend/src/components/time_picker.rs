//! The time range: presets, exact ends in local time or UTC, and the buttons beside them.

use super::popover::Popover;
use super::time_field::TimeField;
use super::time_steps::{range_label, range_name, range_text, time_steps};
use crate::browser::event::{Event, SubmitEvent, is_checked};
use crate::browser::{clock, page};
use crate::context::utc;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list};
use crate::state::time_range::{PRESETS, Span, TimeRange};
use crate::state::time_text::End;
use leptos::prelude::*;

#[component]
pub(crate) fn TimePicker(
    /// The range as chosen, relative or absolute.
    #[prop(into)]
    range: Signal<TimeRange>,
    /// Both ends of it.
    span: Memo<Span>,
    utc: RwSignal<bool>,
    /// Receives a new range.
    on_range: Callback<TimeRange>,
    /// Whether the link's range cannot be taken.
    #[prop(default = Signal::derive(|| false))]
    invalid: Signal<bool>,
    /// Ids of the fields for the ends, unique on the page.
    #[prop(default = ["time-from", "time-until"])]
    ids: [&'static str; 2],
) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = range_text(range, span, utc, invalid);
    let choose = Callback::new(move |range| {
        open.set(false);
        on_range.run(range);
    });
    let button = view! {
        <Popover name=range_name(text) label=move || range_label(text) open command="time">
            <div class="time-panel">
                <Exact range span utc on_range=choose ids />
                <ul class="list-menu presets" aria-label="Presets">
                    {list(PRESETS.map(|(name, preset)| view! {
                        <li>
                            <button
                                class="list-item"
                                type="button"
                                aria-pressed=move || (range.get() == preset).to_string()
                                on:click=handler(move |_| choose.run(preset))
                            >{name}</button>
                        </li>
                    }.into_any()))}
                </ul>
            </div>
        </Popover>
    };
    time_steps(range, span, on_range, button.into_any())
}

/// Fields for both ends.
#[component]
fn Exact(
    range: Signal<TimeRange>,
    span: Memo<Span>,
    utc: RwSignal<bool>,
    on_range: Callback<TimeRange>,
    ids: [&'static str; 2],
) -> impl IntoView {
    let problem = RwSignal::new(String::new());
    let apply = move |e: SubmitEvent| {
        e.prevent_default();
        let [from, until] = ids.map(page::field_text);
        let zone = clock::zone(utc.get_untracked());
        match TimeRange::parse_fields([&from, &until], zone, clock::now_ms()) {
            Ok(range) => {
                problem.set(String::new());
                on_range.run(range);
            }
            Err(text) => problem.set(text),
        }
    };
    let zone = move || clock::zone(false).name(span.get().end_ms());
    // Follows the range and not its ends: those of a relative one move while somebody types.
    let value = move |end: fn(Span) -> i64| {
        Signal::derive(move || {
            range.with(|_| ());
            End::At(end(span.get_untracked())).field_text(clock::zone(utc.get()))
        })
    };
    view! {
        <form class="exact-time" on:submit=handler(apply)>
            <TimeField id=ids[0] label="From" value=value(|span| span.from_ns) />
            <TimeField id=ids[1] label="Until" value=value(|span| span.until_ns) />
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || utc.get()
                    on:change=handler(move |e: Event| {
                        let on = is_checked(&e);
                        utc::store(on);
                        utc.set(on);
                    })
                />
                <span>"UTC (local time: " {move || zone()} ")"</span>
            </label>
            <span class="field-error" role="status">{move || problem.get()}</span>
            <button class="button primary" type="submit">"Apply"</button>
        </form>
    }
}
