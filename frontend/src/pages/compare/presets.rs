//! The baseline in words, and others to choose: versions and replicas first, then a moment, then earlier times.

use super::offers::{Offer, Offers};
use super::state::CompareState;
use crate::browser::event::SubmitEvent;
use crate::browser::{clock, page};
use crate::components::popover::Popover;
use crate::components::time_field::TimeField;
use crate::context::utc::Utc;
use crate::reactive::{RwSignal, Signal, effect, handler, list};
use crate::state::compare::{BEFORE, Sides};
use crate::state::presets::around;
use crate::state::query::Query;
use crate::state::time_text::End;
use flarepath_profile::diff::Side;
use flarepath_profile::unix_nanos::SECOND_NS;
use leptos::prelude::*;

const MOMENT: &str = "moment";

/// The row of baselines.
#[component]
pub(crate) fn Baselines(state: CompareState) -> impl IntoView {
    let offers = Offers::new(state);
    let name = move || match state.baseline_name() {
        Some(name) => format!("Baseline: {name}"),
        None => "Baseline: choosing …".to_owned(),
    };
    view! {
        <div class="toolbar baselines" role="group" aria-label="Baselines">
            <span class="presets-label" role="status">{move || name()}</span>
            <Versions state offers />
            <Replicas state offers />
            <AMoment state />
            <EarlierTimes state />
        </div>
    }
}

/// A list entry that opens a comparison.
fn entry(state: CompareState, open: RwSignal<bool>, (text, sides): Offer) -> AnyView {
    let go = move |_| {
        open.set(false);
        state.go(&sides);
    };
    view! { <li><button class="list-item" type="button" on:click=handler(go)>{text}</button></li> }.into_any()
}

fn note(text: String) -> AnyView {
    view! { <li class="muted">{text}</li> }.into_any()
}

/// A panel of offers, which are asked for when it is first opened.
fn panel(
    offers: Offers,
    open: RwSignal<bool>,
    name: &'static str,
    body: impl Fn() -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView {
    effect(move || {
        if open.get() {
            offers.wanted.set(true);
        }
    });
    let failed = move || {
        offers.error().map(|error| view! { <p class="field-error" role="alert">{error.title}</p> }.into_any())
    };
    let found = move || match offers.is_busy() {
        true => view! { <p role="status">"Loading versions and replicas …"</p> }.into_any(),
        false => body(),
    };
    view! {
        <Popover name=name label=move || name.into_any() open command="baseline">
            <div class="presets-panel">{move || failed()}{move || found()}</div>
        </Popover>
    }
    .into_any()
}

#[component]
fn Versions(state: CompareState, offers: Offers) -> impl IntoView {
    let open = RwSignal::new(false);
    let body = move || {
        let found = offers.version().map_or_else(note, |offer| entry(state, open, offer));
        view! { <ul class="list-menu">{found}</ul> }.into_any()
    };
    panel(offers, open, "Versions", body)
}

#[component]
fn Replicas(state: CompareState, offers: Offers) -> impl IntoView {
    let open = RwSignal::new(false);
    let body = move || {
        let entries = match offers.replicas() {
            Err(why) => note(why),
            Ok((slow, each)) => {
                let slow = slow.map_or_else(note, |offer| entry(state, open, offer));
                list([slow].into_iter().chain(each.into_iter().map(|offer| entry(state, open, offer))))
            }
        };
        view! {
            <p class="muted">"Slow replicas cost more than 1.5 × the median replica, measured by their median interval with profiles."</p>
            <ul class="list-menu">{entries}</ul>
        }
        .into_any()
    };
    panel(offers, open, "Replicas", body)
}

/// Earlier times of the same selection, and the same time for other labels.
#[component]
fn EarlierTimes(state: CompareState) -> impl IntoView {
    let open = RwSignal::new(false);
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
    view! {
        <Popover name="Earlier times" label=|| "Earlier times".into_any() open end=true command="baseline">
            <div class="presets-panel"><ul class="list-menu">{move || entries()}</ul></div>
        </Popover>
    }
}

/// Compares the time after a moment with the time before it.
#[component]
fn AMoment(state: CompareState) -> impl IntoView {
    let open = RwSignal::new(false);
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
        <Popover name="Before and after a moment" label=|| "A moment".into_any() open command="baseline">
            <div class="presets-panel">
                <form class="moment-form" on:submit=handler(apply)>
                    <TimeField id=MOMENT label value=middle />
                    <button class="button" type="submit">"Compare before and after"</button>
                    <span class="field-error" role="status">{move || problem.get()}</span>
                </form>
            </div>
        </Popover>
    }
}
