//! Suggested baselines: another version, other replicas, before a moment.

use super::state::CompareState;
use crate::api::explore::{self, Counted};
use crate::api::request::ProfileRequest;
use crate::api::{ApiError, Fetch};
use crate::browser::clock::zone_min;
use crate::browser::event::SubmitEvent;
use crate::browser::page;
use crate::components::popover::Popover;
use crate::components::time_picker::from_civil;
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, effect, handler, list};
use crate::state::clock_text::{Civil, civil, offset_name};
use crate::state::compare::Sides;
use crate::state::presets::{against_others, around, replicas, slow, value_against, versions};
use crate::state::query::Query;
use crate::state::timeline::TimelineData;
use flarepath_profile::diff::Side;
use flarepath_profile::labels::{Meaning, pick};
use leptos::prelude::*;

/// Most replicas that are listed, most expensive first.
const OFFERED: usize = 5;
const MOMENT: &str = "moment";

/// The button with the panel of suggestions.
#[component]
pub(crate) fn MorePresets(state: CompareState) -> impl IntoView {
    let open = RwSignal::new(false);
    let names = Fetch::<Vec<Counted>>::new();
    let by = [Fetch::<TimelineData>::new(), Fetch::<TimelineData>::new()];
    let span = state.span(Side::Comparison);
    // The whole service: the filter of the comparison must not hide possible baselines.
    let query = move || Query { filter: String::new(), ..state.sides.get().comparison };
    effect(move || {
        if open.get() {
            let selector = query().selector().unwrap_or_default();
            names.start(|_| explore::label_names(selector, span.get()));
        }
    });
    let label = move |wanted: Meaning| {
        names.data.with(|n| {
            let names = n.iter().flatten().map(|c| c.text.as_str());
            pick(names, &[wanted]).map(str::to_owned)
        })
    };
    let labels = [Meaning::Version, Meaning::Instance].map(|wanted| Memo::new(move || label(wanted)));
    for (label, values) in labels.into_iter().zip(by) {
        effect(move || {
            let (Some(label), true) = (label.get(), open.get()) else { return values.clear() };
            let asked = Query { by: Some(label), ..query() };
            if let Ok(Some(request)) = ProfileRequest::new(&asked, span.get()) {
                values.start(|abort| explore::series(request, abort));
            }
        });
    }
    let go = move |sides: &Sides| {
        open.set(false);
        state.go(sides);
    };
    let button = move |text: String, sides: Sides| {
        view! { <li><button class="list-item" type="button" on:click=handler(move |_| go(&sides))>{text}</button></li> }
            .into_any()
    };
    let note = |text: String| view! { <li class="muted">{text}</li> }.into_any();
    let version = move || match (labels[0].get(), by[0].data.get()) {
        (Some(label), Some(data)) => match versions(&data) {
            Some(pair) => {
                let text = format!("{label} {} vs. previous {}", pair[1], pair[0]);
                button(text, value_against(&query(), &label, &pair))
            }
            None => note(format!("Only one {label} in this time range.")),
        },
        _ => note("No version label found.".to_owned()),
    };
    let one_replica = move || {
        let (Some(label), Some(data)) = (labels[1].get(), by[1].data.get()) else {
            return note("No replica label found.".to_owned());
        };
        let all = replicas(&data);
        if all.len() < 2 {
            return note("Only one replica in this time range.".to_owned());
        }
        let slow = slow(&all);
        let slow_ones = match slow.len() {
            0 => note("No slow replicas.".to_owned()),
            n => button(
                format!("{n} slow of {} vs. the others", all.len()),
                against_others(&query(), &label, &slow),
            ),
        };
        let each = all.iter().take(OFFERED).map(|(name, _)| {
            button(
                format!("{name} vs. the others"),
                against_others(&query(), &label, std::slice::from_ref(name)),
            )
        });
        list([slow_ones].into_iter().chain(each))
    };
    let failed = move || {
        let error = names.error.get().or_else(|| by[0].error.get()).or_else(|| by[1].error.get());
        error.map(|ApiError { title, .. }| {
            view! { <p class="field-error" role="alert">{title}</p> }.into_any()
        })
    };
    let busy = move || names.pending.get() || by.iter().any(|values| values.pending.get());
    let found = move || {
        match busy() {
        true => view! { <p role="status">"Loading versions and replicas …"</p> }.into_any(),
        false => view! {
            <h3>"Versions"</h3><ul class="list-menu">{version()}</ul>
            <h3>"Replicas"</h3>
            <p class="muted">"Slow replicas cost more than 1.5 × the median replica, measured by their median interval with profiles."</p>
            <ul class="list-menu">{one_replica()}</ul>
        }
        .into_any(),
    }
    };
    view! {
        <Popover name="More baselines" label=|| "More baselines".into_any() open>
            <div class="presets-panel">
                {move || failed()}
                {move || found()}
                <Moment state open />
            </div>
        </Popover>
    }
}

/// Compares the time after a moment with the time before it.
#[component]
fn Moment(state: CompareState, open: RwSignal<bool>) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let span = state.span(Side::Comparison);
    let problem = RwSignal::new("");
    let middle = move || {
        let span = span.get();
        let ms = span.from_ms + span.length_ms() / 2;
        civil(ms, zone_min(utc.get(), ms)).input_value()
    };
    let apply = move |e: SubmitEvent| {
        e.prevent_default();
        match Civil::parse(&page::field_text(MOMENT)) {
            None => problem.set("Enter a date and time"),
            Some(at) => {
                let sides = state.sides.get_untracked();
                let moment = from_civil(at, utc.get_untracked());
                open.set(false);
                state.go(&around(&sides.comparison, span.get_untracked(), moment));
            }
        }
    };
    let zone = move || offset_name(zone_min(utc.get(), span.get().until_ms));
    view! {
        <h3>"Before and after"</h3>
        <form class="moment-form" on:submit=handler(apply)>
            <label>"Time (" {move || zone()} ")"
                <input id=MOMENT class="input" type="datetime-local" step="1" prop:value=middle />
            </label>
            <button class="button" type="submit">"Compare before and after"</button>
            <span class="field-error" role="status">{move || problem.get()}</span>
        </form>
    }
}
