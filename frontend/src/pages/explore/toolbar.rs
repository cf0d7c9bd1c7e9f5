//! The query line of Explore: the question, and what can be done with the answer.

use super::controls::Controls;
use super::state::ExploreState;
use crate::components::query_line::QueryLine;
use crate::components::share_button::ShareButton;
use crate::pages::question::pickers::with_refresh;
use crate::reactive::{Callback, Signal, live_attribute};
use crate::state::lent_part::LentPart;
use crate::state::query::Query;
use crate::state::view::{HistoryMode, Mode, View};
use leptos::prelude::*;

#[component]
pub(crate) fn Toolbar(state: ExploreState) -> impl IntoView {
    let parts = Controls::of_program();
    let path = Signal::derive(move || state.pinned_path());
    let busy = Signal::derive(move || state.tree.pending.get() || state.series.pending.get());
    let on_query = Callback::new(move |query: Query| state.go(&query));
    let on_subject = Callback::new(move |query: Query| state.go_to_subject(&query));
    let on_graph = Callback::new(move |()| {
        let view = View { mode: Some(Mode::Flame), ..state.view.get_untracked() };
        state.show(&view, HistoryMode::Push);
    });
    let subject = move || (parts.service)(state.question, on_subject);
    let controls = move || {
        let store = (parts.lent)(LentPart::Stores, state.question.address.query.into());
        let time = with_refresh(state.question, busy, on_query, move |range, invalid, on_range| {
            (parts.range)(range, state.span, invalid, on_range)
        });
        view! {
            {store}
            {(parts.profile_type)(state.question, on_subject)}
            {time}
            {(parts.filter)(state.query, state.span, on_query)}
        }
        .into_any()
    };
    let actions = move || {
        view! {
            <a class="button" data-command="compare" {..live_attribute("href", move || Some(state.compare_path()))} title="Compare with the version before, or an earlier time">"Compare"</a>
            <ShareButton path />
            {(parts.more)(state)}
        }
        .into_any()
    };
    view! {
        <QueryLine subject controls sheet=parts.sheet actions on_graph />
        <p class="visually-hidden" role="status">{move || if busy.get() { "Loading" } else { "" }.to_owned()}</p>
    }
}
