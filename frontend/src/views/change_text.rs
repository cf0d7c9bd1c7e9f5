//! Texts about changes between two profiles.
//!
//! A change is written as an amount and as a share of the total, in percentage points: `+0.0395 cores (+62.1 pp)`. Amounts are
//! rates of a replica where covered time is known. What is zero is `–`.

use super::picture::{ChangeTexts, Measure, Picture};
use super::scales::Scales;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::color::{color, presence_color};
use flarepath_profile::diff::part::{self, NoPart};
use flarepath_profile::diff::rank::is_placeholder;
use flarepath_profile::diff::search::search;
use flarepath_profile::diff::{Change, DiffTree, Mode, Pair, Presence, Scale, Side};
use flarepath_profile::units::{UnitScale, format_points};

/// What is zero, or not known.
pub(crate) const NONE: &str = "–";

/// The texts of a picture that compares.
pub(super) const TEXTS: ChangeTexts =
    ChangeTexts { matched: |both, marks| search(both, marks).total, matched_shares, rows, amount, sentence };

/// The word for what became of something with these values; where it is not known what grew, only for what is new or gone.
pub(super) fn change_word(scales: &Scales, pair: Pair, presence: Presence) -> Option<&'static str> {
    match (scales.changes, scales.shown.change(pair, presence)) {
        (Some(scale), _) => Some(word(scale.change(pair, presence))),
        (None, change @ (Change::New | Change::Gone)) => Some(word(change)),
        (None, _) => None,
    }
}

/// The colour for what became of it in a whole; where it is not known what grew, only for what is new or gone.
pub(super) fn change_colour(scales: &Scales, pair: Pair, whole: Pair, presence: Presence) -> u8 {
    match &scales.changes {
        Some(scale) => color(scale, pair, whole, presence),
        None => presence_color(pair, whole, presence),
    }
}

fn word(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Gone => "gone",
        Change::Grew => "grew",
        Change::Shrank => "shrank",
        Change::Same => "same",
    }
}

/// The amounts that decide how one of them is written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Like {
    /// The largest of all that are compared with it, such as those of a table: they have one unit.
    pub(crate) most: f64,
    /// The largest of its column, for the digits.
    pub(crate) column: f64,
    /// The smallest but zero of its column, for the place of the point; 0 where it stands alone.
    pub(crate) least: f64,
}

/// The unit for amounts.
fn unit(measure: &Measure, scale: &Scale, like: Like) -> UnitScale {
    measure.amounts(like.most, scale.mode == Mode::PerSecond).column(like.column).aligned(like.least)
}

/// What a value of one side is written as: an amount where one is known, else the value.
pub(super) fn cost_like(measure: &Measure, scales: &Scales, side: Side, value: i64, like: Like) -> String {
    let scale = scales.amounts.unwrap_or_else(Scale::absolute);
    unit(measure, &scale, like).text(scale.value(side, value))
}

/// Comparison minus baseline as an amount; `None` where amounts are not subtracted.
pub(super) fn difference_like(measure: &Measure, scales: &Scales, pair: Pair, like: Like) -> Option<String> {
    let scale = scales.deltas?;
    Some(unit(measure, &scale, like).signed(scale.delta(pair)))
}

/// A difference of shares in percentage points: `+62.1 pp`, `−0.42 pp`.
pub(super) fn points(scales: &Scales, pair: Pair) -> String {
    format_points(scales.shares.delta(pair))
}

/// Comparison minus baseline: as an amount, in the unit of `most`, and in percentage points.
fn delta(measure: &Measure, scales: &Scales, pair: Pair, most: f64) -> String {
    let points = points(scales, pair);
    let column = scales.deltas.map_or(0.0, |scale| scale.delta(pair));
    let like = Like { most, column, least: 0.0 };
    match difference_like(measure, scales, pair, like) {
        Some(amount) if amount != NONE || points != NONE => format!("{amount} ({points})"),
        Some(amount) => amount,
        None => points,
    }
}

/// The part of the whole change that a change is, such as `83 %`, and what there is to know about it; `–` where it is no part of it, with
/// the reason. `is_significant` says whether the verdict found the whole change.
pub(super) fn part_of_change(
    scales: &Scales,
    pair: Pair,
    whole: Pair,
    is_significant: Option<bool>,
) -> (String, &'static str) {
    let Some(scale) = scales.parts else {
        return (NONE.to_owned(), "Not known, because the time that the profiles cover is not known.");
    };
    match part::part_of_change(&scale, pair, whole, is_significant) {
        Ok(part) if part < 0.005 => ("<1 %".to_owned(), ""),
        Ok(part) if part > 1.0 => {
            (format!("{:.0} %", part * 100.0), "Other functions changed in the opposite direction.")
        }
        Ok(part) => (format!("{:.0} %", part * 100.0), ""),
        Err(why) => (NONE.to_owned(), without_part(why)),
    }
}

/// Whether the change of any function can be a part of the whole change; see [`part_of_change`].
pub(super) fn has_parts(scales: &Scales, whole: Pair, is_significant: Option<bool>) -> bool {
    scales.parts.is_some_and(|scale| part::change_of_total(&scale, whole, is_significant).is_ok())
}

fn without_part(why: NoPart) -> &'static str {
    match why {
        NoPart::Same => "",
        NoPart::Insignificant => {
            "The total has not changed significantly: there is no change to be a part of."
        }
        NoPart::Alike => "The total has changed by less than 2 %: too little to state parts of it.",
        NoPart::Opposite => {
            "This function changed in the opposite direction to the total: it is no part of its change."
        }
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
    let amounts = scales.amounts.unwrap_or_else(Scale::absolute);
    let most = largest(&amounts, [own, total]);
    let side = |side: Side| {
        let share = measure.share(total.of(side), whole.of(side));
        let cost = |pair: Pair| {
            let like = Like { most, column: amounts.value(side, pair.of(side)), least: 0.0 };
            cost_like(measure, scales, side, pair.of(side), like)
        };
        format!("self {} · total {} · {share}", cost(own), cost(total))
    };
    let change = match is_placeholder(both.name(node)) {
        true => "merged for privacy",
        false => {
            change_word(scales, total, both.presence(node)).unwrap_or("not known, as covered time is not")
        }
    };
    vec![
        ("change", change.to_owned()),
        ("baseline", side(Side::Baseline)),
        ("comparison", side(Side::Comparison)),
        ("Δ self", delta(measure, scales, own, most)),
        ("Δ total", delta(measure, scales, total, most)),
    ]
}

/// The change of a node as its box shows it, in the unit of the whole: an amount, or else percentage points.
fn amount(picture: &Picture, measure: &Measure, node: NodeId) -> String {
    let Some(changes) = &picture.changes else { return String::new() };
    let (both, scales) = (&changes.both, &changes.scales);
    if is_placeholder(both.name(node)) {
        return String::new();
    }
    let pair = both.total(node);
    let like = scales.deltas.map_or_else(Like::default, |scale| Like {
        most: largest(&scale, [both.total(NodeId::ROOT)]),
        column: scale.delta(pair),
        least: 0.0,
    });
    let text = difference_like(measure, scales, pair, like).unwrap_or_else(|| points(scales, pair));
    if text == NONE { String::new() } else { text }
}

/// The largest amount of any side and of any difference.
pub(super) fn largest(scale: &Scale, pairs: impl IntoIterator<Item = Pair>) -> f64 {
    let of = |pair: Pair| {
        let costs = Side::BOTH.map(|side| scale.value(side, pair.of(side)).abs());
        costs.into_iter().fold(scale.delta(pair).abs(), f64::max)
    };
    pairs.into_iter().map(of).fold(0.0, f64::max)
}

/// The rows of the tooltip as one sentence; empty where nothing is compared.
pub(super) fn sentence(picture: &Picture, measure: &Measure, node: NodeId) -> String {
    let rows = rows(picture, measure, node);
    let parts: Vec<String> = rows.iter().map(|(what, text)| format!("{what} {text}")).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::diff::color::{FIRST_NEW, NEUTRAL};

    const WHOLE: Pair = Pair { baseline: 100, comparison: 100 };

    fn scales(amounts: Option<Scale>) -> Scales {
        let shares = Scale::share(WHOLE);
        let shown = amounts.unwrap_or(shares);
        Scales { shown, changes: Some(shown), amounts, deltas: amounts, parts: amounts, shares }
    }

    #[test]
    fn a_change_is_an_amount_and_a_share() {
        let measure = Measure::unknown();
        let delta = |scales: &Scales, pair: Pair| super::delta(&measure, scales, pair, 30.0);
        let pair = Pair { baseline: 10, comparison: 30 };
        assert_eq!(delta(&scales(None), pair), "+20.0 pp", "no amount of unequal time");
        assert_eq!(delta(&scales(Some(Scale::absolute())), pair), "+20 (+20.0 pp)");
        let seconds = Pair { baseline: 1_000_000_000, comparison: 2_000_000_000 };
        let rates = scales(Some(Scale::per_second(seconds)));
        assert_eq!(delta(&rates, pair), "+5/s (+20.0 pp)");
        let back = Pair { baseline: 30, comparison: 10 };
        assert!(delta(&scales(Some(Scale::absolute())), back).starts_with("−20"));
        let same = Pair { baseline: 30, comparison: 30 };
        assert_eq!(delta(&scales(Some(Scale::absolute())), same), "–");
    }

    #[test]
    fn a_column_has_one_unit_and_nothing_is_a_dash() {
        let (measure, scales) = (Measure::unknown(), scales(Some(Scale::absolute())));
        let text = |value, column| {
            cost_like(&measure, &scales, Side::Baseline, value, Like { most: 2e9, column, least: 0.0 })
        };
        assert_eq!([0, 2_000_000_000, 12_000_000].map(|value| text(value, 2e9)), ["–", "2 G", "0.012 G"]);
        assert_eq!(
            [12_000_000, 70_000].map(|value| text(value, 12e6)),
            ["0.012 G", "0.00007 G"],
            "beside it"
        );
    }

    #[test]
    fn without_covered_time_values_are_only_new_or_gone() {
        let scales = Scales { changes: None, ..scales(Some(Scale::absolute())) };
        let both = Presence { baseline: true, comparison: true };
        let pair = Pair { baseline: 10, comparison: 30 };
        let colour = |presence| change_colour(&scales, pair, WHOLE, presence);
        assert_eq!((change_word(&scales, pair, both), colour(both)), (None, NEUTRAL));
        let new = Presence { baseline: false, ..both };
        assert_eq!((change_word(&scales, pair, new), colour(new)), (Some("new"), FIRST_NEW + 4));
        // Of unequal time, a difference has no amount.
        let unequal = Scales { deltas: None, ..scales };
        assert_eq!(delta(&Measure::unknown(), &unequal, pair, 30.0), "+20.0 pp");
    }

    #[test]
    fn the_largest_amount_is_of_any_side_or_difference() {
        let pairs = [Pair { baseline: 3, comparison: 40 }, Pair { baseline: -30, comparison: 20 }];
        assert_eq!(largest(&Scale::absolute(), pairs), 50.0);
        let seconds = Pair { baseline: 1_000_000_000, comparison: 2_000_000_000 };
        assert_eq!(largest(&Scale::per_second(seconds), [pairs[0]]), 20.0);
    }

    #[test]
    fn without_a_change_of_the_whole_no_function_has_a_part_of_it() {
        let scales = scales(Some(Scale::absolute()));
        let of = |comparison, is_significant| {
            has_parts(&scales, Pair { baseline: 100, comparison }, is_significant)
        };
        assert_eq!([of(150, None), of(150, Some(true)), of(50, None)], [true; 3]);
        assert_eq!([of(150, Some(false)), of(101, None), of(100, Some(true))], [false; 3]);
        let of_files = Scales { parts: None, ..scales };
        assert!(!has_parts(&of_files, Pair { baseline: 100, comparison: 150 }, None));
    }

    #[test]
    fn a_part_of_the_change_needs_a_change() {
        let scales = scales(Some(Scale::absolute()));
        let part = |[baseline, comparison]: [i64; 2], whole, is_significant| {
            let whole = Pair { baseline: 100, comparison: whole };
            part_of_change(&scales, Pair { baseline, comparison }, whole, is_significant)
        };
        assert_eq!(part([10, 60], 150, Some(true)), ("100 %".to_owned(), ""));
        assert_eq!(part([10, 10], 150, None), (NONE.to_owned(), ""));
        for (pair, whole, is_significant, word) in [
            ([20, 10], 150, None, "opposite direction"),
            ([10, 60], 101, None, "less than 2 %"),
            ([10, 60], 150, Some(false), "not changed significantly"),
        ] {
            let (text, why) = part(pair, whole, is_significant);
            assert!(text == NONE && why.contains(word), "{text} {why}");
        }
        let (text, why) = part([10, 110], 150, None);
        assert!(text == "200 %" && why.contains("Other functions"), "{text} {why}");
        let unknown = Scales { parts: None, ..scales };
        let pair = Pair { baseline: 10, comparison: 60 };
        assert!(part_of_change(&unknown, pair, pair, None).1.contains("Not known"));
    }
}
