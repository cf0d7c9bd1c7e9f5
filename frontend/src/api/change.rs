//! Changes: requests with a JSON body, and the state of the one in flight.

use super::ApiError;
use super::send::{self, Body};
use crate::reactive::RwSignal;
use gloo_net::http::Method;
use leptos::task::spawn_local;
use prost::Message;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;

/// A change in flight; boxed, so that code awaiting it is compiled once.
pub(crate) type Change<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Sends a change and decodes the response.
pub(super) fn fetch<T: Message + Default + 'static>(
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Change<T> {
    let (path, body) = (path.to_owned(), Body::json(body));
    Box::pin(async move { send::fetch(method, &path, body?, None).await })
}

/// Sends a change whose response has nothing to read, such as 204.
pub(super) fn send(method: Method, path: &str, body: &impl Serialize) -> Change<()> {
    done(method, path, Body::json(body))
}

/// Deletes the resource at `path`.
pub(super) fn delete(path: &str) -> Change<()> {
    done(Method::DELETE, path, Ok(Body::None))
}

fn done(method: Method, path: &str, body: Result<Body, ApiError>) -> Change<()> {
    let path = path.to_owned();
    Box::pin(async move {
        let answer = send::send(method, &path, send::ANYTHING, body?, None).await;
        answer.map(drop)
    })
}

/// The state of a form: whether its change is in flight, and why the last one failed. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct Sending {
    /// Why the last change failed; `None` while one is in flight and after success.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Whether a change is in flight.
    pub(crate) pending: RwSignal<bool>,
}

impl Default for Sending {
    fn default() -> Self {
        Sending { error: RwSignal::new(None), pending: RwSignal::new(false) }
    }
}

impl Sending {
    /// Sends a change and calls `then` with its response. Does nothing while another is in flight.
    pub(crate) fn send<T: 'static>(self, change: Change<T>, then: impl FnOnce(T) + 'static) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = change.await;
            self.pending.set(false);
            match answer {
                Ok(answer) => then(answer),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Shows an error found before anything was sent.
    pub(crate) fn refuse(self, title: &str, detail: &str) {
        self.error.set(Some(ApiError::new(title, detail)));
    }
}
