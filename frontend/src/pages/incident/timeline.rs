//! The timeline of the service around an incident, with the window shaded, the baseline hatched where it is near, and marks for the alert
//! and for new versions. A range that is selected is the next incident to look at.

use super::state::IncidentState;
use crate::browser::clock;
use crate::components::timeline_card::TimelineCard;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, Signal, shown};
use crate::state::incident::Incident;
use crate::state::incident_chart::is_in_chart;
use crate::state::time_range::TimeRange;
use crate::state::time_text::{End, MS};
use crate::views::markers::marker_dialogs;
use crate::views::timeline::shades::{self, Shades};
use crate::views::timeline::{Overlay, Timeline};
use flarepath_profile::diff::Side;
use leptos::prelude::*;

#[component]
pub(super) fn IncidentTimeline(state: IncidentState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let baseline = Memo::new(move || {
        let sides = state.sides.get().ok().flatten()?;
        Some(state.span_in(&sides, Side::Baseline))
    });
    let near = Signal::derive(move || baseline.get().filter(|span| is_in_chart(state.window.get(), *span)));
    let window = Signal::derive(move || Some(state.window.get()));
    let ticks = Signal::derive(move || {
        let now_ms = state.question.now_ms.get();
        let alert =
            state.incident.with(|i| i.at_ns(now_ms)).map(|ns| (ns.div_euclid(MS), "alert".to_owned()));
        let mut begun = state.offers.beginnings();
        // A version that has a marker is named there.
        state.markers.answer.data.with(|list| {
            let is_marked =
                |name: &str| list.iter().flat_map(|list| &list.markers).any(|marker| marker.version == name);
            begun.retain(|(_, name)| !is_marked(name));
        });
        alert.into_iter().chain(begun).collect::<Vec<_>>()
    });
    let shades = Shades { spans: [near, window], ticks };
    let on_range = Callback::new(move |range: TimeRange| {
        let span = range.resolve(state.question.now_ms.get_untracked());
        let (at, until) = (Some(End::At(span.from_ns)), Some(End::At(span.until_ns)));
        state.go(&Incident { at, until, ..state.incident.get_untracked() });
    });
    let busy: Signal<bool> = state.series.pending.into();
    let stale = Signal::derive(move || state.series.pending.get() && state.series.data.with(Option::is_some));
    // A baseline that is far away is told in words.
    let far = Memo::new(move || baseline.get().filter(|span| !is_in_chart(state.window.get(), *span)));
    let far_text = move || {
        let range = far.get().map(|span| clock::zone(utc.get()).range(span.from_ns, span.until_ns));
        format!("The baseline is not in this chart: {}.", range.unwrap_or_default())
    };
    let chart = move || {
        let overlay: Overlay = Box::new(move |scene| shades::show(shades, scene));
        view! { <Timeline data=state.series.data utc=utc.into() on_range overlay about=state.query markers=Some(state.markers) /> }
            .into_any()
    };
    view! {
        <TimelineCard busy stale tools=|| ().into_any() collapsed_on_phones=true>{chart()}{state.markers.note()}</TimelineCard>
        {marker_dialogs(state.markers)}
        {shown(move || far.with(Option::is_some), move || view! { <p class="side-hint">{move || far_text()}</p> }.into_any())}
    }
}
