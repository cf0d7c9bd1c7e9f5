//! Builds one block of many profiles or blocks of one series. Pure.

use super::change::BlockRow;
use super::columns::Columns;
use super::points::{Head, Points};
use super::varint::Damaged;

/// A block under construction.
#[derive(Default)]
pub(crate) struct BlockBuilder {
    /// One column of sums for each sample type, indexed by stack id.
    sums: Vec<Vec<i64>>,
    seen: Vec<bool>,
    points: Vec<Points>,
    profiles: i64,
    oldest_ns: Option<i64>,
    newest_ns: Option<i64>,
    duration_ns: i64,
    period: i64,
}

/// The key of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) service: i64,
    pub(crate) level: usize,
    pub(crate) start_ns: i64,
    pub(crate) series: i64,
}

impl BlockBuilder {
    /// Adds a stored profile.
    pub(crate) fn add_profile(&mut self, start_ns: i64, head: &[u8], samples: &[u8]) -> Result<(), Damaged> {
        let head = Head::decode(head)?;
        let totals = head.totals.iter().map(|&total| vec![total]).collect();
        self.points.push(Points { starts: vec![start_ns], totals });
        self.count(1, (start_ns, start_ns), head.duration_ns, head.period);
        self.add_samples(&Columns::decode(samples)?, head.totals.len())
    }

    /// Adds a block.
    pub(crate) fn add_block(&mut self, block: &BlockRow) -> Result<(), Damaged> {
        let points = Points::decode(&block.points)?;
        let width = points.totals.len();
        self.points.push(points);
        self.count(block.profiles, (block.oldest_ns, block.newest_ns), block.duration_ns, block.period);
        self.add_samples(&Columns::decode(&block.samples)?, width)
    }

    fn count(&mut self, profiles: i64, (oldest, newest): (i64, i64), duration_ns: i64, period: i64) {
        self.profiles += profiles;
        self.oldest_ns = self.oldest_ns.into_iter().chain([oldest]).min();
        self.newest_ns = self.newest_ns.into_iter().chain([newest]).max();
        self.duration_ns = self.duration_ns.saturating_add(duration_ns);
        self.period = self.period.max(period);
    }

    fn add_samples(&mut self, columns: &Columns, width: usize) -> Result<(), Damaged> {
        if self.sums.is_empty() {
            self.sums.resize_with(width, Vec::new);
        }
        if self.sums.len() != width || columns.values.len() != width {
            return Err(Damaged("profiles of one series differ in their sample types"));
        }
        let Some(&last) = columns.stacks.last() else { return Ok(()) };
        let stacks = self.seen.len().max(last as usize + 1);
        self.seen.resize(stacks, false);
        columns.stacks.iter().for_each(|&stack| self.seen[stack as usize] = true);
        for (sums, values) in self.sums.iter_mut().zip(&columns.values) {
            sums.resize(stacks, 0);
            for (&stack, &value) in columns.stacks.iter().zip(values) {
                let sum = &mut sums[stack as usize];
                *sum = sum.saturating_add(value);
            }
        }
        Ok(())
    }

    /// The block, encoded.
    pub(crate) fn finish(self, slot: Slot) -> std::io::Result<BlockRow> {
        let stacks: Vec<u32> = (0..self.seen.len() as u32).filter(|&s| self.seen[s as usize]).collect();
        let values =
            self.sums.iter().map(|sums| stacks.iter().map(|&s| sums[s as usize]).collect()).collect();
        let points = Points::merge(&self.points, self.sums.len());
        Ok(BlockRow {
            service: slot.service,
            level: slot.level,
            start_ns: slot.start_ns,
            series: slot.series,
            profiles: self.profiles,
            oldest_ns: self.oldest_ns.unwrap_or(slot.start_ns),
            newest_ns: self.newest_ns.unwrap_or(slot.start_ns),
            duration_ns: self.duration_ns,
            period: self.period,
            points: points.encode()?,
            samples: Columns { stacks, values }.encode()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOT: Slot = Slot { service: 1, level: 1, start_ns: 0, series: 2 };

    fn profile(mix: &mut BlockBuilder, start_ns: i64, stacks: &[u32], values: &[i64]) {
        let head = Head { duration_ns: 5, period: 7, totals: vec![values.iter().sum()], ..Head::default() };
        let columns = Columns { stacks: stacks.to_vec(), values: vec![values.to_vec()] };
        mix.add_profile(start_ns, &head.encode(), &columns.encode().unwrap()).unwrap();
    }

    #[test]
    fn blocks_of_parts_equal_the_block_of_the_whole() {
        let (mut whole, mut first, mut second) =
            (BlockBuilder::default(), BlockBuilder::default(), BlockBuilder::default());
        for mix in [&mut whole, &mut first] {
            profile(mix, 10, &[1, 5], &[3, 4]);
            profile(mix, 20, &[], &[]);
        }
        for mix in [&mut whole, &mut second] {
            profile(mix, 15, &[0, 5, 9], &[1, -4, 1]);
        }
        let mut parts = BlockBuilder::default();
        for part in [second, first] {
            parts.add_block(&part.finish(SLOT).unwrap()).unwrap();
        }
        let (whole, parts) = (whole.finish(SLOT).unwrap(), parts.finish(SLOT).unwrap());
        assert_eq!((&whole.points, &whole.samples), (&parts.points, &parts.samples));
        assert_eq!((whole.profiles, whole.oldest_ns, whole.newest_ns, whole.duration_ns), (3, 10, 20, 15));
        assert_eq!((parts.profiles, parts.oldest_ns, parts.newest_ns, parts.duration_ns), (3, 10, 20, 15));
        let columns = Columns::decode(&whole.samples).unwrap();
        assert_eq!((columns.stacks, columns.values), (vec![0, 1, 5, 9], vec![vec![1, 3, 0, 1]]));
    }
}
