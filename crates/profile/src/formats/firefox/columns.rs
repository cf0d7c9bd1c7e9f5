//! Numbers as Firefox profiles write them: whole or with a fraction, and `null`.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// One cell. What is absent, or no number, is NaN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell(pub(super) f64);

impl Cell {
    pub(super) const ABSENT: Cell = Cell(f64::NAN);

    /// An index, or an address; -1 for what is absent.
    pub(super) fn int(self) -> i64 {
        if self.0.is_nan() { -1 } else { self.0 as i64 }
    }
}

/// A column of a table; shorter than the table, or empty, if the file does not have it.
pub(super) type Column = Vec<Cell>;

/// The number in a row, -1 if there is none.
pub(super) fn at(column: &[Cell], row: usize) -> i64 {
    column.get(row).copied().unwrap_or(Cell::ABSENT).int()
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or null")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell, E> {
        Ok(Cell(number))
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::ABSENT)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Cell, E> {
        Ok(Cell::ABSENT)
    }

    fn visit_str<E>(self, _: &str) -> Result<Cell, E> {
        Ok(Cell::ABSENT)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::ABSENT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Cell, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::ABSENT)
    }
}

/// How many cells of a row are kept; the formats have eight at most where they matter.
const WIDTH: usize = 8;

/// A row of the raw format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row([Cell; WIDTH]);

impl Row {
    /// The cell of a column, which the table's schema gives; none where the schema does not know it.
    pub(super) fn cell(&self, column: Option<usize>) -> Cell {
        column.and_then(|column| self.0.get(column)).copied().unwrap_or(Cell::ABSENT)
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of a table")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Row, A::Error> {
        let mut row = Row([Cell::ABSENT; WIDTH]);
        for cell in &mut row.0 {
            match items.next_element()? {
                Some(found) => *cell = found,
                None => return Ok(row),
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(row)
    }
}
