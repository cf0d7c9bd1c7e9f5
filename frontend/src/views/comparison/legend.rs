//! Legend of the colours of a comparison.

use crate::reactive::{Memo, Signal, list, shown};
use crate::state::loaded_profile::SECOND_NS;
use crate::views::scales::Scaling;
use flarepath_profile::diff::color::{FIRST_GONE, FIRST_GREW, FIRST_NEW, FIRST_SHRANK, NEUTRAL, STEPS, fill};
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

/// What is compared, and by what colours are chosen.
fn compared((mode, covered_ns): Scaling, is_level: bool) -> String {
    let rates = if is_level { "means of profiles" } else { "rates per second and replica" };
    match (mode, covered_ns) {
        (Mode::PerSecond, Some(covered)) => format!("Compared: {rates}, over {}.", over(covered, is_level)),
        (Mode::Share, Some(_)) => "Compared: shares of each side's total.".to_owned(),
        (Mode::Share | Mode::PerSecond, None) => {
            "Compared: shares of each side's total, as covered time is not known.".to_owned()
        }
        (Mode::Absolute, Some(covered)) => {
            let what = if is_level { "equal numbers of profiles" } else { "equal time" };
            let differences = match covered.baseline == covered.comparison {
                true => String::new(),
                false => format!(" They are not of {what}: differences are in percentage points."),
            };
            format!(
                "Colours and parts of the change: {rates}, over {}. Costs and widths: values as they are.{differences}",
                over(covered, is_level)
            )
        }
        (Mode::Absolute, None) => "Values as they are. Covered time is not known, and so not what grew or shrank: colours show only \
                                   what is new or gone."
            .to_owned(),
    }
}

/// A ramp from what shrank to what grew, and the marks of what is gone and new.
#[component]
pub(crate) fn Legend(
    scaling: Signal<Scaling>,
    /// Whether values are levels.
    level: Memo<bool>,
) -> impl IntoView {
    let step =
        |colour: u8| view! { <span style:background=format!("var(--diff-{colour})")></span> }.into_any();
    let ramp = move || {
        let shrank = (FIRST_SHRANK..FIRST_GREW).rev();
        let steps = shrank.chain([NEUTRAL]).chain(FIRST_GREW..FIRST_NEW).map(step);
        view! {
            <li title="Strong colours: a large part of the total, and a large part of what the function was.">
                "shrank"<span class="diff-ramp">{list(steps)}</span>"grew"
            </li>
        }
        .into_any()
    };
    let marked = |class: &'static str, colour: u8, text: &'static str| {
        view! { <li><span class=class style:background=format!("var(--diff-{})", fill(colour))></span>{text}</li> }
            .into_any()
    };
    let knows_what_grew = Memo::new(move || !matches!(scaling.get(), (Mode::Absolute, None)));
    view! {
        <ul class="diff-legend" aria-label="Colours">
            {shown(move || knows_what_grew.get(), ramp)}
            {shown(move || !knows_what_grew.get(), move || marked("diff-swatch", NEUTRAL, "in both"))}
            {marked("diff-swatch is-gone", FIRST_GONE + STEPS / 2, "gone: only in the baseline (dashes)")}
            {marked("diff-swatch is-new", FIRST_NEW + STEPS / 2, "new: only in the comparison (line)")}
            <li>{move || compared(scaling.get(), level.get())}</li>
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_compared_and_why_not_rates() {
        let covered = Some(Pair { baseline: 3600 * SECOND_NS, comparison: 180 * SECOND_NS });
        let text = |mode, covered| compared((mode, covered), false);
        assert_eq!(
            text(Mode::PerSecond, covered),
            "Compared: rates per second and replica, over 1 h covered by the baseline and 3 min by the comparison."
        );
        assert_eq!(
            text(Mode::Absolute, covered),
            "Colours and parts of the change: rates per second and replica, over 1 h covered by the baseline and 3 min by the comparison. \
             Costs and widths: values as they are. They are not of equal time: differences are in percentage points."
        );
        for mode in [Mode::Share, Mode::PerSecond] {
            let why = "Compared: shares of each side's total, as covered time is not known.";
            assert_eq!((text(mode, None).as_str(), compared((mode, None), true).as_str()), (why, why));
        }
        assert!(text(Mode::Absolute, None).contains("colours show only what is new or gone"));
        let means = compared((Mode::PerSecond, covered), true);
        assert!(means.contains("over 3600 profiles of the baseline and 180 of the comparison"), "{means}");
    }
}
