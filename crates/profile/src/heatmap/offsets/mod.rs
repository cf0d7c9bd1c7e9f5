//! Sub-second offsets: each column is a second, each row a part of it, and a cell holds what was sampled then. What
//! happens every few milliseconds, or once in a while, shows as a pattern. The picture is FlameScope's (Netflix).
//!
//! Seconds begin where the clock of the samples has full ones. Samples are kept in time order with the start of each
//! cell, so that a selection of cells is a few slices of samples: from one cell to another in time, or a band of
//! offsets over some seconds.

use super::{Cell, Heatmap, Rect};
use crate::call_tree::build::BuildError;
use crate::call_tree::{CallTree, from_samples};
use crate::profile::Profile;

/// A second in nanoseconds.
const SECOND_NS: u64 = 1_000_000_000;
/// Rows that are plenty and still of a pixel each; 50, of 20 ms, is usual.
pub const MAX_ROWS: usize = 1000;
/// Cells of a map: 3.7 days of 50 rows.
const MAX_CELLS: u64 = 16_000_000;

/// No map can be made of the samples.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OffsetMapError {
    /// No sample has a time.
    #[error("the samples have no timestamps, which a sub-second offset map needs")]
    NoTimes,
    /// Too many seconds.
    #[error(
        "the samples span {seconds} seconds, which at {rows} rows per second is more than {MAX_CELLS} cells; choose a shorter range"
    )]
    TooLong {
        /// From the first sample to the last.
        seconds: u64,
        /// Rows asked for.
        rows: usize,
    },
    /// Not a number of rows.
    #[error("invalid number of rows per second: {0}; expected 1 to {MAX_ROWS}")]
    Rows(usize),
    /// The caller asked for a sample type that is not there.
    #[error("the profile has no sample type with index {0}")]
    SampleType(usize),
}

/// What a cell counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Samples.
    #[default]
    Samples,
    /// Their values.
    Values,
}

/// What is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// A stretch of time: from one cell to another, both included, in either order.
    Time(Cell, Cell),
    /// A band of offsets in each of some seconds.
    Band(Rect),
}

/// The map, and the samples behind each cell.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetMap {
    /// The picture: rows are parts of a second, named by where they begin (`20 ms`); columns are seconds. From the cell of the
    /// first sample to that of the last, a cell without samples has 0, as the profiler was running. Before and after, in the
    /// first second and in the last, there is no data.
    pub map: Heatmap,
    /// Start of the first second, nanoseconds since the epoch or on the profiler's own clock.
    pub start_ns: u64,
    /// Samples that could not be placed, as they have no time.
    pub untimed: usize,
    sample_type: usize,
    /// Indices of samples in time order.
    order: Vec<u32>,
    /// Where the samples of each cell begin in `order`, second by second; one entry more than there are cells.
    cell_start: Vec<u32>,
}

impl OffsetMap {
    /// Places the samples given by their indices, in any order, by time, with so many rows a second.
    ///
    /// # Errors
    /// [`OffsetMapError`].
    ///
    /// # Panics
    /// When there is no sample with such an index.
    pub fn new(
        profile: &Profile,
        sample_type: usize,
        samples: &[u32],
        rows: usize,
        weight: Weight,
    ) -> Result<OffsetMap, OffsetMapError> {
        if !(1..=MAX_ROWS).contains(&rows) {
            return Err(OffsetMapError::Rows(rows));
        }
        if sample_type >= profile.samples.width() {
            return Err(OffsetMapError::SampleType(sample_type));
        }
        let time = |i: u32| profile.samples.timestamp(i as usize);
        let mut order: Vec<u32> = samples.iter().copied().filter(|&i| time(i).is_some()).collect();
        order.sort_by_key(|&i| time(i));
        let ends = order.first().zip(order.last()).and_then(|(&first, &last)| time(first).zip(time(last)));
        let (first, last) = ends.ok_or(OffsetMapError::NoTimes)?;
        let (first_second, seconds) = (first / SECOND_NS, last / SECOND_NS - first / SECOND_NS + 1);
        if seconds.saturating_mul(rows as u64) > MAX_CELLS {
            return Err(OffsetMapError::TooLong { seconds, rows });
        }
        let mut offsets = OffsetMap {
            map: empty_map(rows, seconds as usize),
            start_ns: first_second * SECOND_NS,
            untimed: samples.len() - order.len(),
            sample_type,
            order,
            cell_start: vec![0; rows * seconds as usize + 1],
        };
        offsets.fill(profile, weight);
        Ok(offsets)
    }

    /// Puts each sample into its cell.
    fn fill(&mut self, profile: &Profile, weight: Weight) {
        let rows = self.map.rows();
        self.recorded(profile);
        for &sample in &self.order {
            let cell = self.cell_of(profile.samples.timestamp(sample as usize).unwrap_or(self.start_ns));
            let value = match weight {
                Weight::Samples => 1.0,
                Weight::Values => profile.samples.values(sample as usize)[self.sample_type] as f64,
            };
            self.map.add(cell, value);
            self.cell_start[cell.column * rows + cell.row + 1] += 1;
        }
        for i in 1..self.cell_start.len() {
            self.cell_start[i] += self.cell_start[i - 1];
        }
    }

    /// Zeros for the time between the first sample and the last.
    fn recorded(&mut self, profile: &Profile) {
        let cell =
            |sample: &u32| self.cell_of(profile.samples.timestamp(*sample as usize).unwrap_or(self.start_ns));
        let Some((first, last)) = self.order.first().map(cell).zip(self.order.last().map(cell)) else {
            return;
        };
        let rows = self.map.rows();
        let number = |cell: Cell| cell.column * rows + cell.row;
        for at in number(first)..=number(last) {
            self.map.add(Cell { row: at % rows, column: at / rows }, 0.0);
        }
    }

    /// The cell of a time that lies in the map.
    fn cell_of(&self, time_ns: u64) -> Cell {
        let since = time_ns - self.start_ns;
        let offset = since % SECOND_NS * self.map.rows() as u64 / SECOND_NS;
        Cell { row: offset as usize, column: (since / SECOND_NS) as usize }
    }

    /// The samples of a selection, in time order. Cells outside of the map hold none.
    pub fn samples(&self, selection: &Selection) -> Vec<u32> {
        let mut samples = Vec::new();
        for cells in self.slices(selection) {
            let [start, end] = cells.map(|cell| self.cell_start[cell] as usize);
            samples.extend_from_slice(&self.order[start..end]);
        }
        samples
    }

    /// The call tree of the samples of a selection.
    ///
    /// # Errors
    /// As [`from_samples`]: `profile` is not the one that the map was made of, or its tree would be too large.
    pub fn call_tree(&self, profile: &Profile, selection: &Selection) -> Result<CallTree, BuildError> {
        from_samples(profile, self.sample_type, self.samples(selection).into_iter().map(|i| i as usize))
    }

    /// The cells of a selection, second by second: numbers of the first and of the one after the last.
    fn slices(&self, selection: &Selection) -> Vec<[usize; 2]> {
        let (rows, columns) = (self.map.rows(), self.map.columns());
        let number = |cell: Cell| {
            cell.column.saturating_mul(rows).saturating_add(cell.row.min(rows - 1)).min(rows * columns)
        };
        match selection {
            Selection::Time(a, b) => {
                let (first, last) = in_order(*a, *b);
                vec![[number(first), (number(last) + 1).min(rows * columns)]]
            }
            Selection::Band(rect) => {
                let band = rect.rows.start.min(rows)..rect.rows.end.min(rows);
                let seconds = rect.columns.start..rect.columns.end.min(columns);
                let slice = |column: usize| {
                    let start = column * rows;
                    [start + band.start, start + band.end.max(band.start)]
                };
                seconds.map(slice).collect()
            }
        }
    }
}

/// Two cells, the earlier one first.
fn in_order(a: Cell, b: Cell) -> (Cell, Cell) {
    if (a.column, a.row) <= (b.column, b.row) { (a, b) } else { (b, a) }
}

/// No data yet, with rows named by where they begin.
fn empty_map(rows: usize, columns: usize) -> Heatmap {
    let name = |row: usize| {
        let ms = row as f64 * 1000.0 / rows as f64;
        let digits = if 1000 % rows == 0 { 0 } else { 1 };
        format!("{ms:.digits$} ms")
    };
    Heatmap::new((0..rows).map(name).collect(), columns)
}

/// The map of cells in the order of time, second by second: `first` is the position of the first value. Cells before and
/// after the values have no data; values beyond the last cell are left out. Rows are named by where they begin.
pub fn offset_grid(rows: usize, columns: usize, first: usize, values: &[i64]) -> Heatmap {
    let mut map = empty_map(rows, columns);
    for (at, value) in (first..rows.saturating_mul(columns)).zip(values) {
        map.add(Cell { row: at % rows, column: at / rows }, *value as f64);
    }
    map
}

/// The inverse of [`offset_grid`]: the position of the first cell with data, and the values up to the last one; between
/// them, 0 where there is none.
pub fn offset_cells(map: &Heatmap) -> (usize, Vec<i64>) {
    let rows = map.rows();
    let cells = (0..rows * map.columns()).map(|at| map.get(Cell { row: at % rows, column: at / rows }));
    let cells: Vec<Option<f64>> = cells.collect();
    let first = cells.iter().position(Option::is_some).unwrap_or(0);
    let end = cells.iter().rposition(Option::is_some).map_or(first, |last| last + 1);
    (first, cells[first..end].iter().map(|value| value.unwrap_or(0.0) as i64).collect())
}

#[cfg(test)]
mod tests;
