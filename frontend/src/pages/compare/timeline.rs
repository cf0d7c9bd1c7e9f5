//! The timeline of Compare: the time of both sides in one chart, with a band for each.

use super::state::CompareState;
use crate::api::request::ProfileRequest;
use crate::api::{Fetch, explore};
use crate::components::timeline_card::TimelineCard;
use crate::context::utc::Utc;
use crate::pages::question::span_of;
use crate::reactive::{Callback, Memo, RwSignal, Signal, shown};
use crate::state::compare_both::{around, at, beginnings, common, splitting_label};
use crate::state::compare_source::Sources;
use crate::state::query::Query;
use crate::state::time_range::{Span, TimeRange};
use crate::state::timeline::TimelineData;
use crate::views::timeline::bands::{self, Bands};
use crate::views::timeline::{Overlay, Timeline};
use flarepath_profile::diff::Side;
use leptos::prelude::*;

#[component]
pub(crate) fn CompareTimeline(state: CompareState) -> impl IntoView {
    let request = Memo::new(move || request_of(state));
    let series = Fetch::<TimelineData>::new();
    state.question.fetch(request, series, |series, request| {
        series.start(|abort| explore::timeline(request, abort));
    });
    let zone = state.zone;
    let ticks = Signal::derive(move || {
        let split = |data: &TimelineData| data.by.is_some().then(|| beginnings(data));
        let mut begun = series.data.with(|d| d.as_ref().and_then(split)).unwrap_or_default();
        // A version that has a marker is named there.
        state.markers.answer.data.with(|list| {
            let markers = list.iter().flat_map(|list| &list.markers);
            begun.retain(|(_, name)| markers.clone().all(|marker| marker.version != *name));
        });
        begun
    });
    let on_span = Callback::new(move |(position, span): (usize, Span)| {
        let side = Side::BOTH[position];
        let query = state.sides.with_untracked(|s| s.of(side).clone());
        state.go_side(side, Query { range: Some(TimeRange::Between(span)), ..query });
    });
    let spans = Side::BOTH.map(|side| state.span(side));
    let both = Bands { spans, zone, ticks, on_span };
    let on_range = Callback::new(move |range| {
        let now_ms = state.question.now_ms.get_untracked();
        state.go(&state.sides.with_untracked(|sides| at(sides, range, now_ms)));
    });
    let busy: Signal<bool> = series.pending.into();
    let stale = Signal::derive(move || series.pending.get() && series.data.with(Option::is_some));
    let about = Memo::new(move || state.sides.with(common));
    let card = move || {
        view! {
            <TimelineCard busy stale tools=|| ().into_any() collapsed_on_phones=true>
                {chart(state, series.data, on_range, both, about)}
                {state.markers.note()}
            </TimelineCard>
        }
        .into_any()
    };
    shown(move || request.with(Option::is_some), card)
}

fn chart(
    state: CompareState,
    data: RwSignal<Option<TimelineData>>,
    on_range: Callback<TimeRange>,
    both: Bands,
    about: Memo<Query>,
) -> AnyView {
    let overlay: Overlay = Box::new(move |scene| bands::show(both, scene));
    let utc = expect_context::<Utc>().0;
    view! { <Timeline data utc=utc.into() on_range overlay about markers=Some(state.markers) /> }.into_any()
}

/// What both sides have in common, over the time of both. Sides of two services, files and two types have no chart in common.
fn request_of(state: CompareState) -> Option<ProfileRequest> {
    let sides = state.sides.get();
    let is_one = sides.baseline.service == sides.comparison.service && !sides.is_open();
    if !is_one || !state.sources.with(Sources::is_plain) {
        return None;
    }
    let now_ms = state.question.now_ms.get();
    let spans = Side::BOTH.map(|side| span_of(sides.of(side), now_ms));
    let query = Query { by: splitting_label(&sides), ..common(&sides) };
    ProfileRequest::new(&query, around(spans, now_ms)).ok().flatten()
}
