//! How much both sides stand for, and which of them is empty.

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
pub(crate) fn DiffSummary(
    /// What was answered.
    answer: Signal<Option<DiffAnswer>>,
) -> impl IntoView {
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
        format!("{what} {value}, {profiles} profiles over {}", minutes(*covered_ms))
    };
    let change = match ratio(total) {
        Some(ratio) => format!("{ratio} in total"),
        None => "no change in % of nothing".to_owned(),
    };
    vec![change, side("baseline", Side::Baseline), side("comparison", Side::Comparison)]
}

fn minutes(ms: i64) -> String {
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
            (false, _) => "its service never sent a profile to this server".to_owned(),
            (true, false) => "its service never sent this profile type".to_owned(),
            (true, true) => {
                format!("nothing was recorded with its filters in these {}", minutes(until_ms - from_ms))
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
    fn times_are_in_the_unit_that_says_most() {
        assert_eq!(
            [59_000, 60_000, 7_100_000, 7_200_000, 172_800_000].map(minutes),
            ["less than a minute", "1 min", "118 min", "2 h", "2 days"]
        );
    }
}
