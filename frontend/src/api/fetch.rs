//! One question at a time: the newest wins, the one before is aborted, its data stays until the new arrives.

use super::ApiError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use web_sys::AbortController;

/// The state of a question. Copies share it.
pub struct Fetch<T: 'static> {
    /// The last answer that came.
    pub data: RwSignal<Option<T>, LocalStorage>,
    /// Why the last question failed; `None` after an answer.
    pub error: RwSignal<Option<ApiError>>,
    /// Whether an answer is awaited.
    pub pending: RwSignal<bool>,
    running: StoredValue<(u64, Option<AbortController>), LocalStorage>,
}

impl<T> Clone for Fetch<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetch<T> {}

impl<T: 'static> Default for Fetch<T> {
    fn default() -> Self {
        Fetch::new()
    }
}

impl<T: 'static> Fetch<T> {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Fetch {
            data: RwSignal::new_local(None),
            error: RwSignal::new(None),
            pending: RwSignal::new(false),
            running: StoredValue::new_local((0, None)),
        }
    }

    /// Asks; what was asked before is forgotten. Where the browser can't abort, its answer is dropped.
    pub fn start<F>(self, ask: impl FnOnce(AbortController) -> F)
    where
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        let Ok(abort) = AbortController::new() else { return };
        let number = self.running.try_update_value(|(number, before)| {
            if let Some(before) = before.replace(abort.clone()) {
                before.abort();
            }
            *number += 1;
            *number
        });
        let Some(number) = number else { return };
        self.pending.set(true);
        let answer = ask(abort);
        spawn_local(async move {
            let answer = answer.await;
            // Gone with its page, or overtaken.
            if self.running.try_with_value(|(newest, _)| *newest == number) != Some(true) {
                return;
            }
            match answer {
                Ok(data) => {
                    self.data.try_set(Some(data));
                    self.error.try_set(None);
                }
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
            self.pending.try_set(false);
        });
    }

    /// Stops asking and forgets the answer.
    pub fn clear(self) {
        self.running.try_update_value(|(number, before)| {
            *number += 1;
            if let Some(before) = before.take() {
                before.abort();
            }
        });
        self.data.try_set(None);
        self.error.try_set(None);
        self.pending.try_set(false);
    }
}
