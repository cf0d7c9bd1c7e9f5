//! The button of one side, with a panel of everything that only this side has. Takes a file that is dropped on it.

use super::browser_diff::title;
use super::side::SidePanel;
use super::state::CompareState;
use crate::browser::event::DragEvent;
use crate::browser::file_drop;
use crate::components::popover::Popover;
use crate::context::local_files::LocalSides;
use crate::reactive::{Memo, RwSignal, Signal, handler};
use crate::state::compare_both::comparison_name;
use crate::state::compare_source::Source;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

#[component]
pub(crate) fn SideButton(state: CompareState, side: Side) -> impl IntoView {
    let open = RwSignal::new(false);
    let what = match side {
        Side::Baseline => "Baseline",
        Side::Comparison => "Comparison",
    };
    let text = Memo::new(move || short_name(state, side));
    let name = Signal::derive(move || format!("{what}: {}", text.get()));
    let label = move || {
        view! { <span class="button-text" title=move || name.get()>{move || text.get()}</span> }.into_any()
    };
    let files = expect_context::<LocalSides>().0;
    let on_drop = move |event: DragEvent| {
        let Some(file) = file_drop::dropped(&event) else { return };
        state.go_sources(&state.sources.get_untracked().with_file(side));
        if let Source::File(at) = state.sources.get_untracked().on(side) {
            files[at].open(&file);
        }
        open.set(true);
    };
    view! {
        <div class="query-side" on:drop=handler(on_drop)>
            <Popover name label open><SidePanel state side /></Popover>
        </div>
    }
}

/// What tells the side from the other one.
fn short_name(state: CompareState, side: Side) -> String {
    match (state.sources.with(|s| s.on(side)), side) {
        (Source::File(_), _) => title(state, side),
        (Source::Stored, Side::Baseline) => state.baseline_name().unwrap_or_else(|| "choosing …".to_owned()),
        (Source::Stored, Side::Comparison) => state.sides.with(comparison_name),
    }
}
