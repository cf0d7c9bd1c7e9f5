//! Facts about the origin of shared numbers (service, versions, coverage), queried as the creator of the share.

use super::payload::{Facts, Gap};
use crate::auth::Principal;
use crate::query::{Querier, QueryError, Question, usual_step_ns};
use crate::store::{SeriesInfo, TimeRange, TotalsSeries};
use flarepath_profile::labels::{Meaning, SERVICE_NAME, pick};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::time_series;
use std::collections::BTreeSet;

/// Number of buckets in which gaps are detected.
const BUCKETS: i64 = 300;
/// The narrowest bucket: profilers send every 10 to 60 seconds.
const LEAST_STEP_NS: i64 = 60_000_000_000;
/// Most gaps, and most versions, that are kept.
const MAX_ITEMS: usize = 100;

/// Facts about a question. `retention_ns`: how long profiles are kept; `None` forever.
///
/// # Errors
/// [`QueryError`], as for all questions.
pub(crate) async fn gather(
    querier: &Querier,
    who: &Principal,
    question: &Question,
    profile_type: &ProfileType,
    retention_ns: Option<i64>,
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
    let step_ns = usual_step_ns(question.range, BUCKETS).max(LEAST_STEP_NS);
    let totals = querier.totals(who, question, profile_type, step_ns, &[]).await?;
    let (samples, sampling_period) = samples(querier, who, question, profile_type, &chosen).await?;
    Ok(Facts {
        service: service(question, &chosen),
        versions: versions(&chosen),
        sampling_period,
        sampling_unit: if sampling_period == 0 { String::new() } else { profile_type.sample_unit.clone() },
        samples,
        instances_covered: instances(&mut chosen.iter().copied()),
        instances_known: instances(&mut known.iter()),
        gaps: gaps(&totals, step_ns, question.range),
        retention_ns,
        kept_forever: retention_ns.is_none(),
        top_movers: Vec::new(),
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

/// Number of samples and sampling period, 0 if unknown: some profilers send the number of samples along with the time
/// that they stand for.
async fn samples(
    querier: &Querier,
    who: &Principal,
    question: &Question,
    profile_type: &ProfileType,
    series: &[&SeriesInfo],
) -> Result<(u64, i64), QueryError> {
    if profile_type.sample_type == "samples" {
        let count = total(querier, who, question, profile_type).await?;
        return Ok((u64::try_from(count).unwrap_or(0), 0));
    }
    let counted = ProfileType {
        sample_type: "samples".to_owned(),
        sample_unit: "count".to_owned(),
        ..profile_type.clone()
    };
    let is_time = profile_type.sample_unit == "nanoseconds";
    if !is_time || !series.iter().all(|s| s.profile_types.contains(&counted)) {
        return Ok((0, 0));
    }
    let count = total(querier, who, question, &counted).await?;
    let time = total(querier, who, question, profile_type).await?;
    match u64::try_from(count) {
        Ok(0) | Err(_) => Ok((0, 0)),
        Ok(samples) => Ok((samples, time / count)),
    }
}

async fn total(
    querier: &Querier,
    who: &Principal,
    question: &Question,
    profile_type: &ProfileType,
) -> Result<i64, QueryError> {
    let whole_ns = question.range.length_ns().max(1);
    let totals = querier.totals(who, question, profile_type, whole_ns, &[]).await?;
    let values = totals.iter().flat_map(|group| &group.points).map(|(_, value)| *value);
    Ok(values.fold(0, i64::saturating_add))
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
