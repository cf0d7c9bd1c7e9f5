//! Questions to Parca, each of one or several calls. Answers are decoded off the async threads.

use super::ParcaStore;
use super::client::{LABELS, Method, PROFILE_TYPES, QUERY_RANGE, VALUES};
use super::gathered::{Answer, Fold};
use super::matchers::{self, KnownValues, Part, labels_to_ask};
use super::messages::{
    Duration, LabelsRequest, LabelsResponse, ProfileTypesRequest, ProfileTypesResponse, QueryRangeRequest,
    ValuesRequest, ValuesResponse,
};
use super::times::Window;
use super::translate::{StoredForm, StoredTypes};
use crate::store::bounds::disjoint;
use crate::store::{Selection, StoreError};
use crate::work::{ANSWERS, CancelToken};
use bytes::Bytes;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use futures::future::{BoxFuture, join_all};
use prost::Message;
use std::collections::VecDeque;
use std::sync::Arc;

/// Calls of one question at a time; each may hold an answer.
pub(super) const AT_ONCE: usize = 4;
/// Calls of one question in all.
pub(super) const MOST_CALLS: usize = 1000;

/// What totals are asked for.
pub(super) struct TotalsQuestion {
    pub(super) types: Vec<(Arc<ProfileType>, StoredForm)>,
    pub(super) parts: Vec<Part>,
    pub(super) window: Window,
    /// Width of buckets of types with a duration, and of those without, of which a bucket gives one profile.
    pub(super) step_secs: i64,
    pub(super) instant_step_secs: i64,
    /// Labels to keep, by their names. Types without a duration keep all.
    pub(super) sum_by: Vec<String>,
}

/// One call of it.
#[derive(Clone)]
struct TotalsCall {
    wanted: Arc<ProfileType>,
    form: StoredForm,
    query: Arc<str>,
    window: Window,
    step_secs: i64,
}

impl TotalsCall {
    fn request(&self, sum_by: &[String]) -> Bytes {
        let request = QueryRangeRequest {
            query: self.query.to_string(),
            start: Some(self.window.start()),
            end: Some(self.window.end()),
            step: Some(Duration { seconds: self.step_secs }),
            sum_by: sum_by.to_vec(),
        };
        request.encode_to_vec().into()
    }

    fn halves(&self) -> Option<[TotalsCall; 2]> {
        let halves = self.window.halves(self.step_secs)?;
        Some(halves.map(|window| TotalsCall { window, ..self.clone() }))
    }
}

impl ParcaStore {
    /// The profile types of a range, or of more than it.
    pub(super) async fn stored_types(
        &self,
        window: Window,
        cancel: &CancelToken,
    ) -> Result<StoredTypes, StoreError> {
        let request = ProfileTypesRequest { start: Some(window.start()), end: Some(window.end()) };
        let found: ProfileTypesResponse = self.ask(&PROFILE_TYPES, request.encode_to_vec(), cancel).await?;
        Ok(StoredTypes::of(&found.types))
    }

    /// All label names of a range, or of more than it, as Parca calls them.
    pub(super) async fn label_names(
        &self,
        window: Window,
        cancel: &CancelToken,
    ) -> Result<Vec<String>, StoreError> {
        let request = LabelsRequest { start: Some(window.start()), end: Some(window.end()) };
        let found: LabelsResponse = self.ask(&LABELS, request.encode_to_vec(), cancel).await?;
        Ok(found.label_names)
    }

    /// All values of a label, which has our name, in a range or in more than it.
    pub(super) async fn label_values(
        &self,
        label: &str,
        window: Window,
        cancel: &CancelToken,
    ) -> Result<Vec<String>, StoreError> {
        let label_name = self.names.other(label).to_owned();
        let request = ValuesRequest { label_name, start: Some(window.start()), end: Some(window.end()) };
        let found: ValuesResponse = self.ask(&VALUES, request.encode_to_vec(), cancel).await?;
        Ok(found.label_values)
    }

    /// The selection, within its bounds, in parts that Parca can be asked for; no series is in two of them.
    pub(super) async fn parts(&self, selection: &Selection, window: Window) -> Result<Vec<Part>, StoreError> {
        let bounds: Option<Vec<Selector>> = selection.bounds().map(|bounds| bounds.cloned().collect());
        let selectors = match bounds {
            None => vec![selection.selector().clone()],
            Some(bounds) => {
                disjoint(selection.selector(), &bounds).map_err(|error| self.too_large(&error.to_string()))?
            }
        };
        let mut known = KnownValues::new();
        for label in labels_to_ask(&selectors) {
            let values = self.label_values(&label, window.widened(), &selection.cancel).await?;
            known.insert(label, values);
        }
        let parts = aside(move || matchers::parts(&selectors, &known)).await?;
        parts.map_err(|error| self.too_large(&error.to_string()))
    }

    /// Passes all answers to `fold`. Where an answer is too large, its time is asked for in halves.
    pub(super) async fn fold_totals<F: Fold>(
        &self,
        question: &TotalsQuestion,
        cancel: &CancelToken,
        mut fold: F,
    ) -> Result<F, StoreError> {
        let mut waiting = self.totals_calls(question)?;
        let mut calls = 0;
        while !waiting.is_empty() {
            cancel.check()?;
            let batch: Vec<TotalsCall> = waiting.drain(..waiting.len().min(AT_ONCE)).collect();
            calls += batch.len();
            if calls > MOST_CALLS {
                return Err(self.too_many_calls());
            }
            let mut asked: Vec<BoxFuture<'_, Result<Option<Bytes>, StoreError>>> = Vec::new();
            for call in &batch {
                asked.push(Box::pin(self.call(&QUERY_RANGE, call.request(&question.sum_by), cancel)));
            }
            for (call, answer) in batch.into_iter().zip(join_all(asked).await) {
                match answer {
                    Ok(Some(message)) => fold = self.fold_answer(call, message, fold).await?,
                    Ok(None) => {}
                    Err(StoreError::TooLarge(reason)) => {
                        waiting.extend(call.halves().ok_or(StoreError::TooLarge(reason))?);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(fold)
    }

    async fn fold_answer<F: Fold>(
        &self,
        call: TotalsCall,
        message: Bytes,
        mut fold: F,
    ) -> Result<F, StoreError> {
        let TotalsCall { wanted, form, window, step_secs, .. } = call;
        let (store, names) = (self.name.clone(), self.names.clone());
        let answer = Answer { store, names, wanted, form, window, step_secs, message };
        aside(move || answer.add_to(&mut fold).map(|()| fold)).await?
    }

    fn totals_calls(&self, question: &TotalsQuestion) -> Result<VecDeque<TotalsCall>, StoreError> {
        let mut calls = VecDeque::new();
        for (wanted, form) in &question.types {
            let step_secs = if form.has_duration { question.step_secs } else { question.instant_step_secs };
            for part in &question.parts {
                // Not collected first: a range of centuries has millions of pieces.
                if question.window.piece_count(step_secs) > (MOST_CALLS - calls.len()) as i64 {
                    return Err(self.too_many_calls());
                }
                let query: Arc<str> = self.names.query(form, part).into();
                calls.extend(question.window.pieces(step_secs).map(|window| TotalsCall {
                    wanted: wanted.clone(),
                    form: form.clone(),
                    query: query.clone(),
                    window,
                    step_secs,
                }));
            }
        }
        Ok(calls)
    }

    /// The decoded answer; an empty one if there is nothing.
    async fn ask<M: Message + Default + 'static>(
        &self,
        method: &'static Method,
        request: Vec<u8>,
        cancel: &CancelToken,
    ) -> Result<M, StoreError> {
        let Some(message) = self.call(method, request.into(), cancel).await? else { return Ok(M::default()) };
        let decoded = aside(move || M::decode(message)).await?;
        decoded.map_err(|error| invalid(&self.name, &error.to_string()))
    }

    /// The answer of one call, within the store's permits, time limit and repetitions; none if there is nothing.
    pub(super) async fn call(
        &self,
        method: &'static Method,
        request: Bytes,
        cancel: &CancelToken,
    ) -> Result<Option<Bytes>, StoreError> {
        let attempt = || self.client.unary(method, request.clone());
        self.upstream.read(method.operation, cancel, attempt).await
    }

    fn too_large(&self, reason: &str) -> StoreError {
        StoreError::TooLarge(format!("{}: {reason}", self.name))
    }

    pub(super) fn too_many_calls(&self) -> StoreError {
        self.too_large(&format!("more than {MOST_CALLS} calls for one question; ask for a shorter range"))
    }
}

pub(super) fn invalid(store: &str, reason: &str) -> StoreError {
    StoreError::Invalid(format!("{store}: {reason}"))
}

/// The result of a computation, off the async threads.
pub(super) async fn aside<T: Send + 'static>(
    compute: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    ANSWERS.run(compute).await.map_err(|refused| StoreError::Busy(refused.to_string()))
}
