//! Sampling of a selection: how many samples, and how far apart.
//!
//! Profilers state the distance of two samples, or send the time and the number of samples and no period. Then the time by the number
//! is the mean distance, which is said to be derived wherever it is shown.

use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::ProfileTimes;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::verdict::counts_samples;

/// Unit of times, and of derived periods.
const NANOSECONDS: &str = "nanoseconds";

/// How a selection was sampled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sampling {
    /// How many samples; 0 if unknown.
    pub(crate) samples: u64,
    /// How far apart.
    pub(crate) period: Option<SamplingPeriod>,
}

/// Distance of two samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SamplingPeriod {
    /// Above 0, in `unit`.
    pub(crate) value: i64,
    pub(crate) unit: String,
    /// Whether it is the time of all samples by their number, as no profiler states it.
    pub(crate) is_derived: bool,
}

/// The largest distance of two samples that profilers state; 0 if none does.
pub(super) fn stated_period(times: &ProfileTimes) -> i64 {
    times.replicas.iter().map(|times| times.period).max().unwrap_or(0).max(0)
}

impl Querier {
    /// How the profiles of a type were sampled.
    pub(crate) async fn sampling(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Sampling, QueryError> {
        let stated = match self.store.capabilities().profile_totals {
            true => {
                let times = self.profile_times(who, question, profile_type).await?;
                stated_period(&times)
            }
            false => 0,
        };
        let series = self.series(who, question).await?;
        let series = series.iter().map(|series| &series.profile_types[..]);
        let [counted, timed] = pair(profile_type, &series.collect::<Vec<_>>());
        let count = match &counted {
            Some(counted) => self.sum(who, question, counted).await?,
            None => 0,
        };
        let period = match (stated, &timed) {
            (1.., _) => Some((stated, &*profile_type.period_unit, false)),
            (_, Some(timed)) if count > 0 => {
                Some((self.sum(who, question, timed).await? / count, NANOSECONDS, true))
            }
            _ => None,
        };
        let period = period
            .filter(|(value, ..)| *value > 0)
            .map(|(value, unit, is_derived)| SamplingPeriod { value, unit: unit.to_owned(), is_derived });
        Ok(Sampling { samples: u64::try_from(count).unwrap_or(0), period })
    }

    async fn sum(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<i64, QueryError> {
        let whole_ns = question.range.length_ns().max(1);
        let totals = self.totals(who, question, profile_type, whole_ns, &[]).await?;
        let values = totals.iter().flat_map(|group| &group.points).map(|(_, value)| *value);
        Ok(values.fold(0, i64::saturating_add))
    }
}

/// The type that counts the samples of a type of times, and the type of times: one of them is the type itself. `series`: the types of
/// each series; all that have the type must have both. Of several types of times, such as CPU and wall-clock time, it is not known
/// which one the samples are taken by.
fn pair(of: &ProfileType, series: &[&[ProfileType]]) -> [Option<ProfileType>; 2] {
    let chosen: Vec<&[ProfileType]> = series.iter().copied().filter(|types| types.contains(of)).collect();
    let counts = |t: &&ProfileType| counts_samples(&t.sample_type);
    let is_time = |t: &&ProfileType| t.sample_unit == NANOSECONDS && !counts_samples(&t.sample_type);
    let in_unit = matches!(of.period_unit.as_str(), "" | "none" | NANOSECONDS);
    let Some(first) = chosen.first().filter(|_| counts(&of) || is_time(&of)) else { return [None, None] };
    let siblings: Vec<&ProfileType> = first
        .iter()
        .filter(|t| t.name == of.name && t.period_type == of.period_type && t.period_unit == of.period_unit)
        .filter(|t| chosen.iter().all(|types| types.contains(t)))
        .collect();
    let counted = if counts(&of) { Some(of) } else { siblings.iter().copied().find(counts) };
    let mut times = siblings.iter().copied().filter(is_time);
    let timed = times.next().filter(|_| times.next().is_none() && in_unit);
    [counted.cloned(), timed.cloned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(names: &[&str]) -> Vec<ProfileType> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn found(of: &str, series: &[&[&str]]) -> [Option<String>; 2] {
        let series: Vec<Vec<ProfileType>> = series.iter().map(|names| types(names)).collect();
        let series: Vec<&[ProfileType]> = series.iter().map(|types| &types[..]).collect();
        pair(&of.parse().unwrap(), &series).map(|found| found.map(|found| found.to_string()))
    }

    #[test]
    fn samples_and_time_are_found_by_each_other() {
        let (samples, cpu) = ("process_cpu:samples:count::", "process_cpu:cpu:nanoseconds::");
        let both = [Some(samples.to_owned()), Some(cpu.to_owned())];
        assert_eq!(found(cpu, &[&[samples, cpu]]), both);
        assert_eq!(found(samples, &[&[samples, cpu], &["memory:alloc_space:bytes::"]]), both);
        assert_eq!(found(cpu, &[&[samples, cpu], &[cpu]]), [None, Some(cpu.to_owned())]);
    }

    #[test]
    fn of_two_times_neither_is_by_the_number_of_samples() {
        let (samples, cpu, wall) = (
            "p:samples:count:wall:nanoseconds",
            "p:cpu:nanoseconds:wall:nanoseconds",
            "p:wall:nanoseconds:wall:nanoseconds",
        );
        assert_eq!(found(cpu, &[&[samples, cpu, wall]]), [Some(samples.to_owned()), None]);
        let (space, objects) =
            ("memory:alloc_space:bytes:space:bytes", "memory:alloc_objects:count:space:bytes");
        assert_eq!(found(space, &[&[space, objects]]), [None, None]);
    }
}
