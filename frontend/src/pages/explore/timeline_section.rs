//! The timeline of Explore, and the label that splits it.

use super::controls::Controls;
use super::state::ExploreState;
use crate::components::timeline_card::TimelineCard;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Signal};
use crate::state::query::Query;
use crate::views::parts::Parts;
use crate::views::timeline::Timeline;
use leptos::prelude::*;

#[component]
pub(crate) fn TimelineSection(state: ExploreState) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let on_range = Callback::new(move |range| {
        state.go(&Query { range: Some(range), ..state.query.get_untracked() });
    });
    let busy: Signal<bool> = state.series.pending.into();
    let stale = Signal::derive(move || state.series.pending.get() && state.series.data.with(Option::is_some));
    let controls = expect_context::<Controls>();
    let group = Signal::derive(move || {
        state.query.with(|q| q.by.as_deref().map_or("Not grouped".to_owned(), |name| format!("By {name}")))
    });
    let tools = move || view! { <div class="group-by">{(controls.group_by)(state, group)}</div> }.into_any();
    view! {
        <TimelineCard busy stale tools>
            <Timeline data=state.series.data utc=utc.into() on_range about=state.query markers=Some(state.markers) />
            {state.markers.note()}
        </TimelineCard>
        {Parts::of_program().map(|parts| (parts.markers)(state.markers))}
    }
}
