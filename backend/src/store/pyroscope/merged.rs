//! Merged call trees and merged profiles.
//!
//! A tree is asked for in the format TREE, with as many nodes as Pyroscope allows. One that was cut all the same, or one from a
//! server that does not know the format or allows fewer nodes, is built here from the merged profile, which Pyroscope does not cut
//! unless it is configured to. Its functions are then told apart by name alone, as those of a tree are, so that the two can be
//! added up and compared.
//!
//! Spans are asked for by `SelectMergeSpanProfile`: it is deprecated, but older servers ignore spans elsewhere.

use super::client::{MERGE_PROFILE, Room, SPAN_PROFILE, STACKTRACES, compute, each};
use super::connect::NODE_LIMIT;
use super::messages::{
    MergeProfileRequest, SpanProfileRequest, StacktracesAnswer, StacktracesRequest, format,
};
use super::tree::{self, BadTree, Decoded};
use super::{PyroscopeStore, Question};
use crate::store::embedded::export;
use crate::store::{MergedTree, Selection, StoreError};
use crate::work::{CancelToken, Cancelled};
use bytes::Bytes;
use flarepath_profile::call_tree::{self, CallTree};
use flarepath_profile::formats::pprof::{self, PprofError};
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;

/// Nodes of the trees of all parts of a question, or frames in the stacks of their profiles.
const MOST_NODES: usize = 20_000_000;
/// The most nodes that Pyroscope gives unless it is configured otherwise.
const MAX_NODES: usize = 1 << 20;

impl PyroscopeStore {
    pub(super) async fn merged_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        let room = &Room::of(MOST_NODES);
        let ask = |question: Question| async move {
            let tree = self.tree_of(question, selection, profile_type).await?;
            room.take(tree.len())?;
            Ok::<_, StoreError>(tree)
        };
        let mut parts = each(self.questions(selection)?, ask).await?;
        let tree = match parts.len() {
            0 => CallTree::empty(),
            1 => parts.remove(0),
            _ => {
                let cancel = selection.cancel.clone();
                let merge = move || call_tree::merge_until(&parts, &|| cancel.is_cancelled());
                compute(merge).await?.ok_or(Cancelled)?
            }
        };
        let profiles = u64::from(!tree.is_empty());
        Ok(MergedTree { tree, profiles })
    }

    pub(super) async fn merged_profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        let room = &Room::of(MOST_NODES);
        let ask = |question: Question| async move {
            let profile = self.profile_of(question, selection, profile_type).await?;
            room.take(profile.as_ref().map_or(0, |profile| profile.stacks.frames()))?;
            Ok::<_, StoreError>(profile)
        };
        let parts = each(self.questions(selection)?, ask).await?;
        let mut parts: Vec<Profile> = parts.into_iter().flatten().collect();
        match parts.len() {
            0 => Ok(export::empty(profile_type)),
            1 => Ok(parts.remove(0)),
            _ => {
                let (profile_type, cancel) = (profile_type.clone(), selection.cancel.clone());
                Ok(compute(move || merged(&parts, &profile_type, &cancel)).await??)
            }
        }
    }

    /// The tree of one question, whole.
    async fn tree_of(
        &self,
        question: Question,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<CallTree, StoreError> {
        let cancel = &selection.cancel;
        let asked: Result<StacktracesAnswer, StoreError> = match selection.spans.is_empty() {
            true => {
                let request = stacktraces(&question, profile_type, format::TREE, Vec::new());
                self.client.call(&STACKTRACES, &request, cancel).await
            }
            false => {
                let request = span_profile(&question, profile_type, selection.spans.clone());
                self.client.call(&SPAN_PROFILE, &request, cancel).await
            }
        };
        let answer = match asked {
            Err(StoreError::TooLarge(reason)) if reason.contains(NODE_LIMIT) => {
                return self.tree_of_profile(question, selection, profile_type, 0).await;
            }
            answer => answer?,
        };
        if answer.is_flame_graph() {
            return self.tree_of_profile(question, selection, profile_type, 0).await;
        }
        let (bytes, stop) = (answer.tree, cancel.clone());
        let decoded = compute(move || tree::decode(&bytes, &|| stop.is_cancelled())).await?;
        let decoded = decoded.map_err(|error| self.bad_tree(error))?;
        if decoded.is_cut(MAX_NODES) {
            return self.tree_of_profile(question, selection, profile_type, decoded.nodes).await;
        }
        let Decoded { tree, .. } = decoded;
        Ok(tree)
    }

    /// The tree of one question, from its merged profile. A profile must give more than the `cut` nodes that a tree has which was
    /// cut.
    async fn tree_of_profile(
        &self,
        question: Question,
        selection: &Selection,
        profile_type: &ProfileType,
        cut: usize,
    ) -> Result<CallTree, StoreError> {
        let Some(profile) = self.profile_of(question, selection, profile_type).await? else {
            return Ok(CallTree::empty());
        };
        let name = self.client.name().to_owned();
        let build = move || {
            let tree = call_tree::from_profile(&profile, 0);
            tree.map_err(|error| StoreError::TooLarge(format!("{name}: {error}")))
        };
        let tree = compute(build).await??;
        if tree.len() <= cut {
            return Err(StoreError::TooLarge(format!(
                "{}: it leaves out small nodes of trees of more than {cut} nodes, and of merged profiles too",
                self.client.name()
            )));
        }
        compute(move || tree::by_name(&tree)).await?.map_err(|error| self.bad_tree(error))
    }

    /// The merged profile of one question; `None` if there is nothing in it.
    async fn profile_of(
        &self,
        question: Question,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Option<Profile>, StoreError> {
        let bytes = match selection.spans.is_empty() {
            true => {
                let request = MergeProfileRequest {
                    profile_type: profile_type.to_string(),
                    label_selector: question.selector,
                    start: question.part.start,
                    end: question.part.last(),
                };
                self.client.ask(&MERGE_PROFILE, &request, &selection.cancel).await?
            }
            false => self.pprof_of_spans(&question, selection, profile_type).await?,
        };
        if bytes.is_empty() {
            return Ok(None);
        }
        match compute(move || pprof::read(&bytes)).await? {
            Ok((profile, _)) if profile.samples.width() == 1 => Ok(Some(profile)),
            Ok(_) => Err(self.client.invalid("a merged profile of several sample types")),
            // Without types there are no values.
            Err(PprofError::NoSampleTypes) => Ok(None),
            Err(error @ (PprofError::TooLarge { .. } | PprofError::TooMany { .. })) => {
                Err(StoreError::TooLarge(format!("{}: {error}", self.client.name())))
            }
            Err(error) => Err(self.client.invalid(error)),
        }
    }

    async fn pprof_of_spans(
        &self,
        question: &Question,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Bytes, StoreError> {
        let request = stacktraces(question, profile_type, format::PPROF, selection.spans.clone());
        let answer: StacktracesAnswer = self.client.call(&STACKTRACES, &request, &selection.cancel).await?;
        if answer.is_flame_graph() {
            return Err(StoreError::Unsupported("merged profiles of single spans; Pyroscope 2.2 does"));
        }
        Ok(answer.pprof.unwrap_or_default().profile)
    }

    fn bad_tree(&self, error: BadTree) -> StoreError {
        match error {
            BadTree::Cancelled => Cancelled.into(),
            error => self.client.invalid(error),
        }
    }
}

fn stacktraces(
    question: &Question,
    profile_type: &ProfileType,
    format: i32,
    span_selector: Vec<String>,
) -> StacktracesRequest {
    StacktracesRequest {
        profile_type: profile_type.to_string(),
        label_selector: question.selector.clone(),
        start: question.part.start,
        end: question.part.last(),
        max_nodes: Some(MAX_NODES as i64),
        format,
        span_selector,
    }
}

fn span_profile(
    question: &Question,
    profile_type: &ProfileType,
    span_selector: Vec<String>,
) -> SpanProfileRequest {
    SpanProfileRequest {
        profile_type: profile_type.to_string(),
        label_selector: question.selector.clone(),
        span_selector,
        start: question.part.start,
        end: question.part.last(),
        max_nodes: Some(MAX_NODES as i64),
        format: format::TREE,
    }
}

/// Several merged profiles as one. It begins with the earliest of them, and lasts as long as all together.
fn merged(parts: &[Profile], profile_type: &ProfileType, cancel: &CancelToken) -> Result<Profile, Cancelled> {
    let mut merged = export::merge(parts, profile_type, cancel)?;
    let known = parts.iter().map(|part| part.time_nanos).filter(|time| *time != 0);
    merged.time_nanos = known.min().unwrap_or(0);
    merged.duration_nanos = parts.iter().map(|part| part.duration_nanos).fold(0, i64::saturating_add);
    merged.period = parts.iter().map(|part| part.period).max().unwrap_or(0);
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::NodeId;

    fn recorded() -> Profile {
        let bytes = include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/testdata/pyroscope/merge_profile.response.pb"
        ));
        pprof::read(bytes).unwrap().0
    }

    #[test]
    fn the_recorded_profile_gives_the_recorded_tree() {
        let bytes =
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/pyroscope/merge_tree.response.pb"));
        let answer = <StacktracesAnswer as prost::Message>::decode(&bytes[..]).unwrap();
        let Decoded { tree, .. } = tree::decode(&answer.tree, &|| false).unwrap();
        let of_profile = call_tree::from_profile(&recorded(), 0).unwrap();
        assert_eq!(tree::by_name(&of_profile).unwrap(), tree);
    }

    #[test]
    fn parts_are_added_up() {
        let profile_type: ProfileType = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap();
        let (first, mut second) = (recorded(), recorded());
        second.time_nanos -= 1000;
        let both = merged(&[first.clone(), second.clone()], &profile_type, &CancelToken::default()).unwrap();
        let total = |profile: &Profile| call_tree::from_profile(profile, 0).unwrap().total(NodeId::ROOT);
        assert_eq!(total(&both), 2 * total(&first));
        assert_eq!((both.time_nanos, both.period), (second.time_nanos, first.period));
    }
}
