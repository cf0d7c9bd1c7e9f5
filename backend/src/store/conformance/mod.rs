//! Conformance suite of storage adapters, with the naive merge of [`MemoryStore`] as its oracle.
//!
//! A [`Case`] is a list of profiles, described by small numbers so that a property test can make and shrink them, and the
//! questions asked afterwards. [`check`] feeds the same profiles to a [`Subject`] and to the oracle and compares every
//! answer; [`run`] does so for a list of fixed cases. Nothing here knows which adapter it is. What a store says that it
//! does not offer is not asked.

mod answers;
mod cases;
mod profiles;

pub use cases::{Case, ProfileSpec, Question, SampleSpec, fixed_cases, matcher};
pub use profiles::new_profile;

use super::memory::MemoryStore;
use super::{NewProfile, ProfileStore, ProfileWriter, Replica, StoreError};
use crate::selector::BadSelector;
use answers::{all_pieces, all_totals, by_labels, costs_query, facts, nodes, paths, same, some_functions};
use cases::{selection, service_name};
use flarepath_profile::call_tree::CallTree;
use profiles::profile_type;
use std::future::Future;
use std::sync::Arc;

/// A store under test.
pub struct Subject {
    /// What is tested.
    pub store: Arc<dyn ProfileStore>,
    /// The way profiles get into it: its own writer or, for a read-only adapter, a push to its upstream.
    pub feeder: Arc<dyn ProfileWriter>,
}

impl Subject {
    /// A store that is its own writer.
    pub fn writable<S: ProfileStore + ProfileWriter + 'static>(store: Arc<S>) -> Subject {
        Subject { store: store.clone(), feeder: store }
    }
}

/// Where the adapter differs from the oracle, or why it could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Nonconformity {
    /// An answer differs.
    #[error("{question}:\n  expected {expected}\n  found    {found}")]
    Answer {
        /// The question.
        question: String,
        /// The oracle's answer.
        expected: String,
        /// The adapter's answer.
        found: String,
    },
    /// A call failed.
    #[error(transparent)]
    Failed(#[from] StoreError),
    /// A case has a pattern that does not compile.
    #[error(transparent)]
    Pattern(#[from] BadSelector),
}

/// Feeds the profiles of a case to `subject` and to an oracle, calls `between` after each batch, and compares all answers.
///
/// # Errors
/// The first difference, or the first failure.
pub async fn check<F: Future<Output = Result<(), StoreError>>>(
    subject: &Subject,
    case: &Case,
    mut between: impl FnMut() -> F,
) -> Result<(), Nonconformity> {
    let oracle = MemoryStore::new();
    for batch in &case.batches {
        let batch: Vec<NewProfile> = batch.iter().map(new_profile).collect();
        oracle.append(batch.clone()).await?;
        subject.feeder.append(batch).await?;
        between().await?;
    }
    compare(&*subject.store, &oracle, case).await
}

/// Runs the fixed cases, each on a store of its own.
///
/// # Errors
/// The first difference, or the first failure.
pub async fn run<F: Future<Output = Result<Subject, StoreError>>>(
    mut make: impl FnMut() -> F,
) -> Result<(), Nonconformity> {
    for case in fixed_cases() {
        check(&make().await?, &case, || async { Ok(()) }).await?;
    }
    Ok(())
}

/// Compares times of profiles, and costs by replica.
async fn compare_replicas(
    subject: &dyn ProfileStore,
    oracle: &dyn ProfileStore,
    question: &Question,
    tree: &CallTree,
) -> Result<(), Nonconformity> {
    let (selection, wanted) = (selection(question)?, profile_type(question.kind));
    let found = subject.profile_times(&selection, &wanted).await?;
    let expected = oracle.profile_times(&selection, &wanted).await?;
    same("profile times", question, &found.replicas, &expected.replicas)?;
    let query = costs_query(question, tree);
    let mut replicas: Vec<Replica> = found.replicas.into_iter().map(|times| times.replica).collect();
    replicas.reverse();
    replicas.truncate(2);
    let found = subject.costs_by_replica(&selection, &wanted, &query, &replicas).await?;
    let expected = oracle.costs_by_replica(&selection, &wanted, &query, &replicas).await?;
    same("costs by replica", question, found, expected)
}

/// Asks both stores the questions of a case.
///
/// # Errors
/// The first difference, or the first failure.
pub async fn compare(
    subject: &dyn ProfileStore,
    oracle: &dyn ProfileStore,
    case: &Case,
) -> Result<(), Nonconformity> {
    let has_spans = subject.capabilities().spans;
    for question in case.questions.iter().filter(|question| has_spans || question.span == 0) {
        let tree = compare_sums(subject, oracle, question).await?;
        compare_details(subject, oracle, question, &tree).await?;
    }
    for service in 0..5 {
        let name = service_name(service);
        same("has_service", &name, subject.has_service(&name).await?, oracle.has_service(&name).await?)?;
    }
    Ok(())
}

/// Compares what every store has, and gives the call tree.
async fn compare_sums(
    subject: &dyn ProfileStore,
    oracle: &dyn ProfileStore,
    question: &Question,
) -> Result<CallTree, Nonconformity> {
    let (selection, wanted) = (selection(question)?, profile_type(question.kind));
    let labels = ["service_name", "pod", "absent"].iter().enumerate();
    let by: Vec<String> =
        labels.filter(|(bit, _)| question.by >> bit & 1 == 1).map(|(_, name)| (*name).to_owned()).collect();
    let [found, expected] = [subject, oracle].map(|store| store.series(&selection));
    same("series", question, by_labels(found.await?), by_labels(expected.await?))?;
    let found = subject.totals(&selection, &wanted, question.step_ns, &by).await?;
    let expected = oracle.totals(&selection, &wanted, question.step_ns, &by).await?;
    same("totals", question, found, expected)?;
    let found = subject.call_tree(&selection, &wanted).await?;
    let expected = oracle.call_tree(&selection, &wanted).await?;
    same("profiles merged", question, found.profiles, expected.profiles)?;
    same("call tree", question, nodes(&found.tree), nodes(&expected.tree))?;
    let query = costs_query(question, &expected.tree);
    let found = subject.costs_over_time(&selection, &wanted, &query).await?;
    same("costs over time", question, found, oracle.costs_over_time(&selection, &wanted, &query).await?)?;
    Ok(expected.tree)
}

/// Compares what stores may lack, as far as `subject` offers it.
async fn compare_details(
    subject: &dyn ProfileStore,
    oracle: &dyn ProfileStore,
    question: &Question,
    tree: &CallTree,
) -> Result<(), Nonconformity> {
    let (selection, wanted) = (selection(question)?, profile_type(question.kind));
    let offered = subject.capabilities();
    if offered.lines {
        for function in some_functions(tree) {
            let found = subject.line_costs(&selection, &wanted, &function).await?;
            let expected = oracle.line_costs(&selection, &wanted, &function).await?;
            same(&format!("lines of {function}"), question, found, expected)?;
        }
    }
    if offered.profile_totals {
        let found = all_totals(subject, &selection, &wanted).await?;
        same("each total", question, found, all_totals(oracle, &selection, &wanted).await?)?;
        let found = all_pieces(subject, &selection, &wanted).await?;
        same("each piece", question, found, all_pieces(oracle, &selection, &wanted).await?)?;
        compare_replicas(subject, oracle, question, tree).await?;
    }
    if offered.call_sites {
        let found = subject.profile(&selection, &wanted).await?;
        let expected = oracle.profile(&selection, &wanted).await?;
        same("merged profile", question, paths(&found), paths(&expected))?;
        same("facts of the merged profile", question, facts(&found), facts(&expected))?;
    }
    Ok(())
}
