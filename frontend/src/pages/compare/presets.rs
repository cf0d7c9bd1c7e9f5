//! Baselines to choose from: versions and replicas first, then markers, earlier times and a moment; and a second profile type.

use super::markers::MarkerPresets;
use super::offer_list::{entry, group, note};
use super::offers::Offers;
use super::second_type::SecondType;
use super::state::CompareState;
use crate::browser::event::SubmitEvent;
use crate::browser::{clock, page};
use crate::components::popover::Popover;
use crate::components::time_field::TimeField;
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, Signal, effect, handler, list, shown};
use crate::state::compare::{BEFORE, Sides};
use crate::state::compare_source::Sources;
use crate::state::presets::around;
use crate::state::query::Query;
use crate::state::time_text::End;
use flarepath_profile::diff::Side;
use flarepath_profile::unix_nanos::SECOND_NS;
use leptos::prelude::*;

const MOMENT: &str = "moment";

/// The baselines, the most likely first. What depends on the service's labels is asked for when the panel is first opened.
#[component]
pub(crate) fn Baselines(state: CompareState) -> impl IntoView {
    let offers = Offers::new(state);
    let open = RwSignal::new(false);
    effect(move || {
        if open.get() {
            offers.wanted.set(true);
        }
    });
    let plain = Memo::new(move || state.sources.with(Sources::is_plain));
    let name = move || match state.baseline_name() {
        Some(name) => format!("Baseline: {name}"),
        None => "Baseline: choosing …".to_owned(),
    };
    view! {
        {shown(move || plain.get(), move || view! { <span class="visually-hidden" role="status">{move || name()}</span> }.into_any())}
        <Popover name="Baselines" label=|| "Baselines".into_any() open command="baseline">
            <div class="presets-panel">
                {shown(move || plain.get(), move || suggestions(state, offers, open))}
                <p class="menu-heading">"Another profile type"</p>
                <SecondType state />
            </div>
        </Popover>
    }
}

fn suggestions(state: CompareState, offers: Offers, open: RwSignal<bool>) -> AnyView {
    let failed = move || {
        offers.error().map(|error| view! { <p class="field-error" role="alert">{error.title}</p> }.into_any())
    };
    let loading = || view! { <p role="status">"Loading versions and replicas …"</p> }.into_any();
    let found = move || match offers.is_busy() {
        true => loading(),
        false => list([versions(state, offers, open), replicas(state, offers, open)]),
    };
    view! {
        {move || failed()}
        {move || found()}
        <MarkerPresets state open />
        <EarlierTimes state open />
        <AMoment state open />
    }
    .into_any()
}

fn versions(state: CompareState, offers: Offers, open: RwSignal<bool>) -> AnyView {
    let found = offers.version().map_or_else(note, |offer| entry(state, open, offer));
    group("versions-heading", "Versions", found)
}

/// Slow replicas cost more than 1.5 × the median replica, by their median interval with profiles.
fn replicas(state: CompareState, offers: Offers, open: RwSignal<bool>) -> AnyView {
    let found = match offers.replicas() {
        Err(why) => note(why),
        Ok((slow, each)) => {
            let slow = slow.map_or_else(note, |offer| entry(state, open, offer));
            list([slow].into_iter().chain(each.into_iter().map(|offer| entry(state, open, offer))))
        }
    };
    group("replicas-heading", "Replicas", found)
}

/// Earlier times of the same selection, and the same time for other labels.
#[component]
fn EarlierTimes(state: CompareState, open: RwSignal<bool>) -> impl IntoView {
    let span = state.span(Side::Comparison);
    let entries = move || {
        let (sides, span) = (state.sides.get(), span.get());
        let before = |(text, by_ns): (&str, i64)| {
            entry(state, open, (text.to_owned(), Sides::before(&sides.comparison, span, by_ns)))
        };
        let first = before(("Previous period", span.length_ns()));
        // Same time and service, so that only the filters tell the sides apart.
        let Query { service, range, .. } = sides.comparison.clone();
        let same = sides.with(Side::Baseline, Query { service, range, ..sides.baseline.clone() });
        let same = entry(state, open, ("Same time, for other label filters".to_owned(), same));
        list([first].into_iter().chain(BEFORE.map(before)).chain([same]))
    };
    group("earlier-heading", "Earlier times", (move || entries()).into_any())
}

/// Compares the time after a moment with the time before it.
#[component]
fn AMoment(state: CompareState, open: RwSignal<bool>) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let span = state.span(Side::Comparison);
    let problem = RwSignal::new(String::new());
    // In whole seconds, unless the range is shorter. Follows the selection and not `span`, which moves while somebody types.
    let middle = Signal::derive(move || {
        state.sides.with(|_| ());
        let span = span.get_untracked();
        let ns = span.from_ns + span.length_ns() / 2;
        let finest = if span.length_ns() > 2 * SECOND_NS { SECOND_NS } else { 1 };
        End::At(ns - ns.rem_euclid(finest)).field_text(clock::zone(utc.get()))
    });
    let apply = move |e: SubmitEvent| {
        e.prevent_default();
        let zone = clock::zone(utc.get_untracked());
        match End::parse_field("The time", &page::field_text(MOMENT), zone) {
            Err(text) => problem.set(text),
            Ok(end) => {
                let sides = state.sides.get_untracked();
                open.set(false);
                state.go(&around(&sides.comparison, span.get_untracked(), end.resolve(clock::now_ms())));
            }
        }
    };
    let label = Signal::derive(move || {
        let span = span.get();
        format!("Time ({})", clock::zone(utc.get()).names(span.start_ms(), span.end_ms()))
    });
    view! {
        <p class="menu-heading" id="moment-heading">"Before and after a moment"</p>
        <form class="moment-form" aria-labelledby="moment-heading" on:submit=handler(apply)>
            <TimeField id=MOMENT label value=middle />
            <button class="button" type="submit">"Compare before and after"</button>
            <span class="field-error" role="status">{move || problem.get()}</span>
        </form>
    }
}
