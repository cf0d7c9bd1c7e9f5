//! The timeline of Explore, and the label that splits it.

use super::state::ExploreState;
use crate::api::{Fetch, explore};
use crate::components::combobox::{Choice, Combobox};
use crate::components::timeline_card::TimelineCard;
use crate::context::utc::Utc;
use crate::pages::question::pickers::label_choices;
use crate::reactive::{Callback, Signal};
use crate::state::query::Query;
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
    let tools = move || view! { <GroupBy state /> }.into_any();
    view! {
        <TimelineCard busy stale tools>
            <Timeline data=state.series.data utc=utc.into() on_range />
        </TimelineCard>
    }
}

/// Splits the timeline by a label.
#[component]
fn GroupBy(state: ExploreState) -> impl IntoView {
    let names = Fetch::<Vec<explore::Counted>>::new();
    let by_label = |name: &str| format!("By {name}");
    let shown = Signal::derive(move || {
        state.query.with(|q| q.by.as_deref().map_or("Not grouped".to_owned(), by_label))
    });
    let choices = Signal::derive(move || {
        let none = Choice { value: String::new(), label: "Not grouped".into(), detail: String::new() };
        let labels = names.data.with(label_choices);
        let labels = labels.into_iter().map(|c| Choice { label: by_label(&c.label), ..c });
        [none].into_iter().chain(labels).collect::<Vec<_>>()
    });
    let open = Callback::new(move |()| {
        let selector = state.query.with_untracked(|q| q.selector().unwrap_or_default());
        names.start(|_| explore::label_names(selector, state.span.get_untracked()));
    });
    let choose = Callback::new(move |name: String| {
        let by = Some(name).filter(|n| !n.is_empty());
        state.go(&Query { by, ..state.query.get_untracked() });
    });
    view! { <div class="group-by"><Combobox id="group-by" label="Group the timeline by" shown choices on_choose=choose on_open=open /></div> }
}
