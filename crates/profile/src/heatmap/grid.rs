//! Heat map grid: values in named rows and in columns of equal width, usually of time.
//!
//! Row 0 comes first; whether that is at the top or at the bottom is the painter's to say ([`Origin`]). A cell
//! without data is not the same as a cell with 0, and is drawn as a gap.

use std::ops::Range;

/// A place in a heat map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Row, from 0.
    pub row: usize,
    /// Column, from 0.
    pub column: usize,
}

/// A rectangle of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rect {
    /// Its rows.
    pub rows: Range<usize>,
    /// Its columns.
    pub columns: Range<usize>,
}

impl Rect {
    /// The smallest rectangle with both cells in it.
    pub fn between(a: Cell, b: Cell) -> Rect {
        Rect {
            rows: a.row.min(b.row)..a.row.max(b.row) + 1,
            columns: a.column.min(b.column)..a.column.max(b.column) + 1,
        }
    }

    /// Whether a cell lies in it.
    pub fn contains(&self, cell: Cell) -> bool {
        self.rows.contains(&cell.row) && self.columns.contains(&cell.column)
    }
}

/// Where row 0 is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Origin {
    /// At the top, as in a table.
    #[default]
    Top,
    /// At the bottom, as on an axis.
    Bottom,
}

/// Values of cells, and names of rows. 8 bytes a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heatmap {
    rows: Vec<String>,
    columns: usize,
    /// Row by row; NaN where there is no data.
    values: Vec<f64>,
}

impl Heatmap {
    /// A map without any data.
    pub fn new(rows: Vec<String>, columns: usize) -> Heatmap {
        let values = vec![f64::NAN; rows.len().saturating_mul(columns)];
        Heatmap { rows, columns, values }
    }

    /// The name of a row.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row_name(&self, row: usize) -> &str {
        &self.rows[row]
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Adds to a cell; one without data becomes the value.
    ///
    /// # Panics
    /// When there is no such cell.
    pub fn add(&mut self, cell: Cell, value: f64) {
        let at = self.at(cell);
        let slot = &mut self.values[at];
        *slot = if slot.is_nan() { value } else { *slot + value };
    }

    /// The value of a cell; `None` when there is no data, or no such cell.
    pub fn get(&self, cell: Cell) -> Option<f64> {
        if cell.row >= self.rows.len() || cell.column >= self.columns {
            return None;
        }
        Some(self.values[self.at(cell)]).filter(|value| !value.is_nan())
    }

    /// The values of a row, from left to right; NaN where there is no data.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    fn at(&self, cell: Cell) -> usize {
        assert!(cell.row < self.rows.len() && cell.column < self.columns, "{cell:?} is outside of the map");
        cell.row * self.columns + cell.column
    }

    /// All values that there are.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.values.iter().copied().filter(|value| !value.is_nan())
    }

    /// The sum of all cells.
    pub fn total(&self) -> f64 {
        self.values().sum()
    }

    /// The sum of a rectangle; what lies outside of the map counts nothing.
    pub fn sum(&self, rect: &Rect) -> f64 {
        let rows = rect.rows.start..rect.rows.end.min(self.rows.len());
        let columns = rect.columns.start..rect.columns.end.min(self.columns);
        let cells = rows.flat_map(|row| columns.clone().map(move |column| Cell { row, column }));
        cells.filter_map(|cell| self.get(cell)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map() -> Heatmap {
        let mut map = Heatmap::new(vec!["cart".to_owned(), "mail".to_owned()], 3);
        map.add(Cell { row: 0, column: 1 }, 2e9);
        map.add(Cell { row: 0, column: 1 }, 1e9);
        map.add(Cell { row: 1, column: 1 }, 1e9);
        map.add(Cell { row: 1, column: 2 }, 0.0);
        map
    }

    #[test]
    fn no_data_is_not_zero() {
        let map = map();
        assert_eq!(map.get(Cell { row: 0, column: 0 }), None);
        assert_eq!(map.get(Cell { row: 1, column: 2 }), Some(0.0));
        assert_eq!(map.get(Cell { row: 2, column: 0 }), None, "outside");
        assert_eq!(map.total(), 4e9);
        assert_eq!(map.sum(&Rect { rows: 0..9, columns: 0..2 }), 4e9);
        assert_eq!(map.values().count(), 3);
        assert!(map.row(0)[2].is_nan());
    }

    proptest! {
        #[test]
        fn rectangles_accept_corners_in_any_order(a in (0..9usize, 0..9usize), b in (0..9usize, 0..9usize)) {
            let [a, b] = [a, b].map(|(row, column)| Cell { row, column });
            let rect = Rect::between(a, b);
            prop_assert_eq!(&rect, &Rect::between(b, a));
            prop_assert!(rect.contains(a) && rect.contains(b));
            prop_assert_eq!(rect.rows.len() * rect.columns.len(), (a.row.abs_diff(b.row) + 1) * (a.column.abs_diff(b.column) + 1));
        }
    }
}
