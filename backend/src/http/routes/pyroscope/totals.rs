//! `SelectSeries`: totals over time.
//!
//! The point at `t` is the sum over profiles in `(t - step, t]`, to the millisecond; points are at `start + k * step`. So the
//! first point covers the first millisecond alone; the others are buckets that begin a millisecond after `start`.

use super::call::{Call, CallError};
use super::catalog::pairs;
use super::internal_labels::{self, Split};
use super::merge::{call_site, profile_type};
use super::messages::{PointMessage, SelectSeriesRequest, SelectSeriesResponse, SeriesMessage};
use super::period::{self, MS};
use super::store::CallStore;
use crate::auth::Principal;
use crate::http::routes::series::MAX_BY;
use crate::query::Question;
use crate::store::TimeRange;
use crate::work::ANSWERS;
use axum::response::Response;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::cmp::Reverse;
use std::collections::BTreeMap;

const MAX_POINTS: i64 = 11_000;

/// Points of one line: time in milliseconds, value.
type Points = Vec<(i64, i64)>;

pub(crate) async fn series(
    store: CallStore,
    who: Principal,
    call: Call<SelectSeriesRequest>,
) -> Result<Response, CallError> {
    let request = call.request;
    if !call_site(request.stack_trace_selector.clone()).is_empty() {
        return Err(CallError::unimplemented("stack_trace_selector is not supported for series"));
    }
    if request.group_by.len() > MAX_BY {
        return Err(CallError::invalid(format!("`groupBy`: at most {MAX_BY} labels are allowed")));
    }
    let profile_type = profile_type(&request.profile_type_id)?;
    let range = period::required(request.start, request.end)?;
    let step_ms = step_ms(&request)?;
    let split = Split::parse([request.label_selector.as_str()])?;
    let lines = match split.matches(internal_labels::labels(&profile_type, "")).await? {
        true => lines(&store, &who, &split, range, &profile_type, step_ms, &request.group_by).await?,
        false => BTreeMap::new(),
    };
    let encoding = call.encoding;
    let limit = usize::try_from(request.limit.unwrap_or(0)).ok().filter(|limit| *limit > 0);
    let respond = move || {
        let shown = in_order(lines).into_iter().take(limit.unwrap_or(usize::MAX));
        encoding.respond(&SelectSeriesResponse { series: shown.map(message).collect() })
    };
    Ok(ANSWERS.run(respond).await?)
}

fn step_ms(request: &SelectSeriesRequest) -> Result<i64, CallError> {
    let step_ms = (request.step * 1e3).round();
    if !(1.0..=1e15).contains(&step_ms) {
        return Err(CallError::invalid(format!("step {} s: expected 0.001 or more", request.step)));
    }
    let step_ms = step_ms as i64;
    if request.end.saturating_sub(request.start) / step_ms > MAX_POINTS {
        return Err(CallError::invalid(format!(
            "step {} s results in more than {MAX_POINTS} points",
            request.step
        )));
    }
    Ok(step_ms)
}

async fn lines(
    CallStore(store): &CallStore,
    who: &Principal,
    split: &Split,
    range: TimeRange,
    profile_type: &ProfileType,
    step_ms: i64,
    group_by: &[String],
) -> Result<BTreeMap<Labels, Points>, CallError> {
    let stored: Vec<String> =
        group_by.iter().filter(|name| !internal_labels::is_internal(name)).cloned().collect();
    let internal = internal_labels::labels(profile_type, "");
    let second = UnixNanos(range.start.0 + MS).min(range.end);
    let first = TimeRange { end: second, ..range };
    let rest = TimeRange { start: second, ..range };
    let mut found: BTreeMap<Labels, Points> = BTreeMap::new();
    for (part, step_ns, shift_ns) in [(first, MS, 0), (rest, step_ms * MS, step_ms * MS - MS)] {
        if part.is_empty() {
            continue;
        }
        let question = Question::new(split.stored.clone(), part);
        for group in store.querier.totals(who, &question, profile_type, step_ns, &stored).await?.iter() {
            let mut labels = group.labels.clone();
            for name in group_by.iter().filter(|name| internal_labels::is_internal(name)) {
                labels.set(name.as_str(), internal.get(name).unwrap_or_default());
            }
            let points =
                group.points.iter().map(|(at, value)| (UnixNanos(at.0 + shift_ns).as_millis(), *value));
            found.entry(labels).or_default().extend(points);
        }
    }
    Ok(found)
}

/// Lines by descending sum, then labels.
fn in_order(found: BTreeMap<Labels, Points>) -> Vec<(Labels, Points)> {
    let mut lines: Vec<_> = found.into_iter().collect();
    let sum = |points: &Points| points.iter().map(|(_, value)| i128::from(*value)).sum::<i128>();
    // Stable: lines of one sum stay in the order of their labels.
    lines.sort_by_cached_key(|(_, points)| Reverse(sum(points)));
    lines
}

fn message((labels, points): (Labels, Points)) -> SeriesMessage {
    let point = |(timestamp, value): (i64, i64)| PointMessage { value: value as f64, timestamp };
    SeriesMessage { labels: pairs(&labels), points: points.into_iter().map(point).collect() }
}
