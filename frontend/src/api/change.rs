//! Changes that a person makes: a body in JSON, as the server wants it from browsers, and what became of it.

use super::ApiError;
use super::send::{self, Body};
use crate::reactive::RwSignal;
use gloo_net::http::Method;
use leptos::task::spawn_local;
use prost::Message;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;

/// A change on its way; boxed, so that what waits for it is compiled once.
pub(crate) type Change<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Sends a change whose answer is looked at.
pub(super) fn ask<T: Message + Default + 'static>(
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Change<T> {
    let (path, body) = (path.to_owned(), Body::json(body));
    Box::pin(async move { send::ask(method, &path, body?, None).await })
}

/// Sends a change whose answer is that it is done.
pub(super) fn tell(method: Method, path: &str, body: &impl Serialize) -> Change<()> {
    done(method, path, Body::json(body))
}

/// Removes what is at `path`.
pub(super) fn delete(path: &str) -> Change<()> {
    done(Method::DELETE, path, Ok(Body::None))
}

fn done(method: Method, path: &str, body: Result<Body, ApiError>) -> Change<()> {
    let path = path.to_owned();
    Box::pin(async move {
        let answer = send::send(method, &path, send::PROTOBUF, body?, None).await;
        answer.map(drop)
    })
}

/// The state of a change that a person made. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct Sending {
    /// Why the last one failed; `None` while one is on its way, and after it succeeded.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Whether one is on its way.
    pub(crate) pending: RwSignal<bool>,
}

impl Default for Sending {
    fn default() -> Self {
        Sending { error: RwSignal::new(None), pending: RwSignal::new(false) }
    }
}

impl Sending {
    /// Sends a change, and does `then` with its answer. Nothing is sent while another is on its way.
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

    /// Shows that something is wrong before anything is sent.
    pub(crate) fn object(self, title: &str, detail: &str) {
        let (title, detail) = (title.to_owned(), detail.to_owned());
        self.error.set(Some(ApiError { title, detail, kind: String::new(), position: None }));
    }
}
