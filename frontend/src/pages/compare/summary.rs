//! The summary of a diff: totals of both sides, and which of them is empty.

use crate::api::compare::{DiffAnswer, SideAnswer};
use crate::reactive::{Memo, Signal, list};
use crate::state::time_range::Span;
use crate::views::change_text::ratio;
use crate::views::picture::Measure;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::Side;
use leptos::prelude::*;

/// Totals, profiles and covered time of both sides, and the change of the total.
#[component]
pub(crate) fn DiffSummary(answer: Signal<Option<DiffAnswer>>) -> impl IntoView {
    let parts = Memo::new(move || answer.with(|a| a.as_ref().map(parts)).unwrap_or_default());
    let one = |text| view! { <span>{text}</span> }.into_any();
    view! { <p class="summary-line" aria-label="Summary">{move || list(parts.get().into_iter().map(one))}</p> }
}

fn parts(answer: &DiffAnswer) -> Vec<String> {
    let Some(both) = &answer.profile.diff else { return Vec::new() };
    let measure = Measure::of(&answer.profile);
    let total = both.total(NodeId::ROOT);
    let side = |what: &str, side: Side| {
        let SideAnswer { profiles, covered_ms, .. } = &answer.sides[side as usize];
        let value = measure.value(total.of(side));
        format!("{what} {value}, {profiles} profiles over {}", duration(*covered_ms))
    };
    let change = match ratio(total) {
        Some(ratio) => format!("{ratio} in total"),
        None => "no relative change: the baseline is 0".to_owned(),
    };
    vec![change, side("baseline", Side::Baseline), side("comparison", Side::Comparison)]
}

fn duration(ms: i64) -> String {
    match (ms / 60_000, ms / 3_600_000) {
        (0, _) => "less than a minute".to_owned(),
        (minutes, ..=1) => format!("{minutes} min"),
        (_, hours @ 2..=47) => format!("{hours} h"),
        (_, hours) => format!("{} days", hours / 24),
    }
}

/// A sentence for each side that has no profiles.
pub(super) fn empty_sides(answer: &DiffAnswer) -> Vec<String> {
    let name = |(side, what): (&SideAnswer, &str)| {
        let SideAnswer { profiles, span: Span { from_ms, until_ms }, service_known, type_known, .. } = side;
        let why = match (service_known, type_known) {
            (false, _) => "this server has never received a profile from its service".to_owned(),
            (true, false) => "its service has no profiles of this type".to_owned(),
            (true, true) => {
                format!(
                    "no profiles match its filters in this time range of {}",
                    duration(until_ms - from_ms)
                )
            }
        };
        (*profiles == 0).then(|| format!("The {what} is empty: {why}."))
    };
    answer.sides.iter().zip(["baseline", "comparison"]).filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_use_the_largest_fitting_unit() {
        assert_eq!(
            [59_000, 60_000, 7_100_000, 7_200_000, 172_800_000].map(duration),
            ["less than a minute", "1 min", "118 min", "2 h", "2 days"]
        );
    }
}
