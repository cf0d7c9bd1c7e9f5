//! Services, call trees, series and labels.

use super::request::{
    ProfileRequest, find_services_path, label_names_path, label_values_path, services_path,
};
use super::{ApiError, get, get_with};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::services::ServiceInfo;
use crate::state::time_range::Span;
use crate::state::timeline::{BucketCover, Coverage, Line, TimelineData};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::selector::Selector;
use flarepath_wire::messages::{
    CallTreeResponse, CoveredBuckets, InstanceResponse, LabelNamesResponse, LabelValuesResponse,
    SeriesResponse, ServicesResponse,
};
use std::cell::Cell;
use std::sync::Arc;
use web_sys::AbortController;

/// A merged profile, or the reason for its absence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TreeAnswer {
    /// The profile; of no profiles when the range holds none. Its duration is that of all replicas together.
    pub(crate) profile: LoadedProfile,
    /// How many replicas sent profiles; 0 if that is not known.
    pub(crate) replicas: u64,
    /// Whether the service has ever sent a profile.
    pub(crate) service_known: bool,
    /// Whether the service has ever sent this profile type.
    pub(crate) type_known: bool,
}

/// A label name or value with its number of series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The name or value.
    pub(crate) text: String,
    /// How many series have it.
    pub(crate) series: u64,
}

thread_local! {
    static GENERATION: Cell<u64> = const { Cell::new(0) };
}

pub(super) fn next_generation() -> u64 {
    GENERATION.with(|cell| {
        cell.set(cell.get() + 1);
        cell.get()
    })
}

/// Warnings that stay on screen.
pub(crate) async fn warnings() -> Result<Vec<String>, ApiError> {
    Ok(get::<InstanceResponse>("/api/v1/instance", None).await?.warnings)
}

/// All services of a store.
pub(crate) async fn services(store: Option<String>) -> Result<Vec<ServiceInfo>, ApiError> {
    services_at(&services_path(store.as_deref()), None).await
}

/// At most `limit` services whose names match a text, best matches first.
pub(crate) async fn find_services(
    store: Option<String>,
    text: String,
    limit: usize,
    abort: AbortController,
) -> Result<Vec<ServiceInfo>, ApiError> {
    services_at(&find_services_path(store.as_deref(), &text, limit), Some(&abort)).await
}

async fn services_at(path: &str, abort: Option<&AbortController>) -> Result<Vec<ServiceInfo>, ApiError> {
    let answer: ServicesResponse = get(path, abort).await?;
    let info = |s: flarepath_wire::messages::Service| ServiceInfo {
        name: s.name,
        profile_types: s.profile_types,
        series: s.series,
        newest_ms: s.newest_ms,
    };
    Ok(answer.services.into_iter().map(info).collect())
}

/// The merged call tree.
pub(crate) async fn call_tree(
    request: ProfileRequest,
    abort: AbortController,
) -> Result<TreeAnswer, ApiError> {
    let answer = get_with(&request.call_tree_path(), Some(&abort), CallTreeResponse::from_bytes).await?;
    let columns = answer.tree.ok_or_else(|| ApiError::broken("The server sent no call tree".into()))?;
    let origins = columns.origins().map(Shared::new);
    let tree = CallTree::try_from(columns).map_err(|e| ApiError::broken(e.to_string()))?;
    Ok(TreeAnswer {
        profile: LoadedProfile {
            tree: Arc::new(tree),
            diff: None,
            origins,
            unit: answer.unit,
            profile_type: request.profile_type.parse().ok(),
            covered_ns: None,
            seconds: (answer.replica_ms > 0).then_some(answer.replica_ms as f64 / 1000.0),
            profiles: answer.profiles,
            generation: next_generation(),
        },
        replicas: answer.replicas,
        service_known: answer.service_known,
        type_known: answer.profile_type_known,
    })
}

/// Totals over time, in buckets that begin at the start of the range.
pub(crate) async fn series(
    request: ProfileRequest,
    abort: AbortController,
) -> Result<TimelineData, ApiError> {
    let path = request.series_path();
    totals(request, &path, &abort).await
}

/// Totals over time in the bars of the timeline, with covered time.
pub(crate) async fn timeline(
    request: ProfileRequest,
    abort: AbortController,
) -> Result<TimelineData, ApiError> {
    let path = request.timeline_path();
    totals(request, &path, &abort).await
}

async fn totals(
    request: ProfileRequest,
    path: &str,
    abort: &AbortController,
) -> Result<TimelineData, ApiError> {
    let answer: SeriesResponse = get(path, Some(abort)).await?;
    let lines = answer.series.into_iter().map(|s| Line {
        name: s.labels.into_iter().map(|l| l.value).collect::<Vec<_>>().join(" · "),
        times_ms: s.times_ms,
        values: s.values,
    });
    let parts: Vec<&str> = request.profile_type.split(':').collect();
    Ok(TimelineData {
        lines: lines.collect(),
        step_ms: answer.step_ms.max(1),
        unit: answer.unit,
        sample_type: parts.get(1).copied().unwrap_or_default().to_owned(),
        span: request.span,
        covered: coverage(answer.covered),
        by: request.by,
    })
}

/// What profiles cover in each bucket.
pub(super) fn coverage(answer: Option<CoveredBuckets>) -> Coverage {
    let Some(CoveredBuckets { times_ms, replica_ms, range_ms, profiles, replicas }) = answer else {
        return Coverage::default();
    };
    let rest = replica_ms.into_iter().zip(range_ms).zip(profiles);
    let bucket =
        |(at_ms, ((replica_ms, range_ms), profiles))| BucketCover { at_ms, replica_ms, range_ms, profiles };
    Coverage { replicas, buckets: times_ms.into_iter().zip(rest).map(bucket).collect() }
}

/// Names of the labels of the matching series.
pub(crate) async fn label_names(
    store: Option<String>,
    selector: Selector,
    span: Span,
) -> Result<Vec<Counted>, ApiError> {
    let path = label_names_path(store.as_deref(), &selector, span);
    let answer: LabelNamesResponse = get(&path, None).await?;
    Ok(answer.names.into_iter().map(|c| Counted { text: c.text, series: c.series }).collect())
}

/// Values of a label of the matching series.
pub(crate) async fn label_values(
    name: String,
    store: Option<String>,
    selector: Selector,
    span: Span,
) -> Result<Vec<Counted>, ApiError> {
    let path = label_values_path(&name, store.as_deref(), &selector, span);
    let answer: LabelValuesResponse = get(&path, None).await?;
    Ok(answer.values.into_iter().map(|c| Counted { text: c.text, series: c.series }).collect())
}
