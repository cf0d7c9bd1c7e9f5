//! Texts about changes between two profiles.

use super::picture::{Measure, Picture};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::Mode;
use flarepath_profile::diff::{Change, Pair, Scale, Side};

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

fn sign(value: f64) -> &'static str {
    match value {
        more if more > 0.0 => "+",
        less if less < 0.0 => "−",
        _ => "",
    }
}

/// Comparison minus baseline: in percentage points, or in the unit of the values.
pub(super) fn delta(measure: &Measure, scale: &Scale, pair: Pair) -> String {
    let delta = scale.delta(pair);
    let sign = sign(delta);
    match scale.mode {
        Mode::Share => format!("{sign}{:.1} pp", delta.abs() * 100.0),
        Mode::Absolute => format!("{sign}{}", measure.value(delta.abs() as i64)),
        Mode::PerSecond => format!("{sign}{}", measure.per_second(delta.abs())),
    }
}

/// Relative change, such as `+12.5 %`; `None` where the baseline is 0.
pub(crate) fn ratio(pair: Pair) -> Option<String> {
    if pair.baseline == 0 {
        return None;
    }
    let percent = (pair.comparison as f64 - pair.baseline as f64) / (pair.baseline as f64).abs() * 100.0;
    Some(format!("{}{:.1} %", sign(percent), percent.abs()))
}

/// Rows of a tooltip: a node on both sides, and its change.
pub(super) fn rows(picture: &Picture, measure: &Measure, node: NodeId) -> Vec<(&'static str, String)> {
    let Some(changes) = &picture.changes else { return Vec::new() };
    let (both, scale) = (&changes.both, &changes.scale);
    let whole = both.total(NodeId::ROOT);
    let (own, total) = (both.self_value(node), both.total(node));
    let side = |side: Side| {
        let share = measure.share(total.of(side), whole.of(side));
        format!("self {} · total {} · {share}", measure.value(own.of(side)), measure.value(total.of(side)))
    };
    vec![
        ("change", word(both.change(node, scale)).to_owned()),
        ("baseline", side(Side::Baseline)),
        ("comparison", side(Side::Comparison)),
        ("Δ self", delta(measure, scale, own)),
        ("Δ total", delta(measure, scale, total)),
    ]
}

/// The same as one sentence; `None` where nothing is compared.
pub(super) fn sentence(picture: &Picture, measure: &Measure, node: NodeId) -> Option<String> {
    let rows = rows(picture, measure, node);
    let parts: Vec<String> = rows.iter().map(|(what, text)| format!("{what} {text}")).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_changes_with_sign_and_unit() {
        let pair = Pair { baseline: 10, comparison: 30 };
        let measure = Measure::unknown();
        let share = Scale::share(Pair { baseline: 100, comparison: 100 });
        assert_eq!(delta(&measure, &share, pair), "+20.0 pp");
        let back = Pair { baseline: 30, comparison: 10 };
        assert!(delta(&measure, &Scale::absolute(), back).starts_with('−'));
        assert_eq!(ratio(pair).as_deref(), Some("+200.0 %"));
        assert_eq!(ratio(Pair { baseline: 0, comparison: 1 }), None);
    }
}
