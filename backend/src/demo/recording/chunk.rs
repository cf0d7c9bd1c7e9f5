//! A chunk of a recording, in columns.

use super::rows::{Frame, Series, Stack};
use flarepath_profile::varint::{put, zigzag};
use std::io::{self, Write};

/// What a chunk's pushes have brought so far.
#[derive(Default)]
pub(super) struct Chunk {
    strings: Table<1>,
    /// Functions, files, lines.
    frames: Table<3>,
    /// Callers, frames.
    stacks: Table<2>,
    series: Table<1>,
    /// Arrivals, starts, durations, series, units, counts of samples, stacks, values.
    pushes: Table<8>,
}

/// Rows in columns of varints.
struct Table<const COLUMNS: usize> {
    rows: u64,
    columns: [Vec<u8>; COLUMNS],
}

impl<const COLUMNS: usize> Default for Table<COLUMNS> {
    fn default() -> Self {
        Table { rows: 0, columns: [const { Vec::new() }; COLUMNS] }
    }
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// Appends a row, whose numbers are in the first columns.
    fn row<const N: usize>(&mut self, numbers: [u64; N]) {
        self.rows += 1;
        self.columns.iter_mut().zip(numbers).for_each(|(column, number)| put(column, number));
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut rows = Vec::new();
        put(&mut rows, self.rows);
        out.write_all(&rows)?;
        self.columns.iter().try_for_each(|column| out.write_all(column))
    }
}

/// A push, as it is written.
pub(super) struct Row<'a> {
    pub(super) after_ms: u64,
    pub(super) start_before_ms: i64,
    pub(super) duration_ms: u64,
    pub(super) series: u32,
    /// What values are multiples of.
    pub(super) unit: i64,
    /// Stacks in ascending order, with their values.
    pub(super) samples: &'a [(u32, Vec<i64>)],
}

impl Chunk {
    pub(super) fn is_empty(&self) -> bool {
        self.pushes.rows == 0
    }

    pub(super) fn string(&mut self, text: &str) {
        self.strings.row([text.len() as u64]);
        self.strings.columns[0].extend_from_slice(text.as_bytes());
    }

    pub(super) fn frame(&mut self, frame: Frame) {
        self.frames.row([frame.function.into(), frame.file.into(), frame.line]);
    }

    /// A stack whose id is `id`.
    pub(super) fn stack(&mut self, stack: Stack, id: u32) {
        self.stacks.row([u64::from(id - stack.caller), stack.frame.into()]);
    }

    pub(super) fn series(&mut self, series: &Series) {
        let Series { name, period_type, period, sample_types, labels } = series;
        self.series.row([u64::from(*name)]);
        let out = &mut self.series.columns[0];
        put(out, period_type.0.into());
        put(out, period_type.1.into());
        put(out, (*period).max(0) as u64);
        for pairs in [sample_types, labels] {
            put(out, pairs.len() as u64);
            for (a, b) in pairs {
                put(out, (*a).into());
                put(out, (*b).into());
            }
        }
    }

    pub(super) fn push(&mut self, row: &Row<'_>) {
        let Row { after_ms, start_before_ms, duration_ms, series, unit, samples } = *row;
        let numbers = [
            after_ms,
            zigzag(start_before_ms),
            duration_ms,
            series.into(),
            unit as u64,
            samples.len() as u64,
        ];
        self.pushes.row(numbers);
        let [.., stacks, values] = &mut self.pushes.columns;
        let mut before = 0;
        for (stack, costs) in samples {
            put(stacks, u64::from(stack - before));
            before = *stack;
            costs.iter().for_each(|cost| put(values, zigzag(cost / unit)));
        }
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.strings.write(out)?;
        self.frames.write(out)?;
        self.stacks.write(out)?;
        self.series.write(out)?;
        self.pushes.write(out)
    }
}
