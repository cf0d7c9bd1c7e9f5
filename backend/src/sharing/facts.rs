//! Facts about the origin of shared numbers (service, versions, coverage), queried as the creator of the share.

use super::payload::{Facts, Gap};
use super::sampling_facts::{profilers, sample_types};
use crate::auth::Principal;
use crate::query::{Querier, QueryError, Question, Sampling, coverage_step_ns};
use crate::store::{SeriesInfo, TimeRange, TotalsSeries};
use flarepath_profile::labels::{Meaning, SERVICE_NAME, pick};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::time_series;
use std::collections::BTreeSet;

/// Most gaps, and most versions, that are kept.
const MAX_ITEMS: usize = 100;

/// The store that the numbers are from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// Its name.
    pub(crate) store: String,
    /// Its kind, such as `pyroscope`.
    pub(crate) kind: &'static str,
    /// Its version; empty if unknown.
    pub(crate) version: String,
    /// How long it keeps profiles.
    pub(crate) kept: Kept,
}

/// How long a store keeps profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// They are never dropped.
    Forever,
    /// Nanoseconds.
    For(i64),
    /// A remote store does not say.
    Unknown,
}

/// Facts about a question to a store.
///
/// # Errors
/// [`QueryError`], as for all questions.
pub(crate) async fn gather(
    querier: &Querier,
    who: &Principal,
    question: &Question,
    profile_type: &ProfileType,
    origin: Origin,
) -> Result<Facts, QueryError> {
    let series = querier.series(who, question).await?;
    let chosen: Vec<&SeriesInfo> = series.iter().filter(|s| s.profile_types.contains(profile_type)).collect();
    let mut wider = question.clone();
    wider.selector.matchers.retain(|matcher| matcher.name == SERVICE_NAME);
    let known = querier.series(who, &wider).await?;
    let label = label_of(&chosen, Meaning::Instance);
    let instances = |series: &mut dyn Iterator<Item = &SeriesInfo>| {
        let values = label.map(|label| series.filter_map(|s| s.labels.get(label)).collect::<BTreeSet<_>>());
        values.map_or(0, |values| values.len() as u64)
    };
    let step_ns = coverage_step_ns(question.range);
    let totals = querier.totals(who, question, profile_type, step_ns, &[]).await?;
    let Sampling { samples, period } = querier.sampling(who, question, profile_type).await?;
    Ok(Facts {
        service: service(question, &chosen),
        versions: versions(&chosen),
        sampling_period: period.as_ref().map_or(0, |period| period.value),
        sampling_derived: period.as_ref().is_some_and(|period| period.is_derived),
        sampling_unit: period.map_or_else(String::new, |period| period.unit),
        samples,
        instances_covered: instances(&mut chosen.iter().copied()),
        instances_known: instances(&mut known.iter()),
        gaps: gaps(&totals, step_ns, question.range),
        retention_ns: match origin.kept {
            Kept::For(ns) => Some(ns),
            Kept::Forever | Kept::Unknown => None,
        },
        kept_forever: origin.kept == Kept::Forever,
        profilers: profilers(&chosen),
        sample_types: sample_types(&chosen, profile_type),
        top_movers: Vec::new(),
        store: origin.store,
        store_kind: origin.kind.to_owned(),
        store_version: origin.version,
    })
}

fn service(question: &Question, series: &[&SeriesInfo]) -> String {
    if let Some(service) = question.service() {
        return service.to_owned();
    }
    let services: BTreeSet<&str> = series.iter().map(|s| s.labels.service()).collect();
    match services.into_iter().collect::<Vec<_>>()[..] {
        [only] => only.to_owned(),
        _ => String::new(),
    }
}

/// The label of this meaning in any of the series.
fn label_of<'a>(series: &[&'a SeriesInfo], wanted: Meaning) -> Option<&'a str> {
    pick(series.iter().flat_map(|s| s.labels.iter().map(|(name, _)| name)), &[wanted])
}

fn versions(series: &[&SeriesInfo]) -> Vec<String> {
    let label = label_of(series, Meaning::Version);
    let values =
        label.map(|label| series.iter().filter_map(|s| s.labels.get(label)).collect::<BTreeSet<_>>());
    values.unwrap_or_default().into_iter().take(MAX_ITEMS).map(str::to_owned).collect()
}

/// Parts of the range, longer than two buckets, in which no profile begins.
fn gaps(totals: &[TotalsSeries], step_ns: i64, range: TimeRange) -> Vec<Gap> {
    let starts = totals.iter().flat_map(|group| &group.points).map(|(at, _)| at.0).collect();
    let range = range.start.0..range.end.0;
    let gaps = time_series::gaps(&time_series::covered(starts, step_ns, &range), &range);
    let long = gaps.into_iter().filter(|gap| gap.end.saturating_sub(gap.start) > step_ns.saturating_mul(2));
    long.take(MAX_ITEMS).map(|gap| Gap { from_ns: gap.start, until_ns: gap.end }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::labels::Labels;
    use flarepath_profile::unix_nanos::UnixNanos;

    #[test]
    fn long_times_without_a_profile_are_gaps() {
        let of = |starts: &[i64]| {
            let points = starts.iter().map(|&at| (UnixNanos(at), 1)).collect();
            let group = TotalsSeries { labels: Labels::default(), points };
            let found = gaps(&[group], 10, TimeRange::nanos(0, 100));
            found.iter().map(|gap| (gap.from_ns, gap.until_ns)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[0, 10, 20, 30, 40, 50, 60, 70, 80]), []);
        assert_eq!(of(&[0, 30, 60, 90]), []);
        assert_eq!(of(&[30, 40, 80]), [(0, 30), (50, 80)]);
        assert_eq!(of(&[0, 10]), [(20, 100)]);
        assert_eq!(of(&[]), [(0, 100)]);
    }
}
