//! The data of a heat map: cells, names of rows and columns, selections.

use crate::state::clock_text::Zone;
use crate::state::time_text::MS;
use crate::state::timeline::Partial;
use flarepath_profile::heatmap::{Cell, Heatmap, Origin, Rect};
use flarepath_profile::units::{UnitScale, format_share};

/// What the columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    /// Time ranges of one length.
    Time {
        /// Left edge of the first, milliseconds since the epoch.
        from_ms: i64,
        /// Width of a column in milliseconds.
        step_ms: i64,
    },
    /// Seconds since the first sample's.
    Seconds,
}

/// What a drag from one cell to another selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The cells between both.
    Rectangle,
    /// Whole columns.
    Columns,
    /// The time from one to the other, where columns are seconds and rows are parts of them, the earliest first.
    Time,
}

/// A heat map and the meaning of its values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeatData {
    /// Values, and names of rows.
    pub(crate) map: Heatmap,
    /// The unit of all values.
    pub(crate) scale: UnitScale,
    /// Total of each column.
    pub(crate) totals: Vec<f64>,
    /// Whether the last row is the remainder.
    pub(crate) rest: bool,
    /// What the columns are.
    pub(crate) axis: Axis,
    /// Where the first row is.
    pub(crate) origin: Origin,
    /// Description of the values, such as `CPU time in columns of 30 s`.
    pub(crate) caption: String,
    /// Columns that hold less than their width would: drawn, but no colour is chosen by them.
    pub(crate) partial: Vec<(usize, Partial)>,
}

impl HeatData {
    /// Both ends of the time; `None` for seconds of a recording.
    pub(crate) fn ends_ms(&self) -> Option<(i64, i64)> {
        match self.axis {
            Axis::Time { from_ms, step_ms } => Some((from_ms, from_ms + self.map.columns() as i64 * step_ms)),
            Axis::Seconds => None,
        }
    }

    /// When a column begins, in nanoseconds since the epoch; `None` for seconds of a recording.
    pub(crate) fn column_at_ns(&self, column: usize) -> Option<i64> {
        match self.axis {
            Axis::Time { from_ms, step_ms } => Some((from_ms + column as i64 * step_ms).saturating_mul(MS)),
            Axis::Seconds => None,
        }
    }

    /// The label of a column: `10:05 – 10:10`, with the date where the map spans days; `12 s` for seconds.
    pub(crate) fn column_name(&self, column: usize, zone: Zone) -> String {
        match self.axis {
            Axis::Time { .. } => self.columns_name(column, column, zone),
            Axis::Seconds => format!("{column} s"),
        }
    }

    /// The time from one column to the end of another.
    pub(crate) fn columns_name(&self, first: usize, last: usize, zone: Zone) -> String {
        match self.axis {
            Axis::Time { from_ms, step_ms } => {
                let at = |column: usize| from_ms + column as i64 * step_ms;
                zone.interval((at(first), at(last + 1)), (from_ms, at(self.map.columns())))
            }
            Axis::Seconds if first == last => format!("{first} s"),
            Axis::Seconds => format!("{first} s – {} s", last + 1),
        }
    }

    /// Why a column holds less than its width would, if it does.
    pub(crate) fn partial(&self, column: usize) -> Option<Partial> {
        self.partial.iter().find(|(at, _)| *at == column).map(|(_, why)| *why)
    }

    /// The value of a cell; `no data` in a gap.
    pub(crate) fn value(&self, cell: Cell) -> String {
        self.map.get(cell).map_or_else(|| "no data".to_owned(), |value| self.scale.amount(value))
    }

    /// The share of a cell in its column; `None` in a gap.
    pub(crate) fn share(&self, cell: Cell) -> Option<String> {
        let value = self.map.get(cell)?;
        Some(format_share(value, self.totals.get(cell.column).copied().unwrap_or(0.0)))
    }

    /// A cell as text.
    pub(crate) fn describe(&self, cell: Cell, zone: Zone) -> String {
        if cell.row >= self.map.rows() {
            return String::new();
        }
        let share = self.share(cell).map(|share| format!(", {share} of the column")).unwrap_or_default();
        let column = self.column_name(cell.column, zone);
        let partial = self.partial(cell.column).map(|why| format!(", {}", why.text())).unwrap_or_default();
        format!("{}, {column}: {}{share}{partial}", self.map.row_name(cell.row), self.value(cell))
    }

    /// The sum of some cells, and the sum of the columns that they lie in.
    pub(crate) fn sum(&self, rects: &[Rect]) -> (f64, f64) {
        let value = rects.iter().map(|rect| self.map.sum(rect)).sum();
        let mut columns: Vec<usize> = rects.iter().flat_map(|rect| rect.columns.clone()).collect();
        columns.sort_unstable();
        columns.dedup();
        let total = |column: &usize| self.totals.get(*column).filter(|total| total.is_finite());
        (value, columns.iter().filter_map(total).sum())
    }

    /// The cells that a drag from one cell to another selects, as rectangles.
    pub(crate) fn between(&self, shape: Shape, a: Cell, b: Cell) -> Vec<Rect> {
        let rows = self.map.rows();
        match shape {
            Shape::Rectangle => vec![Rect::between(a, b)],
            Shape::Columns => vec![Rect { rows: 0..rows, ..Rect::between(a, b) }],
            Shape::Time => time_between(a, b, rows),
        }
    }
}

/// Three rectangles at most: the end of the first second, whole seconds, the start of the last.
fn time_between(a: Cell, b: Cell, rows: usize) -> Vec<Rect> {
    let (a, b) = if (a.column, a.row) <= (b.column, b.row) { (a, b) } else { (b, a) };
    let column = |at: usize, rows: std::ops::Range<usize>| Rect { rows, columns: at..at + 1 };
    if a.column == b.column {
        return vec![column(a.column, a.row..b.row + 1)];
    }
    let whole = Rect { rows: 0..rows, columns: a.column + 1..b.column };
    let mut rects = vec![column(a.column, a.row..rows)];
    if !whole.columns.is_empty() {
        rects.push(whole);
    }
    rects.push(column(b.column, 0..b.row + 1));
    rects
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use flarepath_profile::units::Unit;

    pub(crate) const T: i64 = 1_764_000_000_000;

    /// Rows as text, a digit a cell, `.` for a gap.
    pub(crate) fn data(rows: &[&str]) -> HeatData {
        let columns = rows[0].len();
        let names = (0..rows.len()).map(|row| format!("row {row}")).collect();
        let mut map = Heatmap::new(names, columns);
        let mut totals = vec![0.0; columns];
        for (row, text) in rows.iter().enumerate() {
            for (column, digit) in text.chars().enumerate() {
                if let Some(value) = digit.to_digit(10) {
                    map.add(Cell { row, column }, f64::from(value) * 1e9);
                    totals[column] += f64::from(value) * 1e9;
                }
            }
        }
        HeatData {
            scale: UnitScale::for_values(&Unit::of("cpu", "nanoseconds"), map.values()),
            map,
            totals,
            rest: false,
            axis: Axis::Time { from_ms: T, step_ms: 60_000 },
            origin: Origin::Top,
            caption: String::new(),
            partial: Vec::new(),
        }
    }

    #[test]
    fn describes_cells_with_time_and_share() {
        let map = data(&["31.", "11."]);
        assert_eq!(
            map.describe(Cell { row: 0, column: 0 }, Zone::UTC),
            "row 0, 16:00 – 16:01: 3 s, 75.0 % of the column"
        );
        assert_eq!(map.describe(Cell { row: 1, column: 2 }, Zone::UTC), "row 1, 16:02 – 16:03: no data");
        assert_eq!(map.columns_name(0, 1, Zone(|_| 60)), "17:00 – 17:02");
        assert_eq!(map.columns_name(0, 1, Zone(|_| 8 * 60 - 1)), "11-24 23:59 – 11-25 00:01");
        let filling = HeatData { partial: vec![(0, Partial::Filling)], ..map.clone() };
        let text = filling.describe(Cell { row: 1, column: 0 }, Zone::UTC);
        assert_eq!(text, "row 1, 16:00 – 16:01: 1 s, 25.0 % of the column, still filling");
        assert_eq!(HeatData { axis: Axis::Seconds, ..map }.columns_name(3, 9, Zone::UTC), "3 s – 10 s");
    }

    #[test]
    fn counts_each_column_once_in_a_sum() {
        let map = data(&["312", "11.", "000"]);
        let rects = [Rect { rows: 0..1, columns: 0..2 }, Rect { rows: 1..3, columns: 1..3 }];
        assert_eq!(map.sum(&rects), (5e9, 8e9));
    }

    #[test]
    fn a_time_range_is_at_most_three_rectangles() {
        let map = data(&["000000"; 4]);
        let cell = |row, column| Cell { row, column };
        let cells = |a, b| {
            let rects = map.between(Shape::Time, a, b);
            rects.iter().map(|r| r.rows.len() * r.columns.len()).sum::<usize>()
        };
        for (a, b) in [((1, 2), (3, 2)), ((3, 1), (0, 2)), ((2, 0), (1, 5)), ((0, 0), (3, 5))] {
            let (a, b) = (cell(a.0, a.1), cell(b.0, b.1));
            assert_eq!(cells(a, b), b.column * 4 + b.row - (a.column * 4 + a.row) + 1);
            assert_eq!(map.between(Shape::Time, b, a), map.between(Shape::Time, a, b));
        }
        assert_eq!(map.between(Shape::Columns, cell(2, 1), cell(3, 0)), [Rect { rows: 0..4, columns: 0..2 }]);
    }
}
