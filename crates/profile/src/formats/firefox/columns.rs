//! Columns of numbers in Firefox profiles: integers, fractions and `null`.

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
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

/// The rows of a table of the raw format, one after the other. Rows are of any length.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    cells: Vec<Cell>,
    ends: Vec<u32>,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell of a row; absent where the row ends before, or where the table's schema has no such column.
    pub(super) fn cell(&self, row: usize, column: Option<usize>) -> Cell {
        let end_of = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        let start = row.checked_sub(1).map_or(0, end_of);
        let cells = self.cells.get(start..end_of(row)).unwrap_or_default();
        column.and_then(|column| cells.get(column)).copied().unwrap_or(Cell::ABSENT)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowsVisitor)
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rows of a table")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Rows, A::Error> {
        let mut rows = Rows::default();
        while items.next_element_seed(OneRow(&mut rows))?.is_some() {}
        Ok(rows)
    }
}

/// Adds a row to the others.
struct OneRow<'a>(&'a mut Rows);

impl<'de> DeserializeSeed<'de> for OneRow<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for OneRow<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of a table")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Rows { cells, ends } = self.0;
        while let Some(cell) = items.next_element()? {
            cells.push(cell);
        }
        ends.push(u32::try_from(cells.len()).map_err(|_| A::Error::custom("more cells than are read"))?);
        Ok(())
    }
}
