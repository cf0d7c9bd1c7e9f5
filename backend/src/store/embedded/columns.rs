//! Encodes samples of one or many profiles in columns: sorted stack ids and, for each sample type, one value a stack.
//!
//! Encoding, packed (see [`super::packed`]), all numbers as varints:
//! ```text
//! columns, stacks, then the first stack id and the difference of each to the one before it,
//! then for each column: 0 and a value a stack         (all values ≥ 0)
//!                       1 and a zigzag value a stack
//!                       2, k, zigzag m                 (column k times m; k comes before)
//! ```
//! A CPU profile has samples and nanoseconds, and each nanosecond value is its count of samples times the period:
//! the third form makes the second column cost three bytes.

use super::packed::{pack, unpack};
use super::varint::{Damaged, Reader, put, put_signed, zigzag};
use std::cell::RefCell;

/// Columns in memory. `values` holds one column after the other, each as long as `stacks`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// Stack ids, strictly ascending.
    pub(crate) stacks: Vec<u32>,
    /// One column for each sample type.
    pub(crate) values: Vec<Vec<i64>>,
}

const PLAIN: u64 = 0;
const SIGNED: u64 = 1;
const MULTIPLE: u64 = 2;

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Columns {
    /// Sums up samples given as (stack id, index of its row of values).
    pub(crate) fn gather<'a>(
        mut samples: Vec<(u32, u32)>,
        width: usize,
        row: impl Fn(u32) -> &'a [i64],
    ) -> Columns {
        samples.sort_unstable();
        let mut columns = Columns {
            stacks: Vec::with_capacity(samples.len()),
            values: vec![Vec::with_capacity(samples.len()); width],
        };
        for (stack, sample) in samples {
            let again = columns.stacks.last() == Some(&stack);
            if !again {
                columns.stacks.push(stack);
            }
            for (column, &value) in columns.values.iter_mut().zip(row(sample)) {
                match column.last_mut() {
                    Some(last) if again => *last = last.saturating_add(value),
                    _ => column.push(value),
                }
            }
        }
        columns
    }

    /// The encoding described above.
    pub(crate) fn encode(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(16 + self.stacks.len() * (2 + self.values.len()));
        put(&mut bytes, self.values.len() as u64);
        put(&mut bytes, self.stacks.len() as u64);
        let mut last = 0;
        for &stack in &self.stacks {
            put(&mut bytes, u64::from(stack - last));
            last = stack;
        }
        put_values(&mut bytes, &self.values);
        let mut packed = Vec::with_capacity(bytes.len() / 2 + 16);
        pack(&bytes, &mut packed)?;
        Ok(packed)
    }

    /// Reads what [`Columns::encode`] wrote.
    pub(crate) fn decode(packed: &[u8]) -> Result<Columns, Damaged> {
        SCRATCH.with_borrow_mut(|bytes| {
            unpack(packed, bytes)?;
            let mut reader = Reader::new(bytes);
            let (width, stacks) = read_stacks(&mut reader)?;
            let values = read_values(&mut reader, width, stacks.len())?;
            Ok(Columns { stacks, values })
        })
    }
}

/// Adds column `wanted` of packed columns to `sums`, which is indexed by stack id.
pub(crate) fn add_column(packed: &[u8], wanted: usize, sums: &mut [i64]) -> Result<(), Damaged> {
    each_sample(packed, wanted, sums.len(), |stack, value| {
        let sum = &mut sums[stack as usize];
        *sum = sum.saturating_add(value);
    })
}

/// Visits each stack, an id below `known`, with its value in column `wanted` of packed columns. Stacks and values are read
/// side by side, without a copy of either: this is what most of a query's time is spent in.
pub(crate) fn each_sample(
    packed: &[u8],
    wanted: usize,
    known: usize,
    mut visit: impl FnMut(u32, i64),
) -> Result<(), Damaged> {
    SCRATCH.with_borrow_mut(|bytes| {
        unpack(packed, bytes)?;
        let mut reader = Reader::new(bytes);
        let (width, count) = (reader.count(1)?, reader.count(1)?);
        if wanted >= width {
            return Err(Damaged("a profile lacks a column"));
        }
        let mut stacks = reader.clone();
        reader.skip(count)?;
        let Source { mut values, signed, factor } = source(reader, wanted, count)?;
        let mut stack = 0u32;
        for _ in 0..count {
            stack = stack.checked_add(stacks.index()?).ok_or(Damaged("a stack id is out of range"))?;
            if stack as usize >= known {
                return Err(Damaged("a profile names a stack that is not in the symbol table"));
            }
            let value = if signed { values.signed()? } else { values.number()? as i64 };
            visit(stack, value.wrapping_mul(factor));
        }
        Ok(())
    })
}

/// Visits the stacks of packed columns.
pub(crate) fn each_stack(packed: &[u8], visit: impl FnMut(u32)) -> Result<(), Damaged> {
    SCRATCH.with_borrow_mut(|bytes| {
        unpack(packed, bytes)?;
        read_stacks(&mut Reader::new(bytes))?.1.into_iter().for_each(visit);
        Ok(())
    })
}

/// A cursor over the values of a column.
struct Source<'a> {
    values: Reader<'a>,
    signed: bool,
    /// What each number read is to be multiplied by.
    factor: i64,
}

/// Finds column `wanted`; `reader` is at the first of the columns, which have `count` values each. Columns after it are
/// ignored.
fn source<'a>(mut reader: Reader<'a>, wanted: usize, count: usize) -> Result<Source<'a>, Damaged> {
    let mut sources: Vec<Source<'a>> = Vec::with_capacity(wanted + 1);
    loop {
        let next = match reader.number()? {
            form @ (PLAIN | SIGNED) => {
                let values = reader.clone();
                if sources.len() < wanted {
                    reader.skip(count)?;
                }
                Source { values, signed: form == SIGNED, factor: 1 }
            }
            MULTIPLE => {
                let (k, factor) = (reader.index()? as usize, reader.signed()?);
                let of = sources.get(k).ok_or(Damaged("a column refers to a later one"))?;
                let factor = of.factor.wrapping_mul(factor);
                Source { values: of.values.clone(), signed: of.signed, factor }
            }
            _ => return Err(Damaged("a column has an unknown form")),
        };
        if sources.len() == wanted {
            return Ok(next);
        }
        sources.push(next);
    }
}

/// The number that makes `column` from `of` when multiplied, if there is one that never overflows.
fn multiplier(of: &[i64], column: &[i64]) -> Option<i64> {
    let first = of.iter().position(|&v| v != 0)?;
    let factor = column[first].checked_div(of[first])?;
    of.iter().zip(column).all(|(a, b)| a.checked_mul(factor) == Some(*b)).then_some(factor)
}

fn read_stacks(reader: &mut Reader<'_>) -> Result<(usize, Vec<u32>), Damaged> {
    let width = reader.count(1)?;
    let count = reader.count(1)?;
    let mut stacks = Vec::with_capacity(count);
    let mut last = 0u32;
    for _ in 0..count {
        last = last.checked_add(reader.index()?).ok_or(Damaged("a stack id is out of range"))?;
        stacks.push(last);
    }
    Ok((width, stacks))
}

/// Appends columns of equal length in the forms described above.
pub(crate) fn put_values(out: &mut Vec<u8>, columns: &[Vec<i64>]) {
    for (c, column) in columns.iter().enumerate() {
        let multiple = (0..c).find_map(|k| Some((k, multiplier(&columns[k], column)?)));
        if let Some((k, factor)) = multiple {
            put(out, MULTIPLE);
            put(out, k as u64);
            put_signed(out, factor);
        } else if column.iter().all(|&v| v >= 0) {
            put(out, PLAIN);
            column.iter().for_each(|&v| put(out, v as u64));
        } else {
            put(out, SIGNED);
            column.iter().for_each(|&v| put(out, zigzag(v)));
        }
    }
}

/// Reads the first `width` columns of those that [`put_values`] wrote, each of `count` values.
pub(crate) fn read_values(
    reader: &mut Reader<'_>,
    width: usize,
    count: usize,
) -> Result<Vec<Vec<i64>>, Damaged> {
    let mut columns: Vec<Vec<i64>> = Vec::with_capacity(width);
    for _ in 0..width {
        let column = match reader.number()? {
            PLAIN => (0..count).map(|_| reader.number().map(|v| v as i64)).collect::<Result<_, _>>()?,
            SIGNED => (0..count).map(|_| reader.signed()).collect::<Result<_, _>>()?,
            MULTIPLE => {
                let (k, factor) = (reader.index()? as usize, reader.signed()?);
                let of = columns.get(k).ok_or(Damaged("a column refers to a later one"))?;
                of.iter().map(|v| v.wrapping_mul(factor)).collect()
            }
            _ => return Err(Damaged("a column has an unknown form")),
        };
        columns.push(column);
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Columns {
        let stacks: Vec<u32> = (0..500).map(|i| i * 7 + i % 3).collect();
        let counts: Vec<i64> = (0..500).map(|i| 1 + i % 5).collect();
        let nanos = counts.iter().map(|c| c * 10_000_000).collect();
        let signed = (0..500).map(|i| (i - 250) * 1_000_003).collect();
        Columns { stacks, values: vec![counts, nanos, signed] }
    }

    #[test]
    fn columns_round_trip() {
        for columns in [example(), Columns { stacks: vec![], values: vec![vec![]; 2] }, Columns::default()] {
            let packed = columns.encode().unwrap();
            assert_eq!(Columns::decode(&packed), Ok(columns));
        }
    }

    #[test]
    fn adds_each_column() {
        let columns = example();
        let packed = columns.encode().unwrap();
        for (c, column) in columns.values.iter().enumerate() {
            let mut sums = vec![1; 4000];
            add_column(&packed, c, &mut sums).unwrap();
            for (stack, value) in columns.stacks.iter().zip(column) {
                assert_eq!(sums[*stack as usize], value + 1);
            }
        }
        assert!(add_column(&packed, 3, &mut [0; 4000]).is_err());
        assert!(add_column(&packed, 0, &mut [0; 10]).is_err());
    }

    #[test]
    fn truncated_samples_are_an_error() {
        let columns = example();
        let mut bytes = Vec::new();
        unpack(&columns.encode().unwrap(), &mut bytes).unwrap();
        for cut in (0..bytes.len()).step_by(7) {
            let mut packed = Vec::new();
            pack(&bytes[..cut], &mut packed).unwrap();
            assert!(add_column(&packed, 2, &mut [0; 4000]).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_multiple_of_a_column_takes_three_bytes() {
        let mut columns = example();
        columns.values.truncate(1);
        let one = columns.encode().unwrap().len();
        columns.values = example().values[..2].to_vec();
        assert!(columns.encode().unwrap().len() < one + 12);
    }

    #[test]
    fn gathers_equal_stacks() {
        let rows = [[1, 10], [2, 20], [3, 30]];
        let columns = Columns::gather(vec![(9, 0), (4, 1), (9, 2)], 2, |i| &rows[i as usize]);
        assert_eq!(columns, Columns { stacks: vec![4, 9], values: vec![vec![2, 4], vec![20, 40]] });
    }
}
