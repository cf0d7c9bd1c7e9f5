//! `ProfileTypes`, `LabelNames`, `LabelValues`, `Series`.
//!
//! All derive from one list: the label sets of the matching series, one per profile type, including internal labels.

use super::call::{Call, CallError};
use super::internal_labels::{self, Split};
use super::messages::{
    LabelNamesRequest, LabelPair, LabelValuesRequest, LabelsMessage, NamesResponse, ProfileTypeMessage,
    ProfileTypesRequest, ProfileTypesResponse, SeriesRequest, SeriesResponse,
};
use super::period;
use crate::app::App;
use crate::auth::Principal;
use crate::query::Question;
use crate::store::TimeRange;
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::labels::Labels;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) async fn profile_types(
    State(app): State<Arc<App>>,
    who: Principal,
    call: Call<ProfileTypesRequest>,
) -> Result<Response, CallError> {
    let range = period::or_last_day(call.request.start, call.request.end, app.clock.now())?;
    let question = Question::new(Default::default(), range);
    let series = app.querier.series(&who, &question).await?;
    let types: BTreeSet<_> = series.iter().flat_map(|s| &s.profile_types).collect();
    let message = |t: &flarepath_profile::profile_type::ProfileType| ProfileTypeMessage {
        id: t.to_string(),
        name: t.name.clone(),
        sample_type: t.sample_type.clone(),
        sample_unit: t.sample_unit.clone(),
        period_type: t.period_type.clone(),
        period_unit: t.period_unit.clone(),
    };
    let profile_types = types.into_iter().map(message).collect();
    Ok(call.encoding.respond(&ProfileTypesResponse { profile_types }))
}

pub(crate) async fn label_names(
    State(app): State<Arc<App>>,
    who: Principal,
    call: Call<LabelNamesRequest>,
) -> Result<Response, CallError> {
    let range = period::or_last_day(call.request.start, call.request.end, app.clock.now())?;
    let sets = label_sets(&app, &who, &call.request.matchers, range).await?;
    let names: BTreeSet<&str> = sets.iter().flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
    let shown = names.into_iter().filter(|name| call.any_label_name || is_identifier(name));
    Ok(call.encoding.respond(&NamesResponse { names: shown.map(str::to_owned).collect() }))
}

pub(crate) async fn label_values(
    State(app): State<Arc<App>>,
    who: Principal,
    call: Call<LabelValuesRequest>,
) -> Result<Response, CallError> {
    let request = &call.request;
    if request.name.is_empty() {
        return Err(CallError::invalid("`name` is required: the name of a label"));
    }
    let range = period::or_last_day(request.start, request.end, app.clock.now())?;
    let sets = label_sets(&app, &who, &request.matchers, range).await?;
    let values: BTreeSet<&str> = sets.iter().filter_map(|labels| labels.get(&request.name)).collect();
    Ok(call.encoding.respond(&NamesResponse { names: values.into_iter().map(str::to_owned).collect() }))
}

pub(crate) async fn series(
    State(app): State<Arc<App>>,
    who: Principal,
    call: Call<SeriesRequest>,
) -> Result<Response, CallError> {
    let request = &call.request;
    let range = period::or_last_day(request.start, request.end, app.clock.now())?;
    let sets = label_sets(&app, &who, &request.matchers, range).await?;
    let wanted = |name: &str| {
        let listed = request.label_names.is_empty() || request.label_names.iter().any(|n| n == name);
        listed && (call.any_label_name || is_identifier(name))
    };
    let reduced: BTreeSet<Labels> =
        sets.iter().map(|labels| labels.iter().filter(|(name, _)| wanted(name)).collect()).collect();
    let message = |labels: &Labels| LabelsMessage { labels: pairs(labels) };
    let labels_set = reduced.iter().filter(|labels| !labels.is_empty()).map(message).collect();
    Ok(call.encoding.respond(&SeriesResponse { labels_set }))
}

pub(super) fn pairs(labels: &Labels) -> Vec<LabelPair> {
    let pair = |(name, value): (&str, &str)| LabelPair { name: name.to_owned(), value: value.to_owned() };
    labels.iter().map(pair).collect()
}

async fn label_sets(
    app: &App,
    who: &Principal,
    matchers: &[String],
    range: TimeRange,
) -> Result<Vec<Labels>, CallError> {
    let split = Split::parse(matchers.iter().map(String::as_str))?;
    let series = app.querier.series(who, &Question::new(split.stored.clone(), range)).await?;
    let mut sets = Vec::new();
    for info in series.iter() {
        for profile_type in &info.profile_types {
            let internal = internal_labels::labels(profile_type, info.labels.service());
            if split.matches(&internal) {
                sets.push(internal.iter().chain(info.labels.iter()).collect());
            }
        }
    }
    Ok(sets)
}

/// Whether older clients support the label name.
fn is_identifier(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
