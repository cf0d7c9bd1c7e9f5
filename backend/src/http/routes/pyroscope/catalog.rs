//! `ProfileTypes`, `LabelNames`, `LabelValues`, `Series`.
//!
//! All derive from one list: the label sets of the matching series, one per profile type, including internal labels.

use super::call::{Call, CallError};
use super::internal_labels::Split;
use super::label_sets::LabelSets;
use super::messages::{
    LabelNamesRequest, LabelPair, LabelValuesRequest, NamesResponse, ProfileTypeMessage, ProfileTypesRequest,
    ProfileTypesResponse, SeriesRequest, SeriesResponse,
};
use super::period;
use super::store::CallStore;
use crate::app::App;
use crate::auth::Principal;
use crate::query::Question;
use crate::selector::BadSelector;
use crate::store::TimeRange;
use crate::work::ANSWERS;
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

pub(crate) async fn profile_types(
    State(app): State<Arc<App>>,
    store: CallStore,
    who: Principal,
    call: Call<ProfileTypesRequest>,
) -> Result<Response, CallError> {
    let range = period::or_last_day(call.request.start, call.request.end, app.clock.now())?;
    let question = Question::new(Default::default(), range);
    let series = store.0.querier.series(&who, &question).await?;
    let types = move || -> BTreeSet<ProfileType> {
        // Many series share a list.
        let mut seen = HashSet::new();
        let lists = series.iter().map(|s| &s.profile_types).filter(|types| seen.insert(types.as_ptr()));
        lists.flat_map(|types| types.iter()).cloned().collect()
    };
    let types = ANSWERS.run(types).await?;
    let message = |t: ProfileType| ProfileTypeMessage {
        id: t.to_string(),
        name: t.name,
        sample_type: t.sample_type,
        sample_unit: t.sample_unit,
        period_type: t.period_type,
        period_unit: t.period_unit,
    };
    let profile_types = types.into_iter().map(message).collect();
    Ok(call.encoding.respond(&ProfileTypesResponse { profile_types }))
}

pub(crate) async fn label_names(
    State(app): State<Arc<App>>,
    store: CallStore,
    who: Principal,
    call: Call<LabelNamesRequest>,
) -> Result<Response, CallError> {
    let range = period::or_last_day(call.request.start, call.request.end, app.clock.now())?;
    let matchers = call.request.matchers.clone();
    from_label_sets(&store, &who, &matchers, range, move |sets| {
        let names = sets.names().into_iter().filter(|name| call.any_label_name || is_identifier(name));
        call.encoding.respond(&NamesResponse { names: names.collect() })
    })
    .await
}

pub(crate) async fn label_values(
    State(app): State<Arc<App>>,
    store: CallStore,
    who: Principal,
    call: Call<LabelValuesRequest>,
) -> Result<Response, CallError> {
    let request = &call.request;
    if request.name.is_empty() {
        return Err(CallError::invalid("`name` is required: the name of a label"));
    }
    let range = period::or_last_day(request.start, request.end, app.clock.now())?;
    let matchers = request.matchers.clone();
    from_label_sets(&store, &who, &matchers, range, move |sets| {
        call.encoding.respond(&NamesResponse { names: sets.values(&call.request.name) })
    })
    .await
}

pub(crate) async fn series(
    State(app): State<Arc<App>>,
    store: CallStore,
    who: Principal,
    call: Call<SeriesRequest>,
) -> Result<Response, CallError> {
    let range = period::or_last_day(call.request.start, call.request.end, app.clock.now())?;
    let matchers = call.request.matchers.clone();
    from_label_sets(&store, &who, &matchers, range, move |sets| {
        let asked = &call.request.label_names;
        let wanted = |name: &str| {
            let listed = asked.is_empty() || asked.iter().any(|n| n == name);
            listed && (call.any_label_name || is_identifier(name))
        };
        call.encoding.respond(&SeriesResponse { labels_set: sets.reduced(wanted) })
    })
    .await
}

pub(super) fn pairs(labels: &Labels) -> Vec<LabelPair> {
    let pair = |(name, value): (&str, &str)| LabelPair { name: name.to_owned(), value: value.to_owned() };
    labels.iter().map(pair).collect()
}

/// What `respond` makes of the label sets, off the async threads: there may be a hundred thousand.
async fn from_label_sets(
    CallStore(store): &CallStore,
    who: &Principal,
    matchers: &[String],
    range: TimeRange,
    respond: impl FnOnce(&LabelSets<'_>) -> Response + Send + 'static,
) -> Result<Response, CallError> {
    let split = Split::parse(matchers.iter().map(String::as_str))?;
    let series = store.querier.series(who, &Question::new(split.stored.clone(), range)).await?;
    let answer = ANSWERS.run(move || -> Result<Response, BadSelector> {
        Ok(respond(&LabelSets::new(&series, &split.internal()?)))
    });
    answer.await?.map_err(|e| CallError::invalid(e.to_string()))
}

/// Whether older clients support the label name.
fn is_identifier(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
