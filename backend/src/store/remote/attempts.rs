//! Record of the requests to one store: which may be made, how each ended, and how the store is.

use super::Failure;
use super::breaker::{Breaker, Pass};
use super::figures::{Figures, UpstreamHealth};
use crate::clock::Clock;
use crate::store::StoreError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Requests to one store.
pub(super) struct Attempts {
    name: String,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    breaker: Breaker,
    figures: Figures,
    version: Option<String>,
}

/// End of a request.
enum Outcome<'a> {
    Answered,
    /// The store works, and refused it.
    Refused(&'a StoreError),
    Down(&'a StoreError),
    /// Nobody waits for the answer any more.
    Cancelled,
}

impl Attempts {
    pub(super) fn new(name: &str, clock: Arc<dyn Clock>) -> Attempts {
        Attempts { name: name.to_owned(), clock, state: Mutex::default() }
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Begins a request of a call that has `left` of its time.
    ///
    /// # Errors
    /// [`Attempts::refusal`], if the store is left alone.
    pub(super) fn begin(&self, operation: &'static str, left: Duration) -> Result<Attempt<'_>, StoreError> {
        let began = self.clock.elapsed();
        let pass = self.state().breaker.pass(began);
        let pass = pass.ok_or_else(|| self.not_asked(operation))?;
        // Callers have a time limit of their own, which is as long by default and may end a little earlier.
        let due = began + left * 9 / 10;
        Ok(Attempt { of: self, operation, pass, began, due, is_over: false })
    }

    /// The error of each request while the store is left alone.
    pub(super) fn refusal(&self, operation: &'static str) -> Option<StoreError> {
        self.are_refused().then(|| self.not_asked(operation))
    }

    /// Whether the store is left alone.
    pub(super) fn are_refused(&self) -> bool {
        let now = self.clock.elapsed();
        self.state().breaker.refuses(now)
    }

    fn not_asked(&self, operation: &'static str) -> StoreError {
        self.meter(operation, "not_asked");
        StoreError::Unreachable("not asked for a while, as the last requests failed".to_owned())
    }

    pub(super) fn health(&self) -> UpstreamHealth {
        let now = self.clock.elapsed();
        let mut state = self.state();
        let figures = state.figures.health(now);
        UpstreamHealth { version: state.version.clone(), is_down: state.breaker.is_open(), ..figures }
    }

    pub(super) fn set_version(&self, version: &str) {
        let mut state = self.state();
        if state.version.as_deref() != Some(version) {
            state.version = Some(version.to_owned());
        }
    }

    /// Counts a call or a request by its end.
    pub(super) fn meter(&self, operation: &'static str, outcome: &'static str) {
        let store = self.name.clone();
        metrics::counter!("flarepath_store_requests_total", "store" => store, "operation" => operation, "outcome" => outcome)
            .increment(1);
    }

    fn record(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
        let now = self.clock.elapsed();
        let took = now.saturating_sub(attempt.began);
        let (was_open, is_open) = self.change(attempt, outcome, now, took);
        self.meter(attempt.operation, outcome.name());
        if outcome.is_answer() {
            metrics::histogram!("flarepath_store_seconds", "store" => self.name.clone())
                .record(took.as_secs_f64());
        }
        match (was_open, is_open, outcome.error()) {
            (false, true, Some(error)) => tracing::warn!(store = self.name, %error, "store is down"),
            (true, false, _) => tracing::info!(store = self.name, "store is up again"),
            _ => {}
        }
    }

    /// Whether the breaker was open before and is open after the end of a request.
    fn change(
        &self,
        attempt: &Attempt<'_>,
        outcome: &Outcome<'_>,
        now: Duration,
        took: Duration,
    ) -> (bool, bool) {
        let at = self.clock.now();
        let mut state = self.state();
        let was_open = state.breaker.is_open();
        match outcome {
            Outcome::Answered | Outcome::Refused(_) => state.breaker.answered(),
            Outcome::Down(_) => state.breaker.failed(attempt.pass, now),
            Outcome::Cancelled => state.breaker.abandoned(attempt.pass, now),
        }
        let error = outcome.error();
        state.figures.count(now, error.is_some(), outcome.is_answer().then_some(took));
        if let Some(error) = error {
            state.figures.note_error(at, &error.to_string());
        }
        (was_open, state.breaker.is_open())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every step leaves the state consistent, so a panic elsewhere is no reason to stop.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way. When it is dropped without an end, nobody waited for its answer any more.
#[must_use]
pub(super) struct Attempt<'a> {
    of: &'a Attempts,
    operation: &'static str,
    pass: Pass,
    began: Duration,
    /// Left alone after this time, it is as good as not answered in time.
    due: Duration,
    is_over: bool,
}

impl Attempt<'_> {
    /// Records how it ended.
    pub(super) fn end<T>(mut self, answer: &Result<T, Failure>) {
        self.is_over = true;
        let outcome = match answer {
            Ok(_) => Outcome::Answered,
            Err(failure) if failure.is_down => Outcome::Down(&failure.error),
            Err(failure) => Outcome::Refused(&failure.error),
        };
        self.of.record(&self, &outcome);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        if self.of.clock.elapsed() < self.due {
            return self.of.record(self, &Outcome::Cancelled);
        }
        let error = StoreError::Timeout("no answer until the caller's time was up".to_owned());
        self.of.record(self, &Outcome::Down(&error));
    }
}

impl Outcome<'_> {
    fn name(&self) -> &'static str {
        match self {
            Outcome::Answered => "ok",
            Outcome::Refused(_) => "refused",
            Outcome::Down(_) => "down",
            Outcome::Cancelled => "cancelled",
        }
    }

    fn is_answer(&self) -> bool {
        matches!(self, Outcome::Answered | Outcome::Refused(_))
    }

    fn error(&self) -> Option<&StoreError> {
        match self {
            Outcome::Refused(error) | Outcome::Down(error) => Some(error),
            Outcome::Answered | Outcome::Cancelled => None,
        }
    }
}
