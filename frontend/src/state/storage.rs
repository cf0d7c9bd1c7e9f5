//! Disk usage of stored profiles as text.

use flarepath_profile::units::{Unit, format_value};

/// Bytes on the server's disk, and what they lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Storage {
    /// Data.
    pub(crate) used: u64,
    /// Pages of the database that are kept for new data.
    pub(crate) free_pages: u64,
    /// The database's log.
    pub(crate) log: u64,
    /// Free space of the file system.
    pub(crate) disk_free: u64,
    /// The limit, if there is one.
    pub(crate) max_size: Option<u64>,
    /// Start of the oldest data, in milliseconds since the epoch.
    pub(crate) oldest_ms: Option<i64>,
    /// Bytes that a day adds, once that is known.
    pub(crate) growth_per_day: Option<i64>,
    /// When the disk will be full.
    pub(crate) forecast: String,
}

impl Storage {
    /// What all of it takes.
    pub(crate) fn total(&self) -> u64 {
        self.used + self.free_pages + self.log
    }

    /// `1.2 GiB a day`; empty while it is unknown.
    pub(crate) fn growth(&self) -> String {
        match self.growth_per_day {
            None => String::new(),
            Some(shrinks) if shrinks < 0 => format!("−{} a day", size(shrinks.unsigned_abs())),
            Some(grows) => format!("{} a day", size(grows.unsigned_abs())),
        }
    }
}

/// Bytes in the largest unit that fits.
pub(crate) fn size(bytes: u64) -> String {
    format_value(bytes as f64, &Unit::parse("bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_growth_are_text_with_units() {
        let mut storage = Storage { used: 3 << 30, free_pages: 1 << 30, ..Storage::default() };
        assert_eq!(size(storage.total()), "4 GiB");
        assert_eq!(storage.growth(), "");
        storage.growth_per_day = Some(512 << 20);
        assert_eq!(storage.growth(), "512 MiB a day");
        storage.growth_per_day = Some(-1024);
        assert_eq!(storage.growth(), "−1 KiB a day");
    }
}
