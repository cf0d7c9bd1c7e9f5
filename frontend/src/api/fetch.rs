//! Requests with the latest one winning: starting one aborts the one before, whose data stays until the new arrives.

use super::ApiError;
use crate::reactive::RwSignal;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;
use web_sys::AbortController;

/// The state of a request. Copies share it.
pub(crate) struct Fetch<T: 'static> {
    /// The last response.
    pub(crate) data: RwSignal<Option<T>>,
    /// Why the last request failed; `None` after a success.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Whether a request is in flight.
    pub(crate) pending: RwSignal<bool>,
    running: Running,
}

/// Number of the newest request, and its abort handle.
type Running = StoredValue<(u64, Option<AbortController>), LocalStorage>;

/// The part that does not depend on the type of the response, so that it is compiled once.
#[derive(Clone, Copy)]
struct State {
    error: RwSignal<Option<ApiError>>,
    pending: RwSignal<bool>,
    running: Running,
}

impl<T> Clone for Fetch<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetch<T> {}

impl<T: Send + Sync + 'static> Fetch<T> {
    /// Nothing loaded yet.
    pub(crate) fn new() -> Self {
        Fetch {
            data: RwSignal::new(None),
            error: RwSignal::new(None),
            pending: RwSignal::new(false),
            running: StoredValue::new_local((0, None)),
        }
    }

    /// Starts a request; aborts the one before. Where the browser cannot abort, its response is dropped.
    pub(crate) fn start<F>(self, request: impl FnOnce(AbortController) -> F)
    where
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        let Some((number, abort)) = self.state().begin() else { return };
        let answer = request(abort);
        self.state().finish(
            number,
            Box::pin(async move {
                let data = answer.await?;
                let keep: Keep = Box::new(move || self.data.set(Some(data)));
                Ok(keep)
            }),
        );
    }

    fn state(self) -> State {
        State { error: self.error, pending: self.pending, running: self.running }
    }

    /// Aborts the request and drops the data.
    pub(crate) fn clear(self) {
        self.state().stop();
        self.data.set(None);
    }
}

/// Stores a response.
type Keep = Box<dyn FnOnce()>;

impl State {
    /// Aborts the previous request; returns the number and the abort handle of the new one.
    fn begin(self) -> Option<(u64, AbortController)> {
        let abort = AbortController::new().ok()?;
        let number = self.running.try_update_value(|(number, before)| {
            if let Some(before) = before.replace(abort.clone()) {
                before.abort();
            }
            *number += 1;
            *number
        })?;
        self.pending.set(true);
        Some((number, abort))
    }

    fn finish(self, number: u64, answer: Pin<Box<dyn Future<Output = Result<Keep, ApiError>>>>) {
        spawn_local(async move {
            let answer = answer.await;
            // Its page is gone, or a newer request was started.
            if self.running.try_with_value(|(newest, _)| *newest == number) != Some(true) {
                return;
            }
            match answer {
                Ok(keep) => {
                    keep();
                    self.error.set(None);
                }
                Err(error) => self.error.set(Some(error)),
            }
            self.pending.set(false);
        });
    }

    fn stop(self) {
        self.running.try_update_value(|(number, before)| {
            *number += 1;
            if let Some(before) = before.take() {
                before.abort();
            }
        });
        self.error.set(None);
        self.pending.set(false);
    }
}
