//! Legend of the colours of a comparison.

use crate::reactive::{Memo, Signal, list};
use crate::state::loaded_profile::SECOND_NS;
use crate::views::scales::Scaling;
use flarepath_profile::diff::color::{FIRST_GREW, FIRST_SHRANK, GONE, NEUTRAL, NEW, STEPS};
use flarepath_profile::diff::{Mode, Pair};
use flarepath_profile::units::{Unit, format_value};
use leptos::prelude::*;

/// `1 h covered by the baseline and 3 min by the comparison`; of levels `240 profiles of the baseline and 12 of the comparison`.
fn over(Pair { baseline, comparison }: Pair, is_level: bool) -> String {
    if is_level {
        let [baseline, comparison] = [baseline, comparison].map(|ns| ns / SECOND_NS);
        return format!("{baseline} profiles of the baseline and {comparison} of the comparison");
    }
    let duration = |ns: i64| format_value(ns as f64, &Unit::parse("nanoseconds"));
    format!("{} covered by the baseline and {} by the comparison", duration(baseline), duration(comparison))
}

/// From gone through smaller, same and larger to new.
#[component]
pub(crate) fn Legend(
    scaling: Signal<Scaling>,
    /// Whether values are levels.
    level: Memo<bool>,
) -> impl IntoView {
    let swatch = |colour: u8| {
        let class = match colour {
            NEW => "diff-swatch is-new",
            GONE => "diff-swatch is-gone",
            _ => "diff-swatch",
        };
        view! { <span class=class style:background=format!("var(--diff-{colour})")></span> }.into_any()
    };
    let entry = move |colours: Vec<u8>, text: &'static str| {
        view! { <li>{list(colours.into_iter().map(swatch))}{text}</li> }.into_any()
    };
    let steps = |first: u8| first..first + STEPS;
    let compared = move || match scaling.get() {
        (Mode::PerSecond, Some(covered)) => {
            let what = if level.get() { "means, over" } else { "rates per second and replica, over" };
            format!("Compared: {what} {}.", over(covered, level.get()))
        }
        (Mode::Share | Mode::PerSecond, _) => "Compared: shares of each side's total.".to_owned(),
        (Mode::Absolute, Some(covered)) if covered.baseline != covered.comparison => {
            format!("Compared: values as they are, over {}: not of equal time.", over(covered, level.get()))
        }
        (Mode::Absolute, _) => "Compared: values as they are.".to_owned(),
    };
    view! {
        <ul class="diff-legend" aria-label="Colours">
            {entry(vec![GONE], "gone: only in the baseline (dashes)")}
            {entry(steps(FIRST_SHRANK).rev().collect(), "shrank: to a quarter or less … by 2 %")}
            {entry(vec![NEUTRAL], "same")}
            {entry(steps(FIRST_GREW).collect(), "grew: by 2 % … four times or more")}
            {entry(vec![NEW], "new: only in the comparison (line)")}
            <li>{move || compared()}</li>
        </ul>
    }
}
