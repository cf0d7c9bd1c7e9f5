//! Divisor of values, so that sides of unequal length compare: the time that profiles cover, or for levels, such as
//! memory in use, the number of profiles. Raw totals of two sides are never compared.

use super::payload::{Snapshot, SnapshotSide};
use flarepath_profile::diff::{Pair, Scale};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::units::Unit;
use flarepath_profile::verdict::is_level;

/// The first version of snapshots that records covered time.
const FIRST_WITH_COVER: u32 = 2;

/// What the values of a side are divided by; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Per {
    /// Nanoseconds that profiles cover, of all replicas together: rates of one replica.
    Covered(i64),
    /// Profiles: the mean of a level.
    Profiles(i64),
}

impl Per {
    /// `None` if the snapshot does not tell.
    pub(crate) fn of(snapshot: &Snapshot, side: &SnapshotSide) -> Option<Per> {
        if snapshot.version < FIRST_WITH_COVER {
            return None;
        }
        match is_level(&sample_type(side)) {
            true => i64::try_from(side.profiles).ok().filter(|n| *n > 0).map(Per::Profiles),
            false => (side.covered_ns > 0).then_some(Per::Covered(side.covered_ns)),
        }
    }

    /// Of a baseline and a comparison; `None` unless both can be divided, in the same way.
    pub(crate) fn of_both(snapshot: &Snapshot) -> Option<[Per; 2]> {
        let [baseline, comparison] = &snapshot.sides[..] else { return None };
        let pair = [Per::of(snapshot, baseline)?, Per::of(snapshot, comparison)?];
        let alike = matches!(pair, [Per::Covered(_), Per::Covered(_)] | [Per::Profiles(_), Per::Profiles(_)]);
        alike.then_some(pair)
    }

    /// The profiles of both sides, where they are what values are divided by.
    pub(crate) fn profiles(snapshot: &Snapshot) -> Option<Pair> {
        match Per::of_both(snapshot)? {
            [Per::Profiles(baseline), Per::Profiles(comparison)] => Some(Pair { baseline, comparison }),
            _ => None,
        }
    }

    /// A value, divided: in [`Per::unit`].
    pub(crate) fn rate(self, value: i64) -> f64 {
        match self {
            Per::Covered(ns) => value as f64 / ns as f64 * 1e9,
            Per::Profiles(count) => value as f64 / count as f64,
        }
    }

    /// The unit of rates.
    pub(crate) fn unit(self, unit: &Unit) -> Unit {
        match self {
            Per::Covered(_) => unit.clone().per_second(),
            Per::Profiles(_) => unit.clone(),
        }
    }

    /// A scale on which the changes of both sides have the order of their rates.
    pub(crate) fn ranking([baseline, comparison]: [Per; 2]) -> Scale {
        let number = |per| match per {
            Per::Covered(number) | Per::Profiles(number) => number,
        };
        Scale::per_second(Pair { baseline: number(baseline), comparison: number(comparison) })
    }
}

/// The sample type of a side, such as `cpu`; empty if unknown.
pub(crate) fn sample_type(side: &SnapshotSide) -> String {
    side.profile_type.parse::<ProfileType>().map(|t| t.sample_type).unwrap_or_default()
}

/// The unit of a side's values.
pub(crate) fn unit_of(side: &SnapshotSide) -> Unit {
    Unit::of(&sample_type(side), &side.unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::units::format_value;

    fn snapshot(version: u32, profile_type: &str, sides: [(i64, u64); 2]) -> Snapshot {
        let side = |(covered_ns, profiles)| SnapshotSide {
            profile_type: profile_type.to_owned(),
            unit: profile_type.split(':').nth(2).unwrap_or_default().to_owned(),
            covered_ns,
            profiles,
            ..SnapshotSide::default()
        };
        Snapshot { version, sides: sides.map(side).to_vec(), ..Snapshot::default() }
    }

    #[test]
    fn costs_are_divided_by_covered_time() {
        let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
        let found = snapshot(2, cpu, [(3_600_000_000_000, 240), (180_000_000_000, 12)]);
        let [before, after] = Per::of_both(&found).unwrap();
        let unit = before.unit(&unit_of(&found.sides[0]));
        assert_eq!(format_value(before.rate(230_400_000_000), &unit), "0.064 cores");
        assert_eq!(format_value(after.rate(13_320_000_000), &unit), "0.074 cores");
        for sides in [[(0, 240), (180_000_000_000, 12)], [(1, 1), (0, 0)]] {
            assert_eq!(Per::of_both(&snapshot(2, cpu, sides)), None);
        }
        assert_eq!(Per::of_both(&snapshot(1, cpu, [(5, 5), (5, 5)])), None, "version 1 did not record it");
    }

    #[test]
    fn levels_are_averaged_over_profiles() {
        let found = snapshot(2, "memory:inuse_space:bytes:space:bytes", [(900, 4), (0, 2)]);
        let [before, after] = Per::of_both(&found).unwrap();
        assert_eq!((before.rate(400), after.rate(400)), (100.0, 200.0));
        assert_eq!(Per::profiles(&found), Some(Pair { baseline: 4, comparison: 2 }));
        assert_eq!(format_value(after.rate(400), &after.unit(&unit_of(&found.sides[1]))), "200 B");
    }
}
