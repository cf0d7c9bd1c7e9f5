//! DiskGrowth of the stored data. Pure.
//!
//! Each sample is compared with the one a day before, so that the hours of a day do not matter; the median of these
//! differences is the growth, so that one import or one deletion does not matter either.

use super::history::Sample;
use crate::store::DiskGrowth;
use flarepath_profile::unix_nanos::{DAY_NS, HOUR_NS};

/// The growth that `samples`, in the order of their times, show.
pub(super) fn growth(samples: &[Sample]) -> DiskGrowth {
    let mut rates: Vec<i64> =
        samples.iter().enumerate().filter_map(|(at, _)| rate(&samples[..=at])).collect();
    if rates.is_empty() {
        let known = samples.first().zip(samples.last()).map_or(0, |(a, b)| b.at.0.saturating_sub(a.at.0));
        let missing = (DAY_NS - known).max(0) as u64;
        return DiskGrowth::Unknown { hours: missing.div_ceil(HOUR_NS as u64).max(1) as u32 };
    }
    rates.sort_unstable();
    let (low, high) = (rates[(rates.len() - 1) / 2], rates[rates.len() / 2]);
    DiskGrowth::PerDay(low.midpoint(high))
}

/// Bytes a day between the last sample and the newest one that is a day older.
fn rate(samples: &[Sample]) -> Option<i64> {
    let (last, before) = samples.split_last()?;
    let base = before.iter().rev().find(|sample| last.at.0.saturating_sub(sample.at.0) >= DAY_NS)?;
    let grown = i128::from(last.used) - i128::from(base.used);
    let per_day = grown * i128::from(DAY_NS) / i128::from(last.at.0.saturating_sub(base.at.0));
    i64::try_from(per_day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::UnixNanos;

    /// One sample an hour.
    fn hourly(hours: i64, used: impl Fn(i64) -> u64) -> Vec<Sample> {
        (0..hours).map(|hour| Sample { at: UnixNanos(hour * HOUR_NS), used: used(hour) }).collect()
    }

    #[test]
    fn a_day_of_samples_is_needed() {
        assert_eq!(growth(&[]), DiskGrowth::Unknown { hours: 24 });
        assert_eq!(growth(&hourly(1, |_| 5)), DiskGrowth::Unknown { hours: 24 });
        assert_eq!(growth(&hourly(24, |_| 5)), DiskGrowth::Unknown { hours: 1 });
        assert_eq!(growth(&hourly(25, |_| 5)), DiskGrowth::PerDay(0));
    }

    #[test]
    fn daily_ups_and_downs_do_not_matter() {
        let wave = |hour: i64| 1_000_000 + 10 * hour as u64 + [0, 90_000, 40_000][(hour % 24) as usize / 8];
        assert_eq!(growth(&hourly(72, wave)), DiskGrowth::PerDay(240));
        assert_eq!(growth(&hourly(72, |hour| 1_000 - hour as u64)), DiskGrowth::PerDay(-24));
    }

    #[test]
    fn a_single_import_is_not_growth() {
        let imported = |hour: i64| 100 * hour as u64 + if hour >= 100 { 50_000_000 } else { 0 };
        assert_eq!(growth(&hourly(200, imported)), DiskGrowth::PerDay(2_400));
    }

    #[test]
    fn a_pause_counts_with_its_length() {
        let samples = [(0, 0), (4, 4_000)].map(|(day, used)| Sample { at: UnixNanos(day * DAY_NS), used });
        assert_eq!(growth(&samples), DiskGrowth::PerDay(1_000));
    }
}
