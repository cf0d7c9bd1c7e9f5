//! Asks the store, within bounds.

use super::cache::{Answer, AnswerCache, Asked};
use super::scope::restrict;
use super::{QueryError, Question};
use crate::auth::Principal;
use crate::config::QueryConfig;
use crate::store::{MergedTree, ProfileStore, SeriesInfo, Storage, StoreError, TotalsSeries};
use flarepath_profile::line_costs::LineCost;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The way to profiles for everybody who is not a store.
pub(crate) struct Querier {
    pub(super) store: Arc<dyn ProfileStore>,
    pub(super) cache: AnswerCache,
    permits: Semaphore,
    config: QueryConfig,
}

impl Querier {
    /// A querier over a storage.
    pub(crate) fn new(storage: &Storage, config: QueryConfig) -> Querier {
        let cache = AnswerCache::new(config.cache_bytes, storage.freshness.clone());
        Querier { store: storage.read.clone(), cache, permits: Semaphore::new(config.concurrency), config }
    }

    /// Series that match and hold profiles in the range.
    ///
    /// # Errors
    /// [`QueryError`], as for all questions.
    pub(crate) async fn series(
        &self,
        who: &Principal,
        question: &Question,
    ) -> Result<Arc<Vec<SeriesInfo>>, QueryError> {
        let question = restrict(who, question);
        let compute = async {
            let selection = question.selection()?;
            Ok(Answer::Series(Arc::new(self.within_budget(self.store.series(&selection)).await?)))
        };
        match self.cache.get(Asked::Series, &question, compute).await? {
            Answer::Series(series) => Ok(series),
            _ => Err(mixed_up()),
        }
    }

    /// Totals over time; see [`ProfileStore::totals`].
    ///
    /// # Errors
    /// [`QueryError`], as for all questions.
    pub(crate) async fn totals(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Arc<Vec<TotalsSeries>>, QueryError> {
        let question = restrict(who, question);
        let compute = async {
            let selection = question.selection()?;
            let totals = self.store.totals(&selection, profile_type, step_ns, by);
            Ok(Answer::Totals(Arc::new(self.within_budget(totals).await?)))
        };
        let asked = Asked::Totals(profile_type.clone(), step_ns, by.to_vec());
        match self.cache.get(asked, &question, compute).await? {
            Answer::Totals(totals) => Ok(totals),
            _ => Err(mixed_up()),
        }
    }

    /// The merge of all matching profiles, whole.
    ///
    /// # Errors
    /// [`QueryError`], as for all questions.
    pub(crate) async fn call_tree(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Arc<MergedTree>, QueryError> {
        let question = restrict(who, question);
        let compute = async {
            let selection = question.selection()?;
            let merged = self.within_budget(self.store.call_tree(&selection, profile_type)).await?;
            Ok(Answer::CallTree(Arc::new(merged)))
        };
        match self.cache.get(Asked::CallTree(profile_type.clone()), &question, compute).await? {
            Answer::CallTree(merged) => Ok(merged),
            _ => Err(mixed_up()),
        }
    }

    /// The merge of all matching profiles with call sites and mappings. Large and rarely asked for twice, so
    /// it is not kept.
    ///
    /// # Errors
    /// [`QueryError`], as for all questions.
    pub(crate) async fn profile(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Profile, QueryError> {
        let selection = restrict(who, question).selection()?;
        self.within_budget(self.store.profile(&selection, profile_type)).await
    }

    /// What each source line of the functions of a name cost. Quick to compute, so it is not kept.
    ///
    /// # Errors
    /// [`QueryError`], as for all questions.
    pub(crate) async fn line_costs(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        function: &str,
    ) -> Result<Vec<LineCost>, QueryError> {
        let selection = restrict(who, question).selection()?;
        self.within_budget(self.store.line_costs(&selection, profile_type, function)).await
    }

    /// Waits for a turn, then for the store, not longer than allowed.
    pub(super) async fn within_budget<T>(
        &self,
        ask: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, QueryError> {
        let started = tokio::time::Instant::now();
        let timeout = self.config.timeout;
        let result = tokio::time::timeout(timeout, async {
            let _permit = self.permits.acquire().await.map_err(|e| StoreError::Busy(e.to_string()))?;
            ask.await
        });
        let result = result.await.map_err(|_| QueryError::Timeout(timeout))?;
        metrics::histogram!("flarepath_store_query_seconds").record(started.elapsed().as_secs_f64());
        Ok(result?)
    }
}

pub(super) fn mixed_up() -> QueryError {
    QueryError::Internal("an answer of another kind was kept under this question".to_owned())
}
