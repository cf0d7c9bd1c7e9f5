//! Merged profiles: one call for each stored form of the type and each part of the selection.

use super::ParcaStore;
use super::client::QUERY;
use super::messages::{MODE_MERGE, MergeProfile, QueryRequest, QueryResponse, REPORT_PPROF};
use super::pprof;
use super::questions::{AT_ONCE, aside, invalid};
use super::times::Window;
use crate::store::{Selection, StoreError};
use crate::work::{CancelToken, Cancelled};
use bytes::Bytes;
use flarepath_profile::call_tree::{CallTree, merge_until};
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use futures::future::{BoxFuture, join_all};
use prost::Message;

/// What is made of one merged profile of the store that is named.
type Read<T> = fn(&str, Profile) -> Result<T, StoreError>;

/// The profiles of a selection, whatever their time.
pub(super) struct MergeQuestion {
    wanted: ProfileType,
    /// No profile is in two of them.
    queries: Vec<String>,
}

impl MergeQuestion {
    /// How many calls a window takes.
    pub(super) fn calls(&self) -> usize {
        self.queries.len()
    }
}

impl ParcaStore {
    /// The question about a selection's profiles of a type.
    pub(super) async fn merge_question(
        &self,
        selection: &Selection,
        wanted: &ProfileType,
    ) -> Result<MergeQuestion, StoreError> {
        let mut question = MergeQuestion { wanted: wanted.clone(), queries: Vec::new() };
        let Some(window) = Window::of(selection.range) else { return Ok(question) };
        let types = self.stored_types(window.widened(), &selection.cancel).await?;
        let forms = types.forms(wanted);
        if forms.iter().any(|form| !form.has_trees) {
            return Err(StoreError::Unsupported("call trees of `samples:count` profiles without a duration"));
        }
        if !forms.is_empty() {
            let parts = self.parts(selection, window).await?;
            for form in forms {
                question.queries.extend(parts.iter().map(|part| self.names.query(form, part)));
            }
        }
        Ok(question)
    }

    /// The merged profiles of a window, which together are the whole, each as `read` gives it.
    pub(super) async fn merged<T: Send + 'static>(
        &self,
        question: &MergeQuestion,
        window: Window,
        cancel: &CancelToken,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        for batch in question.queries.chunks(AT_ONCE) {
            cancel.check()?;
            let mut asked: Vec<BoxFuture<'_, Result<Option<T>, StoreError>>> = Vec::new();
            for query in batch {
                let request = merge_request(query, window);
                asked.push(Box::pin(self.merged_part(request, &question.wanted, cancel, read)));
            }
            for part in join_all(asked).await {
                found.extend(part?);
            }
        }
        Ok(found)
    }

    /// The call tree of a window.
    pub(super) async fn merged_tree(
        &self,
        question: &MergeQuestion,
        window: Window,
        cancel: &CancelToken,
    ) -> Result<CallTree, StoreError> {
        let read: Read<CallTree> = |store, profile| pprof::tree(store, &profile);
        let mut trees = self.merged(question, window, cancel, read).await?;
        if trees.len() < 2 {
            return Ok(trees.pop().unwrap_or_else(CallTree::empty));
        }
        let token = cancel.clone();
        let sum = aside(move || merge_until(&trees, &|| token.is_cancelled())).await?;
        sum.ok_or_else(|| StoreError::from(Cancelled))
    }

    async fn merged_part<T: Send + 'static>(
        &self,
        request: Bytes,
        wanted: &ProfileType,
        cancel: &CancelToken,
        read: Read<T>,
    ) -> Result<Option<T>, StoreError> {
        let Some(message) = self.call(&QUERY, request, cancel).await? else { return Ok(None) };
        let (store, wanted) = (self.name.clone(), wanted.clone());
        let decoded = aside(move || {
            let answer =
                QueryResponse::decode(message).map_err(|error| invalid(&store, &error.to_string()))?;
            let gzipped = answer.pprof.ok_or_else(|| invalid(&store, "the answer has no merged profile"))?;
            read(&store, pprof::read(&store, &gzipped, &wanted)?)
        });
        decoded.await?.map(Some)
    }
}

fn merge_request(query: &str, window: Window) -> Bytes {
    let merge =
        MergeProfile { query: query.to_owned(), start: Some(window.start()), end: Some(window.end()) };
    let request = QueryRequest { mode: MODE_MERGE, merge: Some(merge), report_type: REPORT_PPROF };
    request.encode_to_vec().into()
}
