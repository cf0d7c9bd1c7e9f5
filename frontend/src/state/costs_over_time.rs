//! Costs of functions over time on both sides of a comparison, by covered second and replica.

use crate::state::spark::Frame;
use crate::state::time_range::Span;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::units::Unit;
use flarepath_profile::verdict::is_level;
use std::collections::HashMap;

/// Buckets of a side, at most.
const MOST_BUCKETS: i64 = 36;
const MINUTE: i64 = 60_000;
/// Widths of buckets in minutes. From five minutes on, servers answer from downsampled data.
const WIDTHS: [i64; 10] = [1, 5, 10, 15, 30, 60, 120, 240, 720, 1440];

/// One side.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SideCosts {
    /// The buckets of all functions.
    pub(crate) frame: Frame,
    /// Buckets with data by number, each with its rate, by the name of the function.
    pub(crate) rows: HashMap<String, Vec<(u32, f64)>>,
}

/// Baseline, then comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CostsOverTime {
    pub(crate) sides: [SideCosts; 2],
}

impl CostsOverTime {
    /// Takes over the functions of `more`, which is about the same sides.
    pub(crate) fn extend(&mut self, more: &CostsOverTime) {
        for (side, more) in self.sides.iter_mut().zip(&more.sides) {
            side.frame = more.frame;
            side.rows.extend(more.rows.iter().map(|(name, points)| (name.clone(), points.clone())));
        }
    }

    /// Whether a function is among them.
    pub(crate) fn has(&self, function: &str) -> bool {
        self.sides.iter().all(|side| side.rows.contains_key(function))
    }
}

/// Width of the buckets for a range.
pub(crate) fn bucket_ms(span: Span) -> i64 {
    let least = span.length_ms().max(1).div_euclid(MOST_BUCKETS) + 1;
    let widths = WIDTHS.into_iter().map(|minutes| minutes * MINUTE);
    let day = 1440 * MINUTE;
    widths.into_iter().find(|width| *width >= least).unwrap_or((least / day + 1) * day)
}

/// The unit of rates of a profile type: by the second, or of levels that of values.
pub(crate) fn rate_unit(profile_type: &str) -> Unit {
    let Ok(ProfileType { sample_type, sample_unit, .. }) = profile_type.parse() else {
        return Unit::parse("");
    };
    let unit = Unit::of(&sample_type, &sample_unit);
    if is_level(&sample_type) { unit } else { unit.per_second() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_a_few_dozen_buckets() {
        let minutes = |minutes: i64| bucket_ms(Span { from_ms: 0, until_ms: minutes * MINUTE }) / MINUTE;
        assert_eq!([3, 30, 60, 180, 1440, 43_200].map(minutes), [1, 1, 5, 10, 60, 1440]);
        for length in [1, 35, 36, 37, 179, 5000, 51_840, 576_000] {
            assert!(length / minutes(length) <= MOST_BUCKETS, "{length}");
        }
    }

    #[test]
    fn functions_are_added_to_those_before() {
        let of = |names: &[&str]| {
            let side = SideCosts {
                rows: names.iter().map(|name| ((*name).to_owned(), vec![(0, 1.0)])).collect(),
                ..SideCosts::default()
            };
            CostsOverTime { sides: [side.clone(), side] }
        };
        let mut all = of(&["a"]);
        all.extend(&of(&["b"]));
        assert_eq!(["a", "b", "c"].map(|name| all.has(name)), [true, true, false]);
    }

    #[test]
    fn rates_are_by_the_second_unless_they_are_levels() {
        let cpu = rate_unit("process_cpu:cpu:nanoseconds:cpu:nanoseconds");
        assert_eq!(cpu, Unit::of("cpu", "nanoseconds").per_second());
        let memory = rate_unit("memory:inuse_space:bytes:space:bytes");
        assert_eq!(memory, Unit::of("inuse_space", "bytes"));
    }
}
