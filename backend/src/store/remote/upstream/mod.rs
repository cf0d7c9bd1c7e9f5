//! [`Upstream`]: protects this server and a store on another one from each other.
//!
//! 1. A call waits for one of the store's permits, at most as long as its time limit: [`StoreError::Busy`].
//! 2. While the circuit breaker is open, it fails at once: [`StoreError::Unreachable`].
//! 3. It is made within the time limit: [`StoreError::Timeout`]. A read that fails because the store is down is repeated,
//!    a write never.
//! 4. It ends at once when its caller has left.

use super::attempts::Attempts;
use super::{Failure, UpstreamHealth, retry};
use crate::clock::Clock;
use crate::config::RemoteStoreConfig;
use crate::store::StoreError;
use crate::work::{CancelToken, Cancelled};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// Everything that protects this server and the others' stores from one that misbehaves: permits, time limits, repetitions of
/// reads, a circuit breaker, figures.
pub struct Upstream {
    attempts: Attempts,
    timeout: Duration,
    concurrency: usize,
    permits: Semaphore,
}

impl Upstream {
    /// Guards the store `name`.
    pub fn new(name: &str, config: &RemoteStoreConfig, clock: Arc<dyn Clock>) -> Arc<Upstream> {
        Arc::new(Upstream {
            attempts: Attempts::new(name, clock),
            timeout: config.timeout,
            concurrency: config.concurrency,
            permits: Semaphore::new(config.concurrency),
        })
    }

    pub(in crate::store) fn name(&self) -> &str {
        self.attempts.name()
    }

    /// The time of day of this server.
    pub(in crate::store) fn clock(&self) -> &Arc<dyn Clock> {
        self.attempts.clock()
    }

    /// An idempotent read: at most three attempts, ended early when `cancel` is cancelled. Texts of errors begin with the name
    /// of the store.
    ///
    /// # Errors
    /// As the module says, and the error of the last attempt.
    pub(in crate::store) async fn read<T, F, R>(
        &self,
        operation: &'static str,
        cancel: &CancelToken,
        attempt: F,
    ) -> Result<T, StoreError>
    where
        F: Fn() -> R,
        R: Future<Output = Result<T, Failure>> + Send,
    {
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Cancelled.into()),
            answer = self.repeated(operation, attempt) => answer.map_err(|error| error.naming(self.name())),
        }
    }

    /// A write, which is never repeated: it may have had its effect. Texts of errors begin with the name of the store.
    ///
    /// # Errors
    /// As the module says, and the error of `attempt`.
    pub(in crate::store) async fn write<T, R>(
        &self,
        operation: &'static str,
        attempt: R,
    ) -> Result<T, StoreError>
    where
        R: Future<Output = Result<T, Failure>> + Send,
    {
        let written = async {
            let _permit = self.permit(operation).await?;
            let deadline = Instant::now() + self.timeout;
            self.once(operation, deadline, attempt).await.map_err(|failure| failure.error)
        };
        written.await.map_err(|error| error.naming(self.name()))
    }

    /// The present state of the store, from the requests to it.
    pub fn health(&self) -> UpstreamHealth {
        self.attempts.health()
    }

    /// Keeps the version that an answer told.
    pub(in crate::store) fn set_version(&self, version: &str) {
        self.attempts.set_version(version);
    }

    async fn repeated<T, F, R>(&self, operation: &'static str, attempt: F) -> Result<T, StoreError>
    where
        F: Fn() -> R,
        R: Future<Output = Result<T, Failure>> + Send,
    {
        let _permit = self.permit(operation).await?;
        let deadline = Instant::now() + self.timeout;
        let mut attempts = 0;
        loop {
            let failure = match self.once(operation, deadline, attempt()).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            attempts += 1;
            let pause = retry::pause(attempts, &failure, rand::random_range(retry::JITTER));
            match pause.filter(|pause| *pause < deadline.saturating_duration_since(Instant::now())) {
                Some(pause) if !self.attempts.are_refused() => sleep(pause).await,
                _ => return Err(failure.error),
            }
        }
    }

    /// One attempt, if the breaker lets it pass.
    async fn once<T>(
        &self,
        operation: &'static str,
        deadline: Instant,
        attempt: impl Future<Output = Result<T, Failure>> + Send,
    ) -> Result<T, Failure> {
        let left = deadline.saturating_duration_since(Instant::now());
        let begun = self.attempts.begin(operation, left).map_err(Failure::refused)?;
        let answer = timeout_at(deadline, attempt).await.unwrap_or_else(|_| {
            Err(Failure::down(StoreError::Timeout(format!("no answer within {:?}", self.timeout))))
        });
        begun.end(&answer);
        answer
    }

    async fn permit(&self, operation: &'static str) -> Result<SemaphorePermit<'_>, StoreError> {
        if let Some(refusal) = self.attempts.refusal(operation) {
            return Err(refusal);
        }
        match timeout(self.timeout, self.permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            // Nothing closes the semaphore, so it is the time that is up.
            Ok(Err(_)) | Err(_) => {
                self.attempts.meter(operation, "busy");
                let text = format!("no turn within {:?}, at concurrency {}", self.timeout, self.concurrency);
                Err(StoreError::Busy(text))
            }
        }
    }
}

#[cfg(test)]
mod tests;
