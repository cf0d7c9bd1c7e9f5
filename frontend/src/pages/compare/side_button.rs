//! The button of one side, with a panel of everything that only this side has. Takes a file that is dropped on it.

use super::browser_diff::title;
use super::side::SidePanel;
use super::state::CompareState;
use crate::browser::event::DragEvent;
use crate::browser::{clock, file_drop};
use crate::components::popover::Popover;
use crate::context::local_files::LocalSides;
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, Signal, handler};
use crate::state::compare::Sides;
use crate::state::compare_source::{Source, Sources};
use crate::state::side_name::{brief_name, comparison_name};
use crate::state::time_range::Span;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

#[component]
pub(crate) fn SideButton(state: CompareState, side: Side) -> impl IntoView {
    let open = RwSignal::new(false);
    let what = match side {
        Side::Baseline => "Baseline",
        Side::Comparison => "Comparison",
    };
    let utc = expect_context::<Utc>().0;
    let whole = Memo::new(move || whole_name(state, side));
    let spans = Side::BOTH.map(|side| state.span(side));
    let brief = Memo::new(move || briefly(state, side, spans, utc));
    // Contains the text on the button, by which speech input chooses it.
    let name = Signal::derive(move || match (whole.get(), brief.get()) {
        (whole, Some(brief)) if !whole.contains(&brief) => format!("{what}: {whole}, {brief}"),
        (whole, _) => format!("{what}: {whole}"),
    });
    let text = move || brief.get().unwrap_or_else(|| whole.get());
    let label = move || {
        view! { <span class="button-text" title=move || name.get()>{move || text()}</span> }.into_any()
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

/// What tells the side from the other one, in words.
fn whole_name(state: CompareState, side: Side) -> String {
    match (state.sources.with(|s| s.on(side)), side) {
        (Source::File(_), _) => title(state, side),
        (Source::Stored, Side::Baseline) => state.baseline_name().unwrap_or_else(|| "choosing …".to_owned()),
        (Source::Stored, Side::Comparison) => {
            state.name_at_marker(side).unwrap_or_else(|| state.sides.with(comparison_name))
        }
    }
}

/// The same as briefly as it can be, where both sides are stored and chosen; `None` where that is no shorter.
fn briefly(state: CompareState, side: Side, spans: [Memo<Span>; 2], utc: RwSignal<bool>) -> Option<String> {
    let is_known = state.sources.with(Sources::is_plain) && !state.sides.with(Sides::is_open);
    let is_known = is_known && state.name_at_marker(side).is_none();
    let (spans, zone) = (spans.map(|span| span.get()), clock::zone(utc.get()));
    is_known.then(|| state.sides.with(|sides| brief_name(sides, side, spans, zone))).flatten()
}
