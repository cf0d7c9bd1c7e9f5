//! The time range: presets, exact ends in local time or UTC, earlier, later and wider.

use super::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, CLOCK, Icon, ZOOM_OUT};
use super::popover::Popover;
use crate::browser::clock::zone_min;
use crate::browser::event::{Event, SubmitEvent, is_checked};
use crate::browser::{clock, page};
use crate::context::utc;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list};
use crate::state::clock_text::{Civil, civil, instant, offset_name, span_text};
use crate::state::time_range::{PRESETS, Span, TimeRange};
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
    let zone = move || zone_min(utc.get(), span.get().until_ms);
    let text = move || {
        if invalid.get() {
            return "choose one".to_owned();
        }
        let Span { from_ms, until_ms } = span.get();
        range
            .get()
            .label()
            .unwrap_or_else(|| format!("{} {}", span_text(from_ms, until_ms, zone()), offset_name(zone())))
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
            <Popover name=Signal::derive(move || format!("Time range: {}", text())) label open>
                <div class="time-panel">
                    <Exact span utc on_range=choose ids />
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

/// Two fields for the ends.
#[component]
fn Exact(
    span: Memo<Span>,
    utc: RwSignal<bool>,
    on_range: Callback<TimeRange>,
    ids: [&'static str; 2],
) -> impl IntoView {
    let [from_id, until_id] = ids;
    let problem = RwSignal::new("");
    let value = move |ms: i64| civil(ms, zone_min(utc.get(), ms)).input_value();
    let apply = move |e: SubmitEvent| {
        e.prevent_default();
        let read = |id| Some(from_civil(Civil::parse(&page::field_text(id))?, utc.get_untracked()));
        match (read(from_id), read(until_id)) {
            (Some(from_ms), Some(until_ms)) if from_ms < until_ms => {
                problem.set("");
                on_range.run(TimeRange::Between { from_ms, until_ms });
            }
            (Some(_), Some(_)) => problem.set("The end must be after the start"),
            _ => problem.set("Enter both dates and times"),
        }
    };
    let zone = move || offset_name(zone_min(false, span.get().until_ms));
    view! {
        <form class="exact-time" on:submit=handler(apply)>
            <label>"From"
                <input id=from_id class="input" type="datetime-local" step="1" prop:value=move || value(span.get().from_ms) />
            </label>
            <label>"Until"
                <input id=until_id class="input" type="datetime-local" step="1" prop:value=move || value(span.get().until_ms) />
            </label>
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

/// The instant of a local date and time. The offset depends on the instant; two steps find it except within the hour that
/// daylight saving time skips.
pub(crate) fn from_civil(at: Civil, utc: bool) -> i64 {
    let first = instant(at, zone_min(utc, instant(at, 0)));
    instant(at, zone_min(utc, first))
}
