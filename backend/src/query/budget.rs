//! Runs queries on the store: in turn, within the time limit, and only while somebody waits for the answer.
//!
//! 1. The query waits in the queue, which is fair among callers, for at most the time limit. No room: [`QueryError::Busy`]; no
//!    turn in time: [`QueryError::Waited`].
//! 2. Its patterns are compiled and the store runs it, again within the time limit: [`QueryError::Timeout`]; of a remote store
//!    [`StoreError::Timeout`], with its name.
//! 3. When the future is dropped, because all callers left or the time is up, the token of the selection is cancelled: the
//!    store's loops end, and the last of them releases the permit.

use super::{QueryError, Question};
use crate::auth::Principal;
use crate::config::QueryConfig;
use crate::selector::has_pattern;
use crate::store::{Selection, StoreError};
use crate::work::{CancelToken, FairQueue, QueueLimits, Refused, Workers, cores};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::time::timeout;

/// Compiles patterns. The permits bound how many queries do so at once.
static COMPILERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(cores()));

/// The queue and the time limit of queries. Clones share one queue.
#[derive(Clone)]
pub(super) struct Budget {
    queue: FairQueue,
    timeout: Duration,
    /// Name of the store, which its failures have; `None` of the embedded one.
    pub(super) store: Option<Arc<str>>,
}

impl Budget {
    pub(super) fn new(config: &QueryConfig) -> Budget {
        let limits = QueueLimits {
            at_once: config.concurrency,
            waiting: config.queue,
            waiting_each: config.queue_per_caller,
        };
        Budget { queue: FairQueue::new(limits), timeout: config.timeout, store: None }
    }

    /// The same for a store whose failures have this name.
    pub(super) fn of_store(self, store: Arc<str>) -> Budget {
        Budget { store: Some(store), ..self }
    }

    /// What `ask` answers about the selection of `question`, which has its bounds. Nothing happens until it is polled.
    ///
    /// # Errors
    /// As the module says.
    pub(super) fn run<T, F>(
        &self,
        who: &Principal,
        question: &Question,
        ask: impl FnOnce(Selection) -> F + Send + 'static,
    ) -> BoxFuture<'static, Result<T, QueryError>>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let (budget, caller, question) = (self.clone(), who.queue_key(), question.clone());
        async move {
            let asked = tokio::time::Instant::now();
            let permit = timeout(budget.timeout, budget.queue.enter(&caller)).await;
            let permit = permit.map_err(|_| QueryError::Waited(budget.timeout))??;
            metrics::histogram!("flarepath_query_wait_seconds").record(asked.elapsed().as_secs_f64());
            let started = tokio::time::Instant::now();
            let token = CancelToken::holding(permit);
            let _waiting = token.cancel_on_drop();
            let store = budget.store.clone();
            let answer = timeout(budget.timeout, async move {
                let selection = selection(question).await?;
                ask(selection.under(token)).await.map_err(|error| QueryError::Store { store, error })
            });
            let answer = answer.await.map_err(|_| budget.too_late())?;
            metrics::histogram!("flarepath_store_query_seconds").record(started.elapsed().as_secs_f64());
            answer
        }
        .boxed()
    }

    /// The failure of a query that took too long.
    fn too_late(&self) -> QueryError {
        let Some(store) = &self.store else { return QueryError::Timeout(self.timeout) };
        let text = format!("{store}: no answer within {} s (query.timeout)", self.timeout.as_secs());
        QueryError::Store { store: Some(store.clone()), error: StoreError::Timeout(text) }
    }
}

/// Compiles patterns off the async threads; without patterns that would not be worth the switch.
async fn selection(question: Question) -> Result<Selection, QueryError> {
    match question.selector.matchers.iter().any(has_pattern) || question.has_bounds() {
        true => Ok(COMPILERS.run(move || question.selection()).await.map_err(Refused::from)??),
        false => Ok(question.selection()?),
    }
}
