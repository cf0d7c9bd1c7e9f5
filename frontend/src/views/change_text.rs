//! Texts about changes between two profiles.
//!
//! A change is written as an amount and as a share of the total, in percentage points: `+0.0395 cores (+62.1 pp)`. Amounts are
//! rates of a replica where covered time is known. What is zero is `–`.

use super::derive::Scales;
use super::picture::{Measure, Picture};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::rank::is_placeholder;
use flarepath_profile::diff::{Change, DiffTree, Mode, Pair, Scale, Side};
use flarepath_profile::units::{UnitScale, format_points};

/// What is zero, or not known.
pub(crate) const NONE: &str = "–";

/// The word for a change.
pub(super) fn word(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Gone => "gone",
        Change::Grew => "grew",
        Change::Shrank => "shrank",
        Change::Same => "same",
    }
}

/// The unit for amounts, of which `like` is the largest.
fn unit(measure: &Measure, scale: &Scale, like: f64) -> UnitScale {
    measure.amounts(like, scale.mode == Mode::PerSecond)
}

/// What a value of one side is written as: an amount where one is known, else the value. `like` is the largest of its column.
pub(super) fn cost_like(measure: &Measure, scales: &Scales, side: Side, value: i64, like: f64) -> String {
    let scale = scales.amounts.unwrap_or_else(Scale::absolute);
    unit(measure, &scale, like).text(scale.value(side, value))
}

/// A value of one side on its own.
pub(super) fn cost(measure: &Measure, scales: &Scales, side: Side, value: i64) -> String {
    let like = scales.amounts.unwrap_or_else(Scale::absolute).value(side, value);
    cost_like(measure, scales, side, value, like)
}

/// Comparison minus baseline as an amount; `None` where amounts are not comparable. `like` is the largest of its column.
pub(super) fn difference_like(measure: &Measure, scales: &Scales, pair: Pair, like: f64) -> Option<String> {
    let scale = scales.amounts?;
    Some(unit(measure, &scale, like).signed(scale.delta(pair)))
}

/// A difference of shares in percentage points: `+62.1 pp`, `−0.42 pp`.
pub(super) fn points(scales: &Scales, pair: Pair) -> String {
    format_points(scales.shares.delta(pair))
}

/// Comparison minus baseline: as an amount and in percentage points.
pub(super) fn delta(measure: &Measure, scales: &Scales, pair: Pair) -> String {
    let points = points(scales, pair);
    let like = scales.amounts.map_or(0.0, |scale| scale.delta(pair));
    match difference_like(measure, scales, pair, like) {
        Some(amount) if amount != NONE || points != NONE => format!("{amount} ({points})"),
        Some(amount) => amount,
        None => points,
    }
}

/// The part of the whole change that a change is, such as `83 %`; `–` where the whole change is too small to be one (by less than
/// 2 %), or not known.
pub(super) fn part_of_change(scales: &Scales, pair: Pair, whole: Pair) -> String {
    let Some(scale) = scales.parts else { return NONE.to_owned() };
    let (part, all) = (scale.delta(pair), scale.delta(whole));
    let larger =
        Side::BOTH.map(|side| scale.value(side, whole.of(side)).abs()).into_iter().fold(0.0, f64::max);
    let percent = part / all * 100.0;
    match all.abs() < 0.02 * larger || part == 0.0 || !percent.is_finite() {
        true => NONE.to_owned(),
        false if percent.abs() < 0.5 => "<1 %".to_owned(),
        false => format!("{}{:.0} %", if percent < 0.0 { "−" } else { "" }, percent.abs()),
    }
}

/// What is matched, as shares of both sides.
pub(super) fn matched_shares(both: &DiffTree, matched: Pair, measure: &Measure) -> String {
    let whole = both.total(NodeId::ROOT);
    let [before, after] = Side::BOTH.map(|side| measure.share(matched.of(side), whole.of(side)));
    format!("{before} of baseline, {after} of comparison")
}

/// Rows of a tooltip: a node on both sides, and its change.
pub(super) fn rows(picture: &Picture, measure: &Measure, node: NodeId) -> Vec<(&'static str, String)> {
    let Some(changes) = &picture.changes else { return Vec::new() };
    let (both, scales) = (&changes.both, &changes.scales);
    let whole = both.total(NodeId::ROOT);
    let (own, total) = (both.self_value(node), both.total(node));
    let side = |side: Side| {
        let share = measure.share(total.of(side), whole.of(side));
        let cost = |pair: Pair| cost(measure, scales, side, pair.of(side));
        format!("self {} · total {} · {share}", cost(own), cost(total))
    };
    let change = match is_placeholder(both.name(node)) {
        true => "merged for privacy",
        false => word(both.change(node, &scales.shown)),
    };
    vec![
        ("change", change.to_owned()),
        ("baseline", side(Side::Baseline)),
        ("comparison", side(Side::Comparison)),
        ("Δ self", delta(measure, scales, own)),
        ("Δ total", delta(measure, scales, total)),
    ]
}

/// The same as one sentence; empty where nothing is compared.
pub(super) fn sentence(picture: &Picture, measure: &Measure, node: NodeId) -> String {
    let rows = rows(picture, measure, node);
    let parts: Vec<String> = rows.iter().map(|(what, text)| format!("{what} {text}")).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Pair = Pair { baseline: 100, comparison: 100 };

    fn scales(amounts: Option<Scale>) -> Scales {
        let shares = Scale::share(WHOLE);
        Scales { shown: amounts.unwrap_or(shares), amounts, parts: amounts, shares }
    }

    #[test]
    fn a_change_is_an_amount_and_a_share() {
        let measure = Measure::unknown();
        let pair = Pair { baseline: 10, comparison: 30 };
        assert_eq!(delta(&measure, &scales(None), pair), "+20.0 pp", "no amount of unequal time");
        assert_eq!(delta(&measure, &scales(Some(Scale::absolute())), pair), "+20 (+20.0 pp)");
        let seconds = Pair { baseline: 1_000_000_000, comparison: 2_000_000_000 };
        let rates = scales(Some(Scale::per_second(seconds)));
        assert_eq!(delta(&measure, &rates, pair), "+5/s (+20.0 pp)");
        let back = Pair { baseline: 30, comparison: 10 };
        assert!(delta(&measure, &scales(Some(Scale::absolute())), back).starts_with("−20"));
        let same = Pair { baseline: 30, comparison: 30 };
        assert_eq!(delta(&measure, &scales(Some(Scale::absolute())), same), "–");
    }

    #[test]
    fn a_column_has_one_unit_and_nothing_is_a_dash() {
        let (measure, scales) = (Measure::unknown(), scales(Some(Scale::absolute())));
        let text = |value| cost_like(&measure, &scales, Side::Baseline, value, 2e9);
        assert_eq!([0, 2_000_000_000, 12_000_000].map(text), ["–", "2 G", "0.012 G"]);
    }

    #[test]
    fn a_part_of_the_change_needs_a_change() {
        let scales = scales(Some(Scale::absolute()));
        let part = |baseline, comparison, whole| {
            part_of_change(&scales, Pair { baseline, comparison }, Pair { baseline: 100, comparison: whole })
        };
        assert_eq!([part(10, 60, 150), part(20, 10, 150)], ["100 %", "−20 %"]);
        assert_eq!([part(10, 60, 101), part(10, 10, 150)], ["–", "–"]);
    }
}
