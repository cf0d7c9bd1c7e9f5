//! The summary of a diff: totals of both sides, and which of them is empty.

use crate::api::compare::{DiffAnswer, SideAnswer};
use crate::components::term::with_term;
use crate::reactive::{Memo, Signal, list};
use crate::state::side_summary::{SideSummary, side_texts};
use crate::views::on_screen;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::Side;
use flarepath_profile::units::{Unit, format_value};
use leptos::prelude::*;

/// Totals of both sides, with the profiles, replicas and covered time that they are of.
#[component]
pub(crate) fn DiffSummary(answer: Signal<Option<DiffAnswer>>) -> impl IntoView {
    let parts = Memo::new(move || answer.with(|a| a.as_ref().map(parts)).unwrap_or_default());
    on_screen::add_totals(parts);
    view! { {move || summary_line(parts.get())} }
}

/// The texts in one line.
pub(crate) fn summary_line(texts: Vec<String>) -> AnyView {
    let one = |text: String| view! { <span>{with_term(&text)}</span> }.into_any();
    view! { <p class="summary-line" aria-label="Summary">{list(texts.into_iter().map(one))}</p> }.into_any()
}

fn parts(answer: &DiffAnswer) -> Vec<String> {
    let Some(both) = &answer.profile.diff else { return Vec::new() };
    let total = both.total(NodeId::ROOT);
    let side = |name: &str, side: Side| {
        let SideAnswer { profiles, replicas, replica_ms, .. } = answer.sides[side as usize];
        let covered_ns = replica_ms.saturating_mul(1_000_000);
        SideSummary { name: name.to_owned(), total: total.of(side), profiles, replicas, covered_ns }
    };
    let sides = [side("baseline", Side::Baseline), side("comparison", Side::Comparison)];
    side_texts(&sides, answer.profile.profile_type.as_ref(), &answer.profile.unit).to_vec()
}

/// A sentence for each side that has no profiles.
pub(crate) fn empty_sides(answer: &DiffAnswer) -> Vec<String> {
    let name = |(side, what): (&SideAnswer, &str)| {
        let SideAnswer { profiles, span, service_known, type_known, .. } = side;
        let why = match (service_known, type_known) {
            (false, _) => "this store has no profiles of its service".to_owned(),
            (true, false) => "its service has no profiles of this type".to_owned(),
            (true, true) => {
                format!(
                    "no profiles match its filters in this time range of {}",
                    format_value(span.length_ns() as f64 / 1e6, &Unit::parse("ms"))
                )
            }
        };
        (*profiles == 0).then(|| format!("The {what} is empty: {why}."))
    };
    answer.sides.iter().zip(["baseline", "comparison"]).filter_map(name).collect()
}
