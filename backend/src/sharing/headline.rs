//! A share in one line: for lists, link previews, preview images and the head of a postmortem.
//!
//! Of a comparison it is the headline of its verdict. Where there is none, both totals are stated and not compared: they are of
//! unequal time. Of a single tree it is the change that was stated above it, else the function with the largest cost of its own.

use super::basis::{Per, sample_type, unit_of};
use super::cost_words::cost_words;
use super::functions::TopFunctions;
use super::payload::{HeatmapResponse, OffsetCells, Snapshot, SnapshotSide};
use super::text::{one_line, path_end};
use super::verdict::UNAVAILABLE;
use flarepath_profile::diff::{Pair, Side};
use flarepath_profile::short_name::short_name;
use flarepath_profile::units::{format_share, format_value};

/// Most characters of a function's name.
const MAX_NAME_CHARS: usize = 80;

/// The line. `subject` says what the share is of; `top` are the functions of its trees.
pub(crate) fn headline(snapshot: &Snapshot, subject: &str, top: Option<&TopFunctions>) -> String {
    if let Some(grid) = &snapshot.heatmap {
        return of_grid(grid);
    }
    if let Some(OffsetCells { rows, columns, .. }) = &snapshot.offsets {
        return format!("Sub-second heat map of {rows} rows over {columns} s");
    }
    match (&snapshot.verdict, &snapshot.sides[..], top) {
        (Some(verdict), ..) if verdict.outcome != UNAVAILABLE => verdict.headline.clone(),
        // Values of different units are not put beside each other.
        (verdict, [baseline, comparison], Some(top)) if baseline.unit == comparison.unit => {
            let totals = totals(snapshot, [baseline, comparison], top.whole);
            let why = verdict.as_ref().map_or_else(String::new, |verdict| format!(". {}", verdict.headline));
            format!("{subject}: {totals}{why}")
        }
        (_, [.., side], Some(top)) => of_tree(top, &cost_words(&sample_type(side))),
        _ => String::new(),
    }
}

/// `0.064 cores (baseline), 0.103 cores (comparison)`; values where it is not known what to divide them by.
fn totals(snapshot: &Snapshot, sides: [&SnapshotSide; 2], whole: Pair) -> String {
    let per = Per::of_both(snapshot);
    let total = |place: Side| {
        let side = sides[place as usize];
        let name = match one_line(&side.label, MAX_NAME_CHARS) {
            label if label.is_empty() => ["baseline", "comparison"][place as usize].to_owned(),
            label => label.into_owned(),
        };
        let (value, unit) = (whole.of(place), unit_of(side));
        match per.map(|per| per[place as usize]) {
            Some(per) => format!("{} ({name})", format_value(per.rate(value), &per.unit(&unit))),
            None => format!("{} in total ({name})", format_value(value as f64, &unit)),
        }
    };
    let [baseline, comparison] = Side::BOTH.map(total);
    let unknown = if per.is_none() { "; covered time not recorded" } else { "" };
    format!("{baseline}, {comparison}{unknown}")
}

fn of_tree(top: &TopFunctions, what: &str) -> String {
    match top.rows.first() {
        _ if top.whole.comparison == 0 => format!("No {what} was sampled"),
        None => format!("No function has {what} of its own"),
        Some(first) => {
            let share = format_share(first.self_value.comparison as f64, top.whole.comparison as f64);
            let name = short_name(&first.name);
            let name = one_line(&name[path_end(&name)..], MAX_NAME_CHARS);
            format!("{name}: {share} of {what} (self)")
        }
    }
}

fn of_grid(grid: &HeatmapResponse) -> String {
    let (rows, columns) = (grid.rows.len(), grid.times_ms.len());
    format!("Heat map of {rows} rows over {columns} columns of {} s", grid.step_ms as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::super::functions::tests::tree;
    use super::super::payload::VerdictResponse;
    use super::*;
    use flarepath_profile::diff::diff;

    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
    const SECOND: i64 = 1_000_000_000;

    fn side(label: &str, covered_secs: i64) -> SnapshotSide {
        SnapshotSide {
            label: label.to_owned(),
            profile_type: CPU.to_owned(),
            unit: "nanoseconds".to_owned(),
            covered_ns: covered_secs * SECOND,
            ..SnapshotSide::default()
        }
    }

    fn of(lines: &[(&str, i64)]) -> String {
        let snapshot = Snapshot { version: 2, sides: vec![side("", 0)], ..Snapshot::default() };
        headline(&snapshot, "Profile", Some(&TopFunctions::of_tree(&tree(lines))))
    }

    #[test]
    fn a_tree_names_the_function_with_the_largest_self_value() {
        let lines = [("main;encoding/json.Marshal", 41), ("main", 30), ("main;(other)", 29)];
        assert_eq!(of(&lines), "json.Marshal: 41.0 % of CPU (self)");
        let long =
            format!("core::ptr::drop_in_place::<alloc::vec::Vec<{}>>", "shop::cart::Item, ".repeat(20));
        assert_eq!(of(&[(&long, 5)]), "core::ptr::drop_in_place::<…>: 100 % of CPU (self)");
        assert_eq!(of(&[]), "No CPU was sampled");
        assert_eq!(of(&[("a", 5), ("b", -5)]), "No CPU was sampled");
        assert_eq!(of(&[("", 5)]), "No function has CPU of its own");
        assert_eq!(of(&[("(other)", 5)]), "No function has CPU of its own");
    }

    #[test]
    fn sub_second_offsets_say_how_much_they_show() {
        let cells = OffsetCells { rows: 50, columns: 12, ..OffsetCells::default() };
        let sides = vec![side("shop.perf.txt", 0)];
        let snapshot = Snapshot { version: 2, sides, offsets: Some(cells), ..Snapshot::default() };
        assert_eq!(
            super::headline(&snapshot, "Local file", None),
            "Sub-second heat map of 50 rows over 12 s"
        );
    }

    #[test]
    fn a_comparison_has_the_headline_of_its_verdict_or_both_totals() {
        let both = diff(&tree(&[("a", 230_400_000_000)]), &tree(&[("a", 18_620_000_000)]));
        let top = TopFunctions::of_diff(&both, None);
        let of = |version, covered: [i64; 2], verdict: Option<&str>| {
            let sides = vec![side("baseline", covered[0]), side("comparison", covered[1])];
            let verdict =
                verdict.map(|text| VerdictResponse { headline: text.to_owned(), ..Default::default() });
            let snapshot = Snapshot { version, sides, verdict, ..Snapshot::default() };
            super::headline(&snapshot, "Comparison of checkout, CPU", Some(&top))
        };
        let headline = "CPU use is 62 % higher in version 2 than in version 1.";
        assert_eq!(of(2, [3600, 180], Some(headline)), headline);
        assert_eq!(
            of(2, [3600, 180], None),
            "Comparison of checkout, CPU: 0.064 cores (baseline), 0.103 cores (comparison)"
        );
        let none = VerdictResponse {
            headline: "No verdict: it took too long.".to_owned(),
            outcome: UNAVAILABLE.to_owned(),
            ..Default::default()
        };
        let sides = vec![side("baseline", 3600), side("comparison", 180)];
        let snapshot = Snapshot { version: 2, sides, verdict: Some(none), ..Snapshot::default() };
        assert_eq!(
            super::headline(&snapshot, "Comparison", Some(&top)),
            "Comparison: 0.064 cores (baseline), 0.103 cores (comparison). No verdict: it took too long."
        );
        assert_eq!(
            of(1, [0, 0], None),
            "Comparison of checkout, CPU: 3.84 min in total (baseline), 18.6 s in total (comparison); covered time not recorded"
        );
    }
}
