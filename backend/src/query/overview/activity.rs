//! Activity of a service in a range, without any call tree: cores, replicas, versions, gaps, and whether its cost is suspicious.

use super::change_point::ChangePoint;
use super::intervals::{Intervals, Part};
use super::main_type::cpu_nanos;
use super::measured::Measured;
use super::suspicion::{Suspicion, suspicion};
use super::versions::Versions;
use crate::store::TimeRange;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};

/// A service without a profile for this long at the end of a range is silent.
const SILENT_AFTER_NS: i64 = 10 * MINUTE_NS;
/// Part of the range that gaps must take to be counted.
const GAP: f64 = 0.1;
/// The least time that a verdict needs.
const LEAST_NS: i64 = 5 * MINUTE_NS;

/// A service as its series show it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) profile_type: ProfileType,
    pub(super) versions: Versions,
    /// Start of the newest profile of any type in the range, or else in the period before.
    pub(super) newest: UnixNanos,
    /// Whether the period before has none.
    pub(super) is_new: bool,
}

/// Whether a service sends profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// In the last ten minutes of the range.
    Reporting,
    /// In the range, but not in its last ten minutes.
    WentSilent,
    /// Only before the range.
    Gone,
}

/// What a service did.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Activity {
    pub(crate) service: String,
    /// The type that the row is about.
    pub(crate) profile_type: ProfileType,
    pub(crate) versions: Vec<String>,
    /// Whether one of them did not run in the period before, and another did.
    pub(crate) has_new_version: bool,
    /// Start of the newest profile.
    pub(crate) newest: UnixNanos,
    pub(crate) presence: Presence,
    /// In the range.
    pub(crate) replicas: usize,
    /// Mean cores of all replicas together; `None` without CPU profiles.
    pub(crate) cores: Option<f64>,
    /// The same by interval; NaN without profiles. Empty without CPU profiles.
    pub(crate) sparkline: Vec<f64>,
    /// Whether more than a tenth of the range is uncovered between its first and last profile.
    pub(crate) has_gap: bool,
    pub(crate) suspicion: Suspicion,
    /// When its cost changed most, if it did and that was in the range.
    pub(crate) began: Option<ChangePoint>,
}

impl Activity {
    /// `measured`: `None` if its profiles were not read.
    pub(super) fn of(seen: Seen, measured: Option<&Measured>, intervals: Intervals) -> Activity {
        let (before, range) = measured.map_or((&[][..], &[][..]), |of| (of.before(), of.in_range()));
        let nanos = cpu_nanos(&seen.profile_type);
        let sparkline = match (nanos, measured) {
            (Some(nanos), Some(_)) => range.iter().map(|part| cores(&[*part], nanos)).collect(),
            _ => Vec::new(),
        };
        let mean = nanos.map(|nanos| cores(range, nanos)).filter(|cores| cores.is_finite());
        let length_ns = intervals.range.length_ns() as f64;
        let is_unusual = seen.versions.has_new || seen.is_new || measured.is_none();
        let least = if is_unusual { Suspicion::Moved } else { Suspicion::None };
        let rates = |parts: &[Part]| -> Vec<Option<f64>> {
            parts.iter().map(|part| rate(part, intervals.step_ns)).collect()
        };
        let began = measured.and_then(|measured| measured.began);
        let step = began.map(|began| intervals.cut_by(began.at));
        Activity {
            presence: presence(seen.newest, intervals.range),
            replicas: measured.map_or(0, |measured| measured.replicas),
            cores: mean,
            sparkline,
            has_gap: measured.is_some_and(|measured| measured.gap_ns as f64 > GAP * length_ns),
            suspicion: suspicion(&rates(before), &rates(range), step).max(least),
            began,
            has_new_version: seen.versions.has_new,
            service: seen.name,
            profile_type: seen.profile_type,
            versions: seen.versions.names,
            newest: seen.newest,
        }
    }

    /// The beginning to judge the service from: the one that is `known` to be that of a change, or else the one that it is suspected of.
    /// `None` if the whole range is to be judged: without a suspicion, with a new version, or with too little data since then.
    pub(super) fn change_point(&self, known: Option<ChangePoint>, range: TimeRange) -> Option<ChangePoint> {
        if self.has_new_version {
            return None;
        }
        let known = known.filter(|began| began.at > range.start);
        let suspected = self.began.filter(|_| self.suspicion != Suspicion::None);
        known.or(suspected).filter(|began| range.end.nanos_since(began.at) >= LEAST_NS)
    }
}

/// Cores of some intervals of a type with so many nanoseconds in a value; NaN if nothing covers them.
fn cores(parts: &[Part], nanos: f64) -> f64 {
    let sum = |of: fn(&Part) -> f64| parts.iter().map(of).sum::<f64>();
    let covered = sum(|part| part.any_ns);
    if covered > 0.0 { sum(|part| part.cost) * nanos / covered } else { f64::NAN }
}

/// The cost of a replica in an interval of which at least half is covered.
fn rate(part: &Part, step_ns: i64) -> Option<f64> {
    (part.any_ns * 2.0 >= step_ns as f64 && part.replica_ns > 0.0).then(|| part.cost / part.replica_ns)
}

fn presence(newest: UnixNanos, range: TimeRange) -> Presence {
    if newest < range.start {
        return Presence::Gone;
    }
    match range.end.nanos_since(newest) > SILENT_AFTER_NS {
        true => Presence::WentSilent,
        false => Presence::Reporting,
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::made_up::activity;
    use super::*;

    #[test]
    fn a_service_is_silent_after_ten_minutes() {
        let range = TimeRange::nanos(60 * MINUTE_NS, 120 * MINUTE_NS);
        let at = |minute: i64| presence(UnixNanos(minute * MINUTE_NS), range);
        assert_eq!(
            [at(119), at(110), at(109), at(60), at(59)],
            [
                Presence::Reporting,
                Presence::Reporting,
                Presence::WentSilent,
                Presence::WentSilent,
                Presence::Gone
            ]
        );
    }

    #[test]
    fn intervals_without_profiles_are_no_number() {
        let part = Part { cost: 120.0, replica_ns: 120.0, any_ns: 60.0 };
        assert_eq!(cores(&[part], 1.0), 2.0);
        assert!(cores(&[Part::default()], 1.0).is_nan() && cores(&[], 1.0).is_nan());
        assert_eq!((rate(&part, 120), rate(&part, 200)), (Some(1.0), None));
    }

    fn minute(minute: i64) -> UnixNanos {
        UnixNanos(minute * MINUTE_NS)
    }

    fn from(at: i64) -> ChangePoint {
        ChangePoint { at: minute(at), places: 30, looks: 1, evidence: 1.0 }
    }

    #[test]
    fn a_known_beginning_is_kept_and_another_needs_a_suspicion_and_five_minutes() {
        let range = TimeRange { start: minute(60), end: minute(120) };
        let suspected = |at: i64, suspicion, has_new_version| Activity {
            began: Some(from(at)),
            suspicion,
            has_new_version,
            ..activity("a", 1.0)
        };
        let found = |one: &Activity, known: Option<i64>| one.change_point(known.map(from), range);
        let recent = suspected(112, Suspicion::Recent, false);
        assert_eq!((found(&recent, None), found(&recent, Some(100))), (Some(from(112)), Some(from(100))));
        assert_eq!(found(&recent, Some(60)), Some(from(112)), "no longer within the range");
        assert_eq!(found(&suspected(112, Suspicion::None, false), None), None);
        assert_eq!(found(&suspected(112, Suspicion::None, false), Some(90)), Some(from(90)));
        assert_eq!(found(&suspected(116, Suspicion::Recent, false), None), None, "too little data");
        assert_eq!(found(&suspected(112, Suspicion::Recent, true), Some(112)), None, "a new version");
    }
}
