//! One-line verdict: which function, its share of which resource, and the change against the baseline.
//!
//! It states measurements only. Whether a difference is reproducible is not tested, and the line does not claim it.

use super::Movers;
use crate::sharing::text::{one_line, path_end};
use flarepath_profile::diff::{Mode, Pair, Scale, Side};
use flarepath_profile::units::{Unit, format_rate, format_share, format_value};
use std::borrow::Cow;

/// Most characters of a function's name.
const MAX_NAME_CHARS: usize = 80;
/// Smaller changes, in percentage points, count as none.
const MIN_CHANGE_PP: f64 = 0.05;

/// The one-line finding of a tree or of a diff. `sample_type` is what is counted, such as `cpu` or `inuse_space`.
///
/// `json.Marshal: 41.0 % of CPU (self), +18.0 pp against the baseline`
pub(crate) fn verdict(movers: &Movers, sample_type: &str, unit: &Unit) -> String {
    let what = subject(sample_type);
    match &movers.scale {
        None => of_tree(movers, &what),
        Some(scale) => of_diff(movers, scale, &what, unit),
    }
}

fn of_tree(movers: &Movers, what: &str) -> String {
    match movers.rows.first() {
        _ if movers.whole.comparison == 0 => format!("No {what} was sampled"),
        None => format!("No function has {what} of its own"),
        Some(top) => {
            let share = format_share(top.self_value.comparison as f64, movers.whole.comparison as f64);
            format!("{}: {share} of {what} (self)", short(&top.name))
        }
    }
}

fn of_diff(movers: &Movers, scale: &Scale, what: &str, unit: &Unit) -> String {
    match movers.whole {
        Pair { baseline: 0, comparison: 0 } => return format!("No {what} was sampled on either side"),
        Pair { baseline: 0, .. } => {
            return format!("No {what} was sampled in the baseline: nothing to compare with");
        }
        Pair { comparison: 0, .. } => return format!("No {what} was sampled in the comparison"),
        _ => {}
    }
    let Some(top) = movers.rows.first() else {
        return format!("No function's own {what} differs from the baseline");
    };
    let change = scale.delta(top.self_value);
    if scale.mode == Mode::Share && change.abs() * 100.0 < MIN_CHANGE_PP {
        return format!("No function's share of {what} (self) differs by 0.1 pp or more from the baseline");
    }
    let share = |side: Side| format_share(top.self_value.of(side) as f64, movers.whole.of(side) as f64);
    let (name, before, after) = (short(&top.name), share(Side::Baseline), share(Side::Comparison));
    match (top.presence.baseline, top.presence.comparison) {
        (false, _) => format!("{name}: {after} of {what} (self), not in the baseline"),
        (_, false) => format!("{name}: gone, was {before} of {what} (self) in the baseline"),
        _ => format!("{name}: {after} of {what} (self), {} against the baseline", delta(scale, change, unit)),
    }
}

/// A difference with its sign, such as `+18.0 pp`, `−1.2 s`.
pub(super) fn delta(scale: &Scale, delta: f64, unit: &Unit) -> String {
    let size = delta.abs();
    let text = match scale.mode {
        Mode::Share => format!("{:.1} pp", size * 100.0),
        Mode::Absolute => format_value(size, unit),
        Mode::PerSecond => format_rate(size, unit, 1.0),
    };
    match delta {
        d if d > 0.0 => format!("+{text}"),
        d if d < 0.0 => format!("−{text}"),
        _ => text,
    }
}

/// A function's name without the path before it.
fn short(name: &str) -> Cow<'_, str> {
    one_line(&name[path_end(name)..], MAX_NAME_CHARS).into_owned().into()
}

/// What a sample type counts, in words.
fn subject(sample_type: &str) -> Cow<'_, str> {
    let words = match sample_type {
        "cpu" | "itimer" | "on_cpu" | "process_cpu" | "cpu_time" => "CPU",
        "wall" => "wall time",
        "inuse_space" | "live_bytes" => "memory in use",
        "inuse_objects" => "objects in use",
        "alloc_space" | "alloc_bytes" => "allocated memory",
        "alloc_objects" => "allocations",
        "goroutine" | "goroutines" => "goroutines",
        "delay" => "delay",
        "contentions" => "contentions",
        "" => "what was sampled",
        other => return one_line(other, 40),
    };
    Cow::Borrowed(words)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{cpu, tree};
    use super::*;
    use flarepath_profile::diff::diff;

    fn of(lines: &[(&str, i64)]) -> String {
        verdict(&Movers::of_tree(&tree(lines)), "cpu", &cpu())
    }

    fn between(before: &[(&str, i64)], after: &[(&str, i64)], absolute: bool) -> String {
        let both = diff(&tree(before), &tree(after));
        let totals = both.total(flarepath_profile::call_tree::NodeId::ROOT);
        let scale = if absolute { Scale::absolute() } else { Scale::share(totals) };
        verdict(&Movers::of_diff(&both, &scale), "cpu", &cpu())
    }

    #[test]
    fn names_the_function_with_the_largest_self_value() {
        let lines = [("main;encoding/json.Marshal", 41), ("main", 30), ("main;(other)", 29)];
        assert_eq!(of(&lines), "json.Marshal: 41.0 % of CPU (self)");
        assert_eq!(of(&[]), "No CPU was sampled");
        assert_eq!(of(&[("a", 5), ("b", -5)]), "No CPU was sampled");
        assert_eq!(of(&[("", 5)]), "No function has CPU of its own");
    }

    #[test]
    fn names_the_function_with_the_largest_change() {
        let (before, after) =
            ([("json.Marshal", 23), ("b", 77)], [("json.Marshal", 41), ("b", 40), ("c", 19)]);
        let up = "b: 40.0 % of CPU (self), −37.0 pp against the baseline";
        assert_eq!(between(&before, &after, false), up);
        let (before, after) = ([("json.Marshal", 230), ("b", 770)], [("json.Marshal", 410), ("b", 590)]);
        let tie = "json.Marshal: 41.0 % of CPU (self), +18.0 pp against the baseline";
        assert_eq!(between(&before, &after, false), tie);
        let absolute = "json.Marshal: 41.0 % of CPU (self), +180 ns against the baseline";
        assert_eq!(between(&before, &after, true), absolute);
    }

    #[test]
    fn names_new_gone_and_unchanged_functions() {
        let (a, b) = ([("a", 10), ("b", 10)], [("a", 10), ("c", 2), ("d", 8)]);
        assert_eq!(between(&a, &b, false), "b: gone, was 50.0 % of CPU (self) in the baseline");
        let (a, b) = ([("a", 100)], [("a", 75), ("c", 25)]);
        assert_eq!(between(&a, &b, true), "c: 25.0 % of CPU (self), not in the baseline");
        assert_eq!(
            between(&[("a", 1)], &[("a", 1), ("c", 9)], true),
            "c: 90.0 % of CPU (self), not in the baseline"
        );
        assert_eq!(between(&a, &a, false), "No function's own CPU differs from the baseline");
        let little = [("a", 100_000), ("c", 1)];
        let none = "No function's share of CPU (self) differs by 0.1 pp or more from the baseline";
        assert_eq!(between(&a, &little, false), none);
        assert_eq!(between(&[], &a, false), "No CPU was sampled in the baseline: nothing to compare with");
        assert_eq!(between(&a, &[], false), "No CPU was sampled in the comparison");
        assert_eq!(between(&[], &[], false), "No CPU was sampled on either side");
    }
}
