//! Comparisons of the times before and after markers, of the time on screen and the hours before it: deploys first, and the newest of
//! each first.

use super::offer_list::{entry, group, note};
use super::offers::Offer;
use super::state::CompareState;
use crate::browser::clock;
use crate::reactive::{Memo, RwSignal, list};
use crate::state::clock_text::Zone;
use crate::state::compare_both::common;
use crate::state::marker_sides::{before_and_after, offered, without_version};
use crate::state::markers::{Marker, time};
use crate::state::time_range::Span;
use crate::state::time_text::MS;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

/// Most markers that are offered; the timeline has all.
const OFFERED: usize = 10;

#[component]
pub(super) fn MarkerPresets(state: CompareState, open: RwSignal<bool>) -> impl IntoView {
    let answer = state.markers.answer;
    let all =
        Memo::new(move || answer.data.with(|list| list.as_ref().map(|list| offered(list.markers.clone()))));
    let entries = move || {
        if let Some(error) = answer.error.get() {
            return note(format!("Markers could not be loaded: {}.", error.title));
        }
        let Some(all) = all.get() else { return note("Loading markers …".to_owned()) };
        if all.is_empty() {
            return note("No markers in this time range or in the 6 hours before it.".to_owned());
        }
        let (both, span) = (state.sides.with(common), state.span(Side::Comparison).get());
        let (zone, now_ns) = (state.zone.get(), clock::now_ms().saturating_mul(MS));
        let offer = |marker: &Marker| -> Offer {
            let query = without_version(&both, &marker.version);
            (told(marker, span, zone), before_and_after(&query, span, marker.at_ns, now_ns))
        };
        let shown = all.iter().take(OFFERED).map(|marker| entry(state, open, offer(marker)));
        let more = all.len().saturating_sub(OFFERED);
        let more = (more > 0).then(|| note(format!("{more} more; narrow the time range to see them.")));
        list(shown.chain(more))
    };
    group("markers-heading", "Before and after a marker", (move || entries()).into_any())
}

/// `Deploy of v2 (14:02)`; with the date if that is not the day on which the comparison ends.
fn told(marker: &Marker, span: Span, zone: Zone) -> String {
    format!("{} ({})", marker.title(), time(zone, marker.at_ms(), span.end_ms()))
}
