//! The line of totals above a comparison, live or frozen: both sides as the rate of a replica where covered time is known. Never a
//! relative change: that is the verdict's.

use crate::state::verdict::count;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::units::{Unit, format_alike, format_value};
use flarepath_profile::verdict::is_level;

/// A side of a comparison in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SideSummary {
    /// Such as `baseline`.
    pub(crate) name: String,
    /// Sum of all values.
    pub(crate) total: i64,
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    /// Replicas that sent them; 0 if unknown.
    pub(crate) replicas: u64,
    /// Time that they cover, of all replicas together, in nanoseconds; 0 if unknown.
    pub(crate) covered_ns: i64,
}

impl SideSummary {
    /// `36 profiles of 2 replicas over 36 min`, as far as is known.
    fn origin(&self) -> String {
        let replicas = match self.replicas {
            0 => String::new(),
            n => format!(" of {}", count(n, "replica", "replicas")),
        };
        let over = match self.covered_ns {
            ns if ns > 0 => format!(" over {}", format_value(ns as f64, &Unit::parse("nanoseconds"))),
            _ => String::new(),
        };
        format!("{}{replicas}{over}", count(self.profiles, "profile", "profiles"))
    }
}

/// One text for each side. Levels, such as memory in use, are averaged over profiles.
pub(crate) fn side_texts(
    sides: &[SideSummary; 2],
    profile_type: Option<&ProfileType>,
    unit: &str,
) -> [String; 2] {
    let sample_type = profile_type.map_or("", |t| t.sample_type.as_str());
    let unit = Unit::of(sample_type, unit);
    let values =
        |per: &dyn Fn(&SideSummary) -> f64| sides.each_ref().map(|side| side.total as f64 / per(side));
    let (amounts, what) = if is_level(sample_type) {
        (format_alike(values(&|side| side.profiles.max(1) as f64), &unit), " a profile")
    } else if sides.iter().all(|side| side.covered_ns > 0) {
        let per_replica = if sides.iter().any(|side| side.replicas > 1) { " per replica" } else { "" };
        (format_alike(values(&|side| side.covered_ns as f64 / 1e9), &unit.per_second()), per_replica)
    } else {
        (format_alike(values(&|_| 1.0), &unit), " in total")
    };
    let [first, second] = amounts;
    let text =
        |side: &SideSummary, amount: String| format!("{}: {amount}{what}, {}", side.name, side.origin());
    [text(&sides[0], first), text(&sides[1], second)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn side(name: &str, total: i64, profiles: u64, replicas: u64, covered_ns: i64) -> SideSummary {
        SideSummary { name: name.into(), total, profiles, replicas, covered_ns }
    }

    #[test]
    fn totals_of_unequal_time_are_rates_of_a_replica() {
        let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().ok();
        let sides = [
            side("baseline", 64 * SECOND, 36, 2, 1_000 * SECOND),
            side("comparison", 148 * SECOND / 10, 1, 2, 200 * SECOND),
        ];
        assert_eq!(
            side_texts(&sides, cpu.as_ref(), "nanoseconds"),
            [
                "baseline: 0.064 cores per replica, 36 profiles of 2 replicas over 16.7 min",
                "comparison: 0.074 cores per replica, 1 profile of 2 replicas over 3.33 min",
            ]
        );
    }

    #[test]
    fn levels_are_averaged_and_unknown_time_gives_totals() {
        let heap = "memory:inuse_space:bytes:space:bytes".parse().ok();
        let sides = [side("baseline", 4096, 2, 1, SECOND), side("comparison", 8192, 2, 1, SECOND)];
        let texts = side_texts(&sides, heap.as_ref(), "bytes");
        assert!(texts[1].starts_with("comparison: 4 KiB a profile, 2 profiles of 1 replica"), "{texts:?}");
        let files = [side("baseline a.folded", 100, 1, 0, 0), side("comparison b.folded", 160, 1, 0, SECOND)];
        assert_eq!(side_texts(&files, None, "count")[0], "baseline a.folded: 100 in total, 1 profile");
    }
}
