//! The verdict on the service: whether it costs more than before, in a sentence, with the comparison behind it.

use super::state::ServiceState;
use crate::components::notice::failure;
use crate::pages::question::span_of;
use crate::reactive::{Memo, Signal, shown};
use crate::state::compare::{DiffView, compare_path};
use crate::state::verdict::baseline_name;
use crate::views::comparison::verdict::VerdictCard;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

/// The strip, and below it what the service is compared with.
pub(super) fn verdict(state: ServiceState) -> AnyView {
    let answer = state.chosen.data;
    let verdict = Signal::derive(move || {
        answer.with(|chosen| {
            chosen
                .as_ref()
                .filter(|chosen| state.query.with(|q| *q == chosen.of))
                .map(|chosen| chosen.verdict.clone())
        })
    });
    let instead = Signal::derive(move || {
        let has_types = state.query.with(|query| query.profile_type.is_some());
        let is_known = state.question.services.data.with(Option::is_some);
        let text = match (state.chosen.error.with(Option::is_some), is_known && !has_types) {
            (true, _) => "The verdict appears here once it has been loaded.",
            (false, true) => "No verdict: this service has sent no profiles.",
            (false, false) => "Comparing this time with a baseline …",
        };
        text.to_owned()
    });
    let compared = Memo::new(move || compared(state));
    let link = move || {
        let (name, href) = compared.get()?;
        Some(view! { <span>{format!("compared with {name}")}</span><span><a href=href>"See the comparison"</a></span> }.into_any())
    };
    view! {
        <div class="profile-head incident-verdict service-verdict">
            {failure("The verdict", state.chosen.error, state.on_retry())}
            <VerdictCard verdict instead />
            {shown(move || compared.with(Option::is_some), move || view! { <p class="summary-line">{move || link()}</p> }.into_any())}
        </div>
    }
    .into_any()
}

/// The baseline in words, and the comparison with it; `None` while there is no verdict.
fn compared(state: ServiceState) -> Option<(String, String)> {
    state.chosen.data.with(|chosen| {
        let chosen = chosen.as_ref().filter(|chosen| state.query.with(|q| *q == chosen.of))?;
        let now_ms = state.question.now_ms.get();
        let spans = Side::BOTH.map(|side| span_of(chosen.sides.of(side), now_ms));
        let name = baseline_name(&chosen.sides, spans, Some(&chosen.verdict));
        Some((name, compare_path(&chosen.sides, &DiffView::default())))
    })
}
