//! Time, duration and totals of profiles, without their samples.
//!
//! A stored profile has a [`Head`]; a block of many has [`Points`], from which series over time are drawn without
//! reading samples.

use super::columns::{put_values, read_values};
use super::packed::{pack, unpack};
use super::varint::{Damaged, Reader, put, put_signed, put_text};

/// One profile without its samples and its time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// How long it lasted, nanoseconds.
    pub(crate) duration_ns: i64,
    /// Units of the period type between samples.
    pub(crate) period: i64,
    /// Index of the sample type to show first, as the profiler named it; none if it did not.
    pub(crate) default_type: Option<u32>,
    /// Sum of each sample type.
    pub(crate) totals: Vec<i64>,
    /// Free text by the profiler.
    pub(crate) comments: Vec<String>,
}

impl Head {
    /// Varints in the order of the fields: duration, period, default type plus one, then both lists with lengths.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32);
        put_signed(&mut out, self.duration_ns);
        put_signed(&mut out, self.period);
        put(&mut out, self.default_type.map_or(0, |t| u64::from(t) + 1));
        put(&mut out, self.totals.len() as u64);
        self.totals.iter().for_each(|&t| put_signed(&mut out, t));
        put(&mut out, self.comments.len() as u64);
        self.comments.iter().for_each(|c| put_text(&mut out, c));
        out
    }

    /// Reads what [`Head::encode`] wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Head, Damaged> {
        let mut reader = Reader::new(bytes);
        let (duration_ns, period) = (reader.signed()?, reader.signed()?);
        let default_type = reader.index()?.checked_sub(1);
        let totals = reader.count(1)?;
        let totals = (0..totals).map(|_| reader.signed()).collect::<Result<_, _>>()?;
        let comments = reader.count(1)?;
        let comments = (0..comments).map(|_| reader.text().map(str::to_owned)).collect::<Result<_, _>>()?;
        Ok(Head { duration_ns, period, default_type, totals, comments })
    }
}

/// Starts and totals of the profiles in a block, by ascending start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Points {
    /// Start of each profile, nanoseconds since the epoch.
    pub(crate) starts: Vec<i64>,
    /// For each sample type, one total a profile.
    pub(crate) totals: Vec<Vec<i64>>,
}

impl Points {
    /// Puts points from several blocks or profiles, in any order, into one. All have `width` sample types.
    pub(crate) fn merge(parts: &[Points], width: usize) -> Points {
        let mut order: Vec<(i64, usize, usize)> = Vec::new();
        for (p, part) in parts.iter().enumerate() {
            order.extend(part.starts.iter().enumerate().map(|(i, &start)| (start, p, i)));
        }
        order.sort_unstable();
        let column = |c: usize| order.iter().map(|&(_, p, i)| parts[p].totals[c][i]).collect();
        Points {
            starts: order.iter().map(|&(start, ..)| start).collect(),
            totals: (0..width).map(column).collect(),
        }
    }

    /// Packed: sample types, profiles, first start and differences (zigzag), then the totals as columns of values.
    pub(crate) fn encode(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(16 + self.starts.len() * (6 + 5 * self.totals.len()));
        put(&mut bytes, self.totals.len() as u64);
        put(&mut bytes, self.starts.len() as u64);
        let mut last = 0i64;
        for &start in &self.starts {
            put_signed(&mut bytes, start.wrapping_sub(last));
            last = start;
        }
        put_values(&mut bytes, &self.totals);
        let mut packed = Vec::with_capacity(bytes.len());
        pack(&bytes, &mut packed)?;
        Ok(packed)
    }

    /// Reads what [`Points::encode`] wrote.
    pub(crate) fn decode(packed: &[u8]) -> Result<Points, Damaged> {
        let mut bytes = Vec::new();
        unpack(packed, &mut bytes)?;
        let mut reader = Reader::new(&bytes);
        let (width, starts) = read_starts(&mut reader)?;
        let totals = read_values(&mut reader, width, starts.len())?;
        Ok(Points { starts, totals })
    }

    /// Reads the starts alone.
    pub(crate) fn decode_starts(packed: &[u8]) -> Result<Vec<i64>, Damaged> {
        let mut bytes = Vec::new();
        unpack(packed, &mut bytes)?;
        Ok(read_starts(&mut Reader::new(&bytes))?.1)
    }
}

/// The number of sample types, and the starts.
fn read_starts(reader: &mut Reader<'_>) -> Result<(usize, Vec<i64>), Damaged> {
    let (width, count) = (reader.count(1)?, reader.count(1)?);
    let mut last = 0i64;
    let mut starts = Vec::with_capacity(count);
    for _ in 0..count {
        last = last.wrapping_add(reader.signed()?);
        starts.push(last);
    }
    Ok((width, starts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_round_trip() {
        let head = Head {
            duration_ns: 15_000_000_000,
            period: -1,
            default_type: Some(0),
            totals: vec![1500, i64::MIN],
            comments: vec!["from a test".into()],
        };
        assert_eq!(Head::decode(&head.encode()), Ok(head));
        assert!(Head::decode(&[1]).is_err());
    }

    #[test]
    fn points_merge_by_start_and_round_trip() {
        let a = Points { starts: vec![10, 30], totals: vec![vec![1, 3], vec![-1, -3]] };
        let b = Points { starts: vec![20], totals: vec![vec![2], vec![-2]] };
        let merged = Points::merge(&[a, b], 2);
        assert_eq!(merged.starts, [10, 20, 30]);
        assert_eq!(merged.totals, [[1, 2, 3], [-1, -2, -3]]);
        let encoded = merged.encode().unwrap();
        assert_eq!(Points::decode_starts(&encoded), Ok(merged.starts.clone()));
        assert_eq!(Points::decode(&encoded), Ok(merged));
    }
}
