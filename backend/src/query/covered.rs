//! Covered time: how long profiles tell about, of one replica after another and of all at once.
//!
//! A profile covers the time until the next one of its replica, at most one and a half times the usual distance, or its own duration if
//! that is longer: the rest is a gap. The last one covers the usual distance. Values divided by the covered time of all replicas are
//! rates of one replica, however long the sides of a comparison are and however many replicas they have.
//!
//! ```text
//! profiles   |15 s|15 s|15 s|          |15 s|15 s|
//! covered    =================            =========       the third covers 22.5 s, the last 15 s
//! ```

use super::step::coverage_step_ns;
use super::{KnownNames, Querier, QueryError, Question};
use crate::auth::Principal;
use crate::query::cache::Operation;
use crate::store::{MergedTree, ProfileTimes, ReplicaTimes, TimeRange, TotalsSeries};
use crate::work::ANSWERS;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::stats::median;
use flarepath_profile::time_series::{covered, union};
use flarepath_profile::unix_nanos::SECOND_NS;
use std::ops::Range;
use std::sync::Arc;

/// Profiles that start within this time of each other were sent together.
const TOGETHER_NS: i64 = SECOND_NS;
/// What is covered by a profile without a next one soon, in units of the usual distance.
const LONGEST_COVER: f64 = 1.5;
/// The longest duration of profiles that is plausible, in units of their distance: some profilers state the age of the process.
const LONGEST_DURATION: f64 = 3.0;
/// Starts from which computing costs more than a change of threads.
pub(super) const MANY_STARTS: usize = 20_000;

/// Covered time of a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Covered {
    /// Replicas with profiles; 1 where nothing tells them apart, 0 without profiles.
    pub(crate) replicas: u64,
    /// Of all replicas together, in nanoseconds.
    pub(crate) replica_ns: i64,
    /// The part of the range that any replica covers, in nanoseconds.
    pub(crate) range_ns: i64,
    /// Profiles: those of one replica that start at the same instant are one that was split by the labels of its samples. 0 where
    /// starts of single profiles are not known.
    pub(crate) profiles: u64,
}

/// A merged call tree with what its numbers are of.
pub(crate) struct Explored {
    /// The merge, whole.
    pub(crate) merged: Arc<MergedTree>,
    /// Which names of the question exist.
    pub(crate) known: KnownNames,
    /// Covered time of all profiles of the selection, whatever spans it names.
    pub(crate) covered: Covered,
    /// How many profiles were merged, as [`Covered::profiles`] counts them where it can: what levels are averaged over.
    pub(crate) profiles: u64,
}

impl Covered {
    pub(crate) fn of(times: &ProfileTimes, range: TimeRange) -> Covered {
        let covers = all_covers(times);
        let parts = union(covers.iter().flatten().map(Cover::span).collect(), &(range.start.0..range.end.0));
        let all = covers.iter().flatten().map(|cover| cover.ns);
        Covered {
            replicas: times.replicas.len() as u64,
            replica_ns: all.fold(0, i64::saturating_add),
            range_ns: length(&parts),
            profiles: covers.iter().flatten().map(|cover| u64::from(cover.profiles)).sum(),
        }
    }

    /// Where starts of single profiles are not known: as if there were one replica.
    fn in_buckets(totals: &[TotalsSeries], step_ns: i64, range: TimeRange) -> Covered {
        let starts = totals.iter().flat_map(|group| &group.points).map(|(start, _)| start.0).collect();
        let range_ns = length(&covered(starts, step_ns, &(range.start.0..range.end.0)));
        Covered { replicas: u64::from(range_ns > 0), replica_ns: range_ns, range_ns, profiles: 0 }
    }
}

/// What the profiles cover that a replica has sent together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cover {
    /// Start of the first one.
    pub(super) at: i64,
    /// For how long, in nanoseconds; 0 if that is not known.
    pub(super) ns: i64,
    /// How many profiles, as [`Covered::profiles`] counts them.
    pub(super) profiles: u32,
}

impl Cover {
    pub(super) fn span(&self) -> Range<i64> {
        self.at..self.at.saturating_add(self.ns)
    }
}

/// What the profiles of each replica cover, in the order of `times`.
pub(super) fn all_covers(times: &ProfileTimes) -> Vec<Vec<Cover>> {
    covers_and_distance(times).0
}

/// The usual distance of two profiles of a replica in nanoseconds, if any replica has two.
pub(super) fn usual_distance(times: &ProfileTimes) -> Option<f64> {
    let starts = |replica| together(replica, times.resolution_ns);
    median(times.replicas.iter().filter_map(|replica| distance(&starts(replica))).collect())
}

/// Both: [`all_covers`] and [`usual_distance`].
pub(super) fn covers_and_distance(times: &ProfileTimes) -> (Vec<Vec<Cover>>, Option<f64>) {
    let of_replica = |replica: &ReplicaTimes| {
        let starts = together(replica, times.resolution_ns);
        let distance = distance(&starts);
        (starts, distance)
    };
    let starts: Vec<_> = times.replicas.iter().map(of_replica).collect();
    let usual = median(starts.iter().filter_map(|(_, distance)| *distance).collect());
    let covers = times.replicas.iter().zip(&starts).map(|(replica, (starts, distance))| {
        covers(replica, starts, distance.or(usual), times.resolution_ns)
    });
    (covers.collect(), usual)
}

/// What the profiles of a replica cover. `distance`: the usual one of its profiles, or else of those of other replicas.
fn covers(
    times: &ReplicaTimes,
    starts: &[(i64, u32)],
    distance: Option<f64>,
    resolution_ns: i64,
) -> Vec<Cover> {
    let mean = times.duration_ns as f64 / times.profiles().max(1) as f64;
    let duration = distance.map_or(mean, |distance| mean.min(LONGEST_DURATION * distance));
    let usual = distance.unwrap_or(0.0).max(duration);
    let longest = (distance.unwrap_or(0.0) * LONGEST_COVER).max(duration) + (resolution_ns - 1) as f64;
    let next = starts.iter().skip(1).map(|(at, _)| Some(*at)).chain([None]);
    let cover = |(&(at, profiles), next): (&(i64, u32), Option<i64>)| {
        let ns = next.map_or(usual, |next| (next.saturating_sub(at) as f64).min(longest));
        Cover { at, ns: ns.round() as i64, profiles }
    };
    starts.iter().zip(next).map(cover).collect()
}

/// The starts, with those that belong together as one, and the number of profiles of each.
fn together(times: &ReplicaTimes, resolution_ns: i64) -> Vec<(i64, u32)> {
    let mut found: Vec<(i64, u32)> = Vec::with_capacity(times.starts.len());
    for &(at, count) in &times.starts {
        // Where starts are exact, several at one instant are parts of one profile.
        let count = if resolution_ns > 1 { count } else { 1 };
        match found.last_mut() {
            Some((first, sum)) if at.saturating_sub(*first) < TOGETHER_NS => *sum = sum.saturating_add(count),
            _ => found.push((at, count)),
        }
    }
    found
}

/// The median distance of two starts in nanoseconds. It is selected without sorting: of a day, a replica has thousands.
fn distance(starts: &[(i64, u32)]) -> Option<f64> {
    let mut distances: Vec<i64> = starts.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0)).collect();
    if distances.is_empty() {
        return None;
    }
    let (middle, is_even) = (distances.len() / 2, distances.len().is_multiple_of(2));
    let (below, upper, _) = distances.select_nth_unstable(middle);
    let upper = *upper as f64;
    let lower = below.iter().max().filter(|_| is_even).map_or(upper, |lower| *lower as f64);
    Some((lower + upper) / 2.0)
}

pub(super) fn length(parts: &[Range<i64>]) -> i64 {
    parts.iter().map(|part| part.end.saturating_sub(part.start)).fold(0, i64::saturating_add)
}

impl Querier {
    /// A merged call tree, and what its numbers are of. All of it is computed at the same time.
    pub(crate) async fn explored(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Explored, QueryError> {
        let tree = self.call_tree_and_known_names(who, question, profile_type);
        let ((merged, known), covered) = tokio::try_join!(tree, self.covered(who, question, profile_type))?;
        let covered = if merged.profiles > 0 { covered } else { Covered::default() };
        let profiles = match question.spans.is_empty() && covered.profiles > 0 {
            true => covered.profiles,
            false => merged.profiles,
        };
        Ok(Explored { merged, known, covered, profiles })
    }

    /// Covered time of a selection, whatever spans it names.
    pub(crate) async fn covered(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Covered, QueryError> {
        let range = question.range;
        if !self.store.capabilities().profile_totals {
            let step_ns = coverage_step_ns(range);
            let totals = self.totals(who, question, profile_type, step_ns, &[]).await?;
            return Ok(Covered::in_buckets(&totals, step_ns, range));
        }
        let times = self.profile_times(who, question, profile_type).await?;
        match times.len() < MANY_STARTS {
            true => Ok(Covered::of(&times, range)),
            false => Ok(ANSWERS.run(move || Covered::of(&times, range)).await?),
        }
    }

    /// When profiles start, by replica; see [`crate::store::ProfileStore::profile_times`].
    pub(super) async fn profile_times(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Arc<ProfileTimes>, QueryError> {
        let whole = Question { spans: Vec::new(), ..question.clone() };
        let question = self.restricted(who, &whole)?;
        let operation = Operation::ProfileTimes(profile_type.clone());
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let compute = self.budget.run(who, &question, move |selection| async move {
            store.profile_times(&selection, &profile_type).await
        });
        self.cache.get(operation, &question, compute).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::labels::Labels;
    use flarepath_profile::unix_nanos::UnixNanos;

    const S: i64 = 1_000_000_000;

    fn replica(secs: &[f64], duration_s: i64) -> ReplicaTimes {
        let starts: Vec<(i64, u32)> = secs.iter().map(|s| ((s * S as f64) as i64, 1)).collect();
        let duration_ns = duration_s * S * starts.len() as i64;
        ReplicaTimes { starts, duration_ns, ..ReplicaTimes::default() }
    }

    fn times(replicas: &[ReplicaTimes]) -> ProfileTimes {
        ProfileTimes { replicas: replicas.to_vec(), resolution_ns: 1, block_ns: 0 }
    }

    fn seconds(replicas: &[ReplicaTimes]) -> Vec<Vec<f64>> {
        let of = |covers: &Vec<Cover>| covers.iter().map(|cover| cover.ns as f64 / S as f64).collect();
        all_covers(&times(replicas)).iter().map(of).collect()
    }

    #[test]
    fn the_usual_distance_is_the_median() {
        let found = |secs: &[f64]| usual_distance(&times(&[replica(secs, 0)])).map(|ns| ns / S as f64);
        assert_eq!(found(&[0.0, 10.0, 40.0, 60.0]), Some(20.0));
        assert_eq!(found(&[0.0, 40.0, 50.0, 80.0, 100.0]), Some(25.0), "the mean of the two in the middle");
        assert_eq!((found(&[0.0, 15.0]), found(&[0.0]), found(&[])), (Some(15.0), None, None));
        let all = times(&[replica(&[0.0, 15.0], 0), replica(&[0.0], 0), replica(&[0.0, 25.0], 0)]);
        let (covers, usual) = covers_and_distance(&all);
        assert_eq!((covers, usual), (all_covers(&all), usual_distance(&all)));
        assert_eq!(usual, Some(20.0 * S as f64));
    }

    #[test]
    fn gaps_are_not_covered() {
        let found = seconds(&[replica(&[0.0, 15.0, 30.0, 300.0, 315.0], 0)]);
        assert_eq!(found, [[15.0, 15.0, 22.5, 15.0, 15.0]]);
    }

    #[test]
    fn a_lone_profile_covers_what_those_of_others_do_or_its_duration() {
        let others = replica(&[0.0, 20.0, 40.0], 0);
        assert_eq!(seconds(&[others, replica(&[7.0], 0)])[1], [20.0]);
        assert_eq!(seconds(&[replica(&[7.0], 10)]), [[10.0]]);
        assert_eq!(seconds(&[replica(&[7.0], 0)]), [[0.0]], "not known");
    }

    #[test]
    fn profiles_sent_together_or_in_turns_cover_all_of_the_time() {
        // Two types of work of one process, milliseconds apart.
        let twins = [0.0, 0.005, 15.0, 15.004, 30.0, 30.006];
        assert_eq!(seconds(&[replica(&twins, 15)]), [[15.0, 15.0, 15.0]]);
        // Two processes under one name.
        let turns = [0.0, 4.0, 15.0, 19.0, 30.0];
        assert_eq!(seconds(&[replica(&turns, 15)]), [[4.0, 11.0, 4.0, 11.0, 15.0]]);
        // The age of the process, stated as a duration.
        assert_eq!(seconds(&[replica(&[0.0, 15.0, 90.0], 86_400)])[0][0], 15.0);
    }

    #[test]
    fn replicas_add_up_and_the_range_is_covered_once() {
        let range = TimeRange::nanos(0, 25 * S);
        let both = times(&[replica(&[0.0, 10.0, 20.0], 0), replica(&[5.0, 15.0], 0)]);
        let expected = Covered { replicas: 2, replica_ns: 50 * S, range_ns: 25 * S, profiles: 5 };
        assert_eq!(Covered::of(&both, range), expected);
        assert_eq!(Covered::of(&times(&[]), range), Covered::default());
    }

    #[test]
    fn a_profile_that_was_split_by_labels_is_one() {
        let split = ReplicaTimes {
            starts: vec![(0, 3), (15 * S, 3), (30 * S, 2)],
            ..replica(&[0.0, 15.0, 30.0], 15)
        };
        let range = TimeRange::nanos(0, 60 * S);
        assert_eq!(Covered::of(&times(std::slice::from_ref(&split)), range).profiles, 3);
        let coarse = ProfileTimes { resolution_ns: S, ..times(&[split]) };
        assert_eq!(Covered::of(&coarse, range).profiles, 8, "parts of one cannot be told from many");
    }

    #[test]
    fn in_buckets_gaps_and_time_beyond_the_range_are_not_covered() {
        let group = |starts: &[i64]| {
            let points = starts.iter().map(|&s| (UnixNanos(s), 1)).collect();
            [TotalsSeries { labels: Labels::default(), points }]
        };
        let found = |starts: &[i64]| Covered::in_buckets(&group(starts), 10, TimeRange::nanos(0, 55));
        let expected = Covered { replicas: 1, replica_ns: 30, range_ns: 30, profiles: 0 };
        assert_eq!(found(&[0, 10, 30]), expected);
        assert_eq!((found(&[50]).range_ns, found(&[]).replicas), (5, 0));
    }
}
