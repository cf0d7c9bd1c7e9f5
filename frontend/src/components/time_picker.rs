//! The time range: presets, exact ends in local time or UTC, earlier, later and wider.

use super::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, CLOCK, Icon, ZOOM_OUT};
use super::popover::Popover;
use crate::browser::event::{Event, SubmitEvent, is_checked};
use crate::browser::{clock, page};
use crate::context::utc;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list};
use crate::state::clock_text::{Civil, Zone};
use crate::state::time_range::{PRESETS, Span, TimeRange};
use crate::state::time_text::{End, Rounding};
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
        let Span { from_ms, until_ms } = span.get();
        range.get().label().unwrap_or_else(|| clock::zone(utc.get()).range(from_ms, until_ms))
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

/// Two fields for the ends. They are text, as fields for dates show the time as the browser's language does, which may have
/// no 24 hours.
#[component]
fn Exact(
    span: Memo<Span>,
    utc: RwSignal<bool>,
    on_range: Callback<TimeRange>,
    ids: [&'static str; 2],
) -> impl IntoView {
    let [from_id, until_id] = ids;
    let problem = RwSignal::new("");
    let value = move |ms: i64| field_text(ms, clock::zone(utc.get()));
    let apply = move |e: SubmitEvent| {
        e.prevent_default();
        let read = |id| instant_of(&page::field_text(id), clock::zone(utc.get_untracked()));
        match (read(from_id), read(until_id)) {
            (Some(from_ms), Some(until_ms)) if from_ms < until_ms => {
                problem.set("");
                on_range.run(TimeRange::Between { from_ms, until_ms });
            }
            (Some(_), Some(_)) => problem.set("The end must be after the start"),
            _ => problem.set("Enter both times, such as 2026-11-21 03:05"),
        }
    };
    let zone = move || clock::zone(false).name(span.get().until_ms);
    let field = move |label: &'static str, id: &'static str, end: fn(Span) -> i64| {
        view! {
            <label>{label}
                <input id=id class="input" type="text" autocomplete="off" spellcheck="false" prop:value=move || value(end(span.get())) />
            </label>
        }
        .into_any()
    };
    view! {
        <form class="exact-time" on:submit=handler(apply)>
            {field("From", from_id, |span| span.from_ms)}
            {field("Until", until_id, |span| span.until_ms)}
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

/// The text of a field for an instant: `2026-11-21 03:05:15`. In an hour that the clock shows twice, its second turn is written in
/// UTC, so that the field still means the same instant.
fn field_text(ms: i64, zone: Zone) -> String {
    let at = zone.civil(ms);
    if zone.instant(at) == ms - ms.rem_euclid(1000) {
        return at.input_value().replace('T', " ");
    }
    End::At(ms).text()
}

/// The instant in a field: a date and time of the zone, or any time with an offset.
fn instant_of(text: &str, zone: Zone) -> Option<i64> {
    match End::parse(text.trim(), Rounding::Down) {
        Some(End::At(ms)) => Some(ms),
        _ => Civil::parse(text).map(|at| zone.instant(at)),
    }
}

/// The instant of a date and time, in UTC or local time.
pub(crate) fn from_civil(at: Civil, utc: bool) -> i64 {
    clock::zone(utc).instant(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_are_written() {
        // New York in the night in which summer time ends.
        let zone = Zone(|ms| if ms < 1_793_512_800_000 { -240 } else { -300 });
        for ms in (0..96).map(|quarter| 1_793_491_200_000 + quarter * 900_000) {
            assert_eq!(instant_of(&field_text(ms, zone), zone), Some(ms));
        }
        let half_past_one = [1_793_511_000_000, 1_793_514_600_000].map(|ms| field_text(ms, zone));
        assert_eq!(half_past_one, ["2026-11-01 01:30:00", "2026-11-01T06:30:00Z"]);
        assert_eq!(field_text(1_793_563_200_000, Zone(|_| 330)), "2026-11-02 01:30:00", "24 hours");
        assert_eq!(instant_of("2026-11-01T05:30:00Z", zone), Some(1_793_511_000_000));
        assert_eq!(instant_of("tomorrow", zone), None);
    }
}
