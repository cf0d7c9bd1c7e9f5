//! Disk usage of stored profiles, and a forecast of when the disk will be full.

use flarepath_profile::unix_nanos::UnixNanos;

/// Bytes that a store takes of its disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiskUsage {
    /// Pages of the database that hold data.
    pub used: u64,
    /// Pages that are free for reuse and still take disk space.
    pub free: u64,
    /// The log.
    pub log: u64,
    /// Free space of the file system.
    pub disk_free: u64,
}

impl DiskUsage {
    /// Everything that the store takes.
    pub fn total(&self) -> u64 {
        self.used + self.free + self.log
    }
}

/// How the stored data grows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DiskGrowth {
    /// Too little is known: so many more hours are needed.
    Unknown {
        /// Hours until there is a forecast, at least 1.
        hours: u32,
    },
    /// Bytes that a day adds; negative when the data shrinks.
    PerDay(i64),
}

impl DiskGrowth {
    /// Days until `room` bytes are used up: infinite without growth, `None` while growth is unknown.
    pub(crate) fn days_for(&self, room: u64) -> Option<f64> {
        match *self {
            DiskGrowth::Unknown { .. } => None,
            DiskGrowth::PerDay(bytes) if bytes <= 0 => Some(f64::INFINITY),
            DiskGrowth::PerDay(bytes) => Some(room as f64 / bytes as f64),
        }
    }
}

/// What a store takes at present, and what that leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiskReport {
    /// At present.
    pub usage: DiskUsage,
    /// `retention.max_size`, if it is set.
    pub max_size: Option<u64>,
    /// DiskGrowth of the used pages.
    pub growth: DiskGrowth,
    /// Start of the oldest data, in the widest blocks or as single profiles; `None` in an empty store.
    pub oldest: Option<UnixNanos>,
}

impl DiskReport {
    /// Days until the disk is full; free pages are filled first. `None` while growth is unknown.
    pub(crate) fn full_in_days(&self) -> Option<f64> {
        self.growth.days_for(self.usage.disk_free + self.usage.free)
    }

    /// Days until `retention.max_size` is reached and the oldest data goes. `None` without a limit or while growth is unknown.
    pub(crate) fn limit_in_days(&self) -> Option<f64> {
        let room = self.max_size?.saturating_sub(self.usage.used + self.usage.log);
        self.growth.days_for(room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_pages_are_filled_before_the_disk_is() {
        let usage = DiskUsage { used: 500, free: 300, log: 20, disk_free: 2_000 };
        let report =
            DiskReport { usage, max_size: Some(1_000), growth: DiskGrowth::PerDay(100), oldest: None };
        assert_eq!(usage.total(), 820);
        assert_eq!(report.full_in_days(), Some(23.0));
        assert_eq!(report.limit_in_days(), Some(4.8));
    }

    #[test]
    fn without_growth_the_disk_is_never_full_and_unknown_growth_says_nothing() {
        let of = |growth| DiskReport { usage: DiskUsage::default(), max_size: Some(1), growth, oldest: None };
        assert_eq!(of(DiskGrowth::PerDay(-5)).full_in_days(), Some(f64::INFINITY));
        assert_eq!(of(DiskGrowth::PerDay(0)).limit_in_days(), Some(f64::INFINITY));
        assert_eq!(of(DiskGrowth::Unknown { hours: 3 }).full_in_days(), None);
        let over = DiskUsage { used: 5, ..DiskUsage::default() };
        let over = DiskReport { usage: over, ..of(DiskGrowth::PerDay(1)) };
        assert_eq!(over.limit_in_days(), Some(0.0));
    }
}
