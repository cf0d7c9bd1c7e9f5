//! Answers questions within the caller's bounds.

use super::budget::Budget;
use super::cache::{AnswerCache, Operation};
use super::scope::restrict;
use super::{QueryError, Question};
use crate::auth::{Principal, own_code};
use crate::config::QueryConfig;
use crate::db::Records;
use crate::indicators::Indicators;
use crate::store::{Capabilities, MergedTree, ProfileStore, SeriesInfo, Storage, StoreError, TotalsSeries};
use flarepath_profile::line_costs::LineCost;
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use std::sync::Arc;

/// The only access to stored profiles outside of [`crate::store`].
pub(crate) struct Querier {
    pub(super) store: Arc<dyn ProfileStore>,
    pub(super) cache: AnswerCache,
    pub(super) budget: Budget,
    /// Where the own code of services is set; without them it is guessed.
    records: Option<Records>,
    /// Tell verdicts how many requests there were.
    pub(super) indicators: Option<Arc<Indicators>>,
}

impl Querier {
    /// A querier over a storage.
    pub(crate) fn new(storage: &Storage, config: &QueryConfig) -> Querier {
        let cache = AnswerCache::new(config.cache_bytes, storage);
        Querier {
            store: storage.read.clone(),
            cache,
            budget: Budget::new(config),
            records: None,
            indicators: None,
        }
    }

    /// The same over a remote store, whose failures have its name.
    pub(crate) fn named(self, store: Arc<str>) -> Querier {
        Querier { budget: self.budget.of_store(store), ..self }
    }

    /// The same, with the settings of services in `records`.
    pub(crate) fn with_settings(self, records: Records) -> Querier {
        Querier { records: Some(records), ..self }
    }

    /// The same with metrics of services.
    pub(crate) fn with_indicators(self, indicators: Arc<Indicators>) -> Querier {
        Querier { indicators: Some(indicators), ..self }
    }

    /// Another one over the same storage, queue, settings and metrics, with a cache of its own that takes about so many bytes.
    pub(crate) fn with_cache_of(&self, cache_bytes: u64, storage: &Storage) -> Querier {
        Querier {
            store: self.store.clone(),
            cache: AnswerCache::new(cache_bytes, storage),
            budget: self.budget.clone(),
            records: self.records.clone(),
            indicators: self.indicators.clone(),
        }
    }

    /// What is set to be own code of the question's service. A guess stands in for settings that cannot be read: it decides which
    /// function is named and how it is coloured, and no number. For those who see profiles of the service.
    pub(crate) async fn own_code(&self, question: &Question) -> Option<OwnCode> {
        let (records, service) = (self.records.as_ref()?, question.service()?);
        let setting = own_code::of_service(records, service).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the own code of a service cannot be read; it is guessed");
            None
        });
        setting.map(|setting| setting.own_code())
    }

    /// Drops cached answers that have expired.
    pub(crate) async fn expire(&self) {
        self.cache.expire().await;
    }

    /// Series that match and hold profiles in the range.
    pub(crate) async fn series(
        &self,
        who: &Principal,
        question: &Question,
    ) -> Result<Arc<Vec<SeriesInfo>>, QueryError> {
        let question = self.restricted(who, question)?;
        let store = self.store.clone();
        let compute =
            self.budget.run(who, &question, |selection| async move { store.series(&selection).await });
        self.cache.get(Operation::Series, &question, compute).await
    }

    /// Totals over time; see [`ProfileStore::totals`].
    pub(crate) async fn totals(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Arc<Vec<TotalsSeries>>, QueryError> {
        let question = self.restricted(who, question)?;
        let operation = Operation::Totals(profile_type.clone(), step_ns, by.to_vec());
        let (store, profile_type, by) = (self.store.clone(), profile_type.clone(), by.to_vec());
        let compute = self.budget.run(who, &question, move |selection| async move {
            store.totals(&selection, &profile_type, step_ns, &by).await
        });
        self.cache.get(operation, &question, compute).await
    }

    /// The merge of all matching profiles, whole.
    pub(crate) async fn call_tree(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Arc<MergedTree>, QueryError> {
        let question = self.restricted(who, question)?;
        let operation = Operation::CallTree(profile_type.clone());
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let compute = self.budget.run(who, &question, move |selection| async move {
            store.call_tree(&selection, &profile_type).await
        });
        self.cache.get(operation, &question, compute).await
    }

    /// The merge of all matching profiles with call sites and mappings. Large and rarely needed twice, so it is not
    /// cached.
    pub(crate) async fn profile(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Profile, QueryError> {
        self.require(|offered| offered.call_sites, "merged profiles with call sites")?;
        let question = self.restricted(who, question)?;
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let compute = self.budget.run(who, &question, move |selection| async move {
            store.profile(&selection, &profile_type).await
        });
        compute.await
    }

    /// Costs of each source line of the functions of a name. Quick to compute, so they are not cached.
    pub(crate) async fn line_costs(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        function: &str,
    ) -> Result<Vec<LineCost>, QueryError> {
        self.require(|offered| offered.lines, "costs by source line")?;
        let question = self.restricted(who, question)?;
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let function = function.to_owned();
        let compute = self.budget.run(who, &question, move |selection| async move {
            store.line_costs(&selection, &profile_type, &function).await
        });
        compute.await
    }

    /// The question with the caller's bounds, if the store can answer it.
    pub(super) fn restricted(&self, who: &Principal, question: &Question) -> Result<Question, QueryError> {
        if !question.spans.is_empty() {
            self.require(|offered| offered.spans, "samples by span")?;
        }
        Ok(restrict(who, question))
    }

    /// Refuses what the store does not offer; `what` names it.
    pub(super) fn require(
        &self,
        is_offered: fn(&Capabilities) -> bool,
        what: &'static str,
    ) -> Result<(), QueryError> {
        match is_offered(&self.store.capabilities()) {
            true => Ok(()),
            false => Err(QueryError::Store {
                store: self.budget.store.clone(),
                error: StoreError::Unsupported(what),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::TimeRange;
    use crate::store::memory::MemoryStore;

    #[test]
    fn refuses_what_the_store_does_not_offer() {
        let sums_only = Capabilities {
            spans: false,
            profile_totals: false,
            profile_counts: false,
            lines: false,
            call_sites: false,
        };
        let querier = |capabilities| {
            let store = Arc::new(MemoryStore::offering(capabilities));
            Querier::new(&Storage::exclusive("memory", store), &QueryConfig::default())
        };
        let mut question = Question::new(Default::default(), TimeRange::nanos(0, 1));
        let local = Principal::local();
        assert!(querier(sums_only).restricted(&local, &question).is_ok());
        question.spans.push("00f067aa0ba902b7".to_owned());
        let refused = querier(sums_only).restricted(&local, &question).unwrap_err();
        assert_eq!(refused.to_string(), "this store does not offer samples by span");
        assert!(querier(Capabilities::ALL).restricted(&local, &question).is_ok());
        let lines = |capabilities| {
            querier(capabilities)
                .named("prod".into())
                .require(|offered| offered.lines, "costs by source line")
        };
        let Err(QueryError::Store { store, error: StoreError::Unsupported(what) }) = lines(sums_only) else {
            panic!("lines are not offered")
        };
        assert_eq!((store.as_deref(), what), (Some("prod"), "costs by source line"));
        assert!(lines(Capabilities::ALL).is_ok());
    }
}
