//! Covered time by bucket, and totals in buckets that begin at multiples of their width: what a chart of rates is drawn from.
//!
//! What a profile covers ([`super::covered`]) belongs to the bucket in which it starts, as its values do: a rate divides values by the
//! very time that they were measured in, also in a bucket that is still filling or that the range cuts.

use super::covered::{Cover, MANY_STARTS, all_covers};
use super::heatmap::aligned;
use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::{ProfileTimes, TimeRange, TotalsSeries};
use crate::work::ANSWERS;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::time_series::union;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where buckets begin: at `origin` and every `step_ns`, at least 1, before and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Buckets {
    /// An edge of a bucket.
    pub(crate) origin: UnixNanos,
    /// Their width.
    pub(crate) step_ns: i64,
}

/// Covered time of one bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BucketCover {
    /// What the profiles that start in it cover, of all replicas together, in nanoseconds; 0 if none starts in it or that is not known.
    pub(crate) replica_ns: i64,
    /// The part of it within the range that any replica covers, in nanoseconds.
    pub(crate) range_ns: i64,
    /// Profiles that start in it, as [`super::Covered::profiles`] counts them.
    pub(crate) profiles: u64,
}

/// Covered time over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CoveredOverTime {
    /// Replicas with profiles.
    pub(crate) replicas: u64,
    /// By the left edge of a bucket; those without a profile and without coverage are absent.
    pub(crate) buckets: BTreeMap<UnixNanos, BucketCover>,
}

impl Buckets {
    /// Left edge of the bucket that holds `at`.
    fn start(self, at: i64) -> i64 {
        // Differences of far-off times do not fit 64 bits; the remainder does.
        let past = (i128::from(at) - i128::from(self.origin.0)).rem_euclid(i128::from(self.step_ns.max(1)));
        at.saturating_sub(past as i64)
    }
}

impl CoveredOverTime {
    fn of(times: &ProfileTimes, range: TimeRange, wanted: Buckets) -> CoveredOverTime {
        let covers = all_covers(times);
        let mut found =
            CoveredOverTime { replicas: times.replicas.len() as u64, ..CoveredOverTime::default() };
        for cover in covers.iter().flatten() {
            // A start that was rounded down may lie before the range.
            let bucket = found.bucket(wanted.start(cover.at.max(range.start.0)));
            bucket.replica_ns = bucket.replica_ns.saturating_add(cover.ns);
            bucket.profiles += u64::from(cover.profiles);
        }
        let parts = union(covers.iter().flatten().map(Cover::span).collect(), &(range.start.0..range.end.0));
        for part in parts {
            let mut at = part.start;
            while at < part.end {
                let start = wanted.start(at);
                let end = start.saturating_add(wanted.step_ns.max(1)).min(part.end);
                found.bucket(start).range_ns += end - at;
                at = end;
            }
        }
        found
    }

    /// Where starts of single profiles are not known: a bucket that holds data is covered, by one replica.
    fn of_totals(totals: &[TotalsSeries], range: TimeRange, wanted: Buckets) -> CoveredOverTime {
        let mut found = CoveredOverTime::default();
        for (start, _) in totals.iter().flat_map(|group| &group.points) {
            let end = start.0.saturating_add(wanted.step_ns).min(range.end.0);
            let ns = end.saturating_sub(start.0.max(range.start.0)).max(0);
            *found.bucket(start.0) = BucketCover { replica_ns: ns, range_ns: ns, profiles: 0 };
        }
        found.replicas = u64::from(!found.buckets.is_empty());
        found
    }

    fn bucket(&mut self, start: i64) -> &mut BucketCover {
        self.buckets.entry(UnixNanos(start)).or_default()
    }
}

impl Querier {
    /// Totals as [`Querier::totals`] gives them, but in buckets that begin at multiples of the step since the epoch. Those at the ends
    /// hold only what is in the range.
    pub(crate) async fn aligned_totals(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Arc<Vec<TotalsSeries>>, QueryError> {
        let mut parts = Vec::new();
        // Buckets of totals begin where their range does: the first one is a query by itself.
        for (range, edge) in aligned(question.range, step_ns) {
            let part = Question { range, ..question.clone() };
            parts.push((self.totals(who, &part, profile_type, step_ns, by).await?, edge));
        }
        if let [(whole, None)] = parts.as_slice() {
            return Ok(whole.clone());
        }
        let joined = move || {
            let mut groups: BTreeMap<Labels, Vec<(UnixNanos, i64)>> = BTreeMap::new();
            for (totals, edge) in &parts {
                for TotalsSeries { labels, points } in totals.iter() {
                    let group = groups.entry(labels.clone()).or_default();
                    group.extend(points.iter().map(|&(at, value)| (edge.unwrap_or(at), value)));
                }
            }
            groups.into_iter().map(|(labels, points)| TotalsSeries { labels, points }).collect::<Vec<_>>()
        };
        Ok(Arc::new(ANSWERS.run(joined).await?))
    }

    /// Covered time of a selection by bucket, whatever spans it names. `totals` are those of the same buckets.
    pub(crate) async fn covered_over_time(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        wanted: Buckets,
        totals: &[TotalsSeries],
    ) -> Result<CoveredOverTime, QueryError> {
        let range = question.range;
        if !self.store.capabilities().profile_totals {
            return Ok(CoveredOverTime::of_totals(totals, range, wanted));
        }
        let times = self.profile_times(who, question, profile_type).await?;
        match times.len() < MANY_STARTS {
            true => Ok(CoveredOverTime::of(&times, range, wanted)),
            false => Ok(ANSWERS.run(move || CoveredOverTime::of(&times, range, wanted)).await?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ReplicaTimes;
    use flarepath_profile::unix_nanos::SECOND_NS as S;

    fn times(replicas: &[&[i64]]) -> ProfileTimes {
        let replica = |secs: &&[i64]| ReplicaTimes {
            starts: secs.iter().map(|at| (at * S, 1)).collect(),
            ..ReplicaTimes::default()
        };
        ProfileTimes { replicas: replicas.iter().map(replica).collect(), resolution_ns: 1, block_ns: 0 }
    }

    fn minutes(origin: i64) -> Buckets {
        Buckets { origin: UnixNanos(origin * S), step_ns: 60 * S }
    }

    /// Left edge, and covered seconds of all replicas together and of any, and profiles of each bucket.
    fn found(times: &ProfileTimes, range: (i64, i64), wanted: Buckets) -> Vec<(i64, i64, i64, u64)> {
        let range = TimeRange::nanos(range.0 * S, range.1 * S);
        let covered = CoveredOverTime::of(times, range, wanted);
        let secs = |(at, bucket): (&UnixNanos, &BucketCover)| {
            (at.0 / S, bucket.replica_ns / S, bucket.range_ns / S, bucket.profiles)
        };
        covered.buckets.iter().map(secs).collect()
    }

    #[test]
    fn what_a_profile_covers_belongs_to_the_bucket_in_which_it_starts() {
        let two = times(&[&[50, 65, 80, 95, 110], &[55, 70, 85, 100, 115]]);
        assert_eq!(found(&two, (50, 120), minutes(0)), [(0, 30, 10, 2), (60, 120, 60, 8)]);
        // Without a next profile soon, half a distance more is covered, and the rest is a gap.
        let gap = times(&[&[0, 20, 40, 300, 320]]);
        assert_eq!(found(&gap, (0, 360), minutes(0)), [(0, 70, 60, 3), (60, 0, 10, 0), (300, 40, 40, 2)]);
    }

    #[test]
    fn buckets_that_a_profile_from_before_covers_have_no_profile() {
        let slow = times(&[&[0, 120, 240]]);
        let expected =
            [(0, 120, 60, 1), (60, 0, 60, 0), (120, 120, 60, 1), (180, 0, 60, 0), (240, 120, 60, 1)];
        assert_eq!(found(&slow, (0, 300), minutes(0)), expected);
    }

    #[test]
    fn buckets_begin_where_they_are_asked_to() {
        let every = times(&[&[30, 50, 70]]);
        assert_eq!(found(&every, (30, 90), minutes(30)), [(30, 60, 60, 3)]);
        assert_eq!(found(&every, (30, 90), minutes(0)), [(0, 40, 30, 2), (60, 20, 30, 1)]);
        let far = Buckets { origin: UnixNanos(i64::MIN), step_ns: 10 };
        assert_eq!(
            (far.start(i64::MAX), Buckets { origin: UnixNanos(0), ..far }.start(-3)),
            (i64::MAX - 5, -10)
        );
    }

    #[test]
    fn profiles_of_unknown_length_cover_nothing() {
        assert_eq!(found(&times(&[&[70]]), (0, 300), minutes(0)), [(60, 0, 0, 1)]);
        assert_eq!(found(&times(&[]), (0, 300), minutes(0)), []);
    }

    #[test]
    fn without_single_profiles_a_bucket_with_data_is_covered() {
        let points = vec![(UnixNanos(0), 7), (UnixNanos(60 * S), 7)];
        let totals = [TotalsSeries { labels: Labels::default(), points }];
        let found = CoveredOverTime::of_totals(&totals, TimeRange::nanos(20 * S, 90 * S), minutes(0));
        assert_eq!(found.replicas, 1);
        let ns: Vec<i64> = found.buckets.values().map(|bucket| bucket.replica_ns / S).collect();
        assert_eq!(ns, [40, 30]);
    }
}
