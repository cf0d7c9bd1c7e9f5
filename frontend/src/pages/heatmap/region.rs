//! Conversions between cells of the map and regions in the address: times and names of rows.

use crate::api::heatmap::HeatAnswer;
use crate::state::heatmap::data::{Axis, HeatData, Shape};
use crate::state::heatmap::{HeatView, Region, RowName, Rows, Subject};
use crate::state::view::HistoryMode;
use flarepath_profile::heatmap::{Cell, Rect};

/// Most characters of a name in a sentence.
const LONGEST: usize = 40;

/// What a drag selects. Profiles cannot be filtered by value, so in a map of values it selects whole columns.
pub(crate) fn shape(rows: Rows) -> Shape {
    if rows == Rows::Values { Shape::Columns } else { Shape::Rectangle }
}

/// The region between two cells.
pub(crate) fn region_of(data: &HeatData, subject: &Subject, a: Cell, b: Cell) -> Option<Region> {
    let Axis::Time { from_ms, step_ms } = data.axis else { return None };
    let rect = Rect::between(a, b);
    let at = |column: usize| from_ms + column as i64 * step_ms;
    let all = shape(subject.rows) == Shape::Columns || rect.rows == (0..data.map.rows());
    let name =
        |row: usize| subject.names.get(row).map_or(RowName::Other, |name| RowName::Named(name.clone()));
    let rows = if all { Vec::new() } else { rect.rows.clone().map(name).collect() };
    Some(Region { from_ms: at(rect.columns.start), until_ms: at(rect.columns.end), rows })
}

/// The cells of a region, as far as they are in the map. Its rows need not be adjacent any more.
pub(crate) fn rects_of(data: &HeatData, subject: &Subject, region: &Region) -> Vec<Rect> {
    let Axis::Time { from_ms, step_ms } = data.axis else { return Vec::new() };
    let count = data.map.columns() as i64;
    let column = |ms: i64, up: i64| ((ms - from_ms + up).div_euclid(step_ms)).clamp(0, count) as usize;
    let columns = column(region.from_ms, 0)..column(region.until_ms, step_ms - 1);
    if columns.is_empty() {
        return Vec::new();
    }
    let rows = data.map.rows();
    let place = |name: &RowName| match name {
        RowName::Named(name) => subject.names.iter().position(|n| n == name),
        RowName::Other => data.rest.then_some(rows.saturating_sub(1)),
    };
    let mut found: Vec<usize> = region.rows.iter().filter_map(place).collect();
    if region.rows.is_empty() {
        found = (0..rows).collect();
    }
    found.sort_unstable();
    let rect = |run: &[usize]| Rect { rows: run[0]..run[run.len() - 1] + 1, columns: columns.clone() };
    found.chunk_by(|a, b| b - a <= 1).map(rect).collect()
}

/// The cells of both selections of a view.
pub(crate) fn marks_of(view: &HeatView, answer: Option<&HeatAnswer>) -> [Vec<Rect>; 2] {
    let rects = |region: &Option<Region>| {
        let (answer, region) = (answer?, region.as_ref()?);
        Some(rects_of(answer.data.as_deref()?, &answer.subject, region))
    };
    view.picked.each_ref().map(|region| rects(region).unwrap_or_default())
}

/// The view after a drag between two cells, and how it enters the history; `None` where nothing can be selected.
pub(crate) fn after_drag(
    view: &HeatView,
    answer: &HeatAnswer,
    (from, to): (Cell, Cell),
    grows: bool,
) -> Option<(HeatView, HistoryMode)> {
    let region = region_of(answer.data.as_deref()?, &answer.subject, from, to)?;
    let mode = if grows { HistoryMode::Replace } else { HistoryMode::Push };
    Some((view.with_region(region, grows), mode))
}

/// The rows of a region in words.
pub(crate) fn rows_text(subject: &Subject, region: &Region) -> String {
    let name = |row: &RowName| match row {
        RowName::Named(name) if name.is_empty() => "(none)".to_owned(),
        RowName::Named(name) => cut(name),
        RowName::Other => "Other".to_owned(),
    };
    let what = match subject.rows {
        Rows::Functions => "functions",
        Rows::Label => "values",
        Rows::Values => return "all profiles".to_owned(),
    };
    match region.rows.as_slice() {
        [] => format!("all {what}"),
        [one] => name(one),
        [one, two] => format!("{} and {}", name(one), name(two)),
        [first, .., last] => format!("{} {what}, {} to {}", region.rows.len(), name(first), name(last)),
    }
}

/// The end of a long name, which tells functions apart better than its beginning.
fn cut(name: &str) -> String {
    let count = name.chars().count();
    match count > LONGEST {
        true => std::iter::once('…').chain(name.chars().skip(count - LONGEST)).collect(),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::query::Query;
    use crate::state::time_range::Span;
    use flarepath_profile::heatmap::{Heatmap, Origin};
    use flarepath_profile::units::{Unit, UnitScale};

    fn map(names: &[&str], rest: bool) -> (HeatData, Subject) {
        let mut rows: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        let subject = Subject {
            query: Query::default(),
            span: Span::of_ms(1000, 5000),
            rows: Rows::Label,
            names: rows.clone(),
        };
        if rest {
            rows.push("Other".into());
        }
        let data = HeatData {
            map: Heatmap::new(rows, 4),
            scale: UnitScale::for_largest(&Unit::parse("count"), 0.0),
            totals: vec![0.0; 4],
            rest,
            axis: Axis::Time { from_ms: 1000, step_ms: 1000 },
            origin: Origin::Top,
            caption: String::new(),
            partial: Vec::new(),
        };
        (data, subject)
    }

    #[test]
    fn regions_round_trip_to_cells() {
        let (data, subject) = map(&["a", "b", ""], true);
        let cells = (0..4).flat_map(|row| (0..4).map(move |column| Cell { row, column }));
        for a in cells.clone() {
            for b in cells.clone() {
                let region = region_of(&data, &subject, a, b).unwrap();
                assert_eq!(rects_of(&data, &subject, &region), [Rect::between(a, b)]);
            }
        }
    }

    #[test]
    fn finds_rows_that_moved() {
        let (data, subject) = map(&["a", "b", "c", "d"], false);
        let named = |name: &str| RowName::Named(name.into());
        let region = |rows: &[RowName]| Region { from_ms: 2500, until_ms: 9000, rows: rows.to_vec() };
        let rects = rects_of(&data, &subject, &region(&[named("d"), named("a"), named("b"), named("gone")]));
        assert_eq!(rects, [Rect { rows: 0..2, columns: 1..4 }, Rect { rows: 3..4, columns: 1..4 }]);
        assert_eq!(rects_of(&data, &subject, &region(&[RowName::Other])), []);
        let before = Region { from_ms: 0, until_ms: 900, rows: Vec::new() };
        assert_eq!(rects_of(&data, &subject, &before), []);
    }

    #[test]
    fn maps_of_values_select_whole_columns() {
        let (data, subject) = map(&[], true);
        let subject = Subject { rows: Rows::Values, ..subject };
        let cell = |column| Cell { row: 0, column };
        let region = region_of(&data, &subject, cell(1), cell(2)).unwrap();
        assert_eq!(region, Region { from_ms: 2000, until_ms: 4000, rows: Vec::new() });
        assert_eq!(rows_text(&subject, &region), "all profiles");
    }

    #[test]
    fn describes_rows() {
        let (_, subject) = map(&[], false);
        let text = |rows: &[&str]| {
            let rows = rows.iter().map(|n| RowName::Named((*n).into())).collect();
            rows_text(&subject, &Region { rows, ..Region::default() })
        };
        assert_eq!(text(&[]), "all values");
        assert_eq!(text(&["", "b"]), "(none) and b");
        assert_eq!(text(&["a", "b", "c"]), "3 values, a to c");
        let long = format!("größe::{}", "ü".repeat(39));
        assert_eq!(text(&[&long]), format!("…:{}", "ü".repeat(39)));
    }
}
