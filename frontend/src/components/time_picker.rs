//! The time range: presets, exact ends in local time or UTC, earlier, later and wider.

use super::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, CLOCK, Icon, ZOOM_OUT};
use super::popover::Popover;
use super::time_field::TimeField;
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
    let text = move || {
        if invalid.get() {
            return "choose one".to_owned();
        }
        let Span { from_ns, until_ns } = span.get();
        range.get().label().unwrap_or_else(|| clock::zone(utc.get()).range(from_ns, until_ns))
    };
    let choose = Callback::new(move |range| {
        open.set(false);
        on_range.run(range);
    });
    let label = move || view! { <Icon path=CLOCK /><span class="button-text">{move || text()}</span> };
    view! {
        <div class="time-picker" role="group" aria-label="Time range">
            <button class="button icon-only" type="button" aria-label="Earlier" title="Earlier"
                on:click=handler(move |_| on_range.run(span.get_untracked().shifted(-1)))>
                <Icon path=CHEVRON_LEFT />
            </button>
            <Popover name=Signal::derive(move || format!("Time range: {}", text())) label open command="time">
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
            <button class="button icon-only" type="button" aria-label="Later" title="Later"
                disabled=move || range.get().is_relative()
                on:click=handler(move |_| on_range.run(span.get_untracked().shifted(1)))>
                <Icon path=CHEVRON_RIGHT />
            </button>
            <button class="button icon-only" type="button" aria-label="Zoom out" title="Zoom out"
                on:click=handler(move |_| on_range.run(span.get_untracked().zoomed_out(clock::now_ms())))>
                <Icon path=ZOOM_OUT />
            </button>
        </div>
    }
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
