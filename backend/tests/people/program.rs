//! A client with an API token, such as an SDK or a script.

use super::site::{Answer, Browser, Site};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

pub(crate) struct Program {
    browser: Browser,
    authorization: String,
    /// The store that calls of Pyroscope's clients read; empty for the default one.
    store: String,
}

impl Program {
    /// Sends `Bearer`.
    pub(crate) fn new(site: &Site, token: &str) -> Program {
        let authorization = format!("Bearer {token}");
        Program { browser: site.browser_at("10.1.2.3"), authorization, store: String::new() }
    }

    /// Sends `Basic`, with the token as password of anybody.
    pub(crate) fn basic(site: &Site, user: &str, token: &str) -> Program {
        let authorization = format!("Basic {}", STANDARD.encode(format!("{user}:{token}")));
        Program { browser: site.browser_at("10.1.2.3"), authorization, store: String::new() }
    }

    /// The same with the header of a store.
    pub(crate) fn reading(self, store: &str) -> Program {
        Program { store: store.to_owned(), ..self }
    }

    /// The same with the cookies of a browser.
    pub(crate) fn with_cookies_of(self, browser: &Browser) -> Program {
        Program { browser: browser.clone(), ..self }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        self.send("POST", path, content_type, body.into()).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: Value) -> Answer {
        self.post(path, "application/json", body.to_string()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, content_type: &str, body: Body) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:4280");
        let request = request.header(header::AUTHORIZATION, &self.authorization);
        let request = match self.store.as_str() {
            "" => request,
            store => request.header("x-flarepath-store", store),
        };
        let request = match content_type {
            "" => request,
            kind => request.header(header::CONTENT_TYPE, kind),
        };
        self.browser.send(request.body(body).unwrap()).await
    }

    /// Whether it is let in to read.
    pub(crate) async fn reads(&self) -> StatusCode {
        self.get("/api/v1/services").await.status
    }

    /// Pushes one stack of one profile of a series; `labels` are written as `{a=b,c=d}`.
    pub(crate) async fn push(&self, service: &str, labels: &str, stack: &str) -> Answer {
        let name = escape(&format!("{service}{labels}"));
        let path = format!("/ingest?name={name}&format=folded&units=samples&sampleRate=100");
        self.post(&path, "text/plain", format!("{stack} 10\n")).await
    }
}

/// Percent-encodes all but letters and digits.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The answer, which must be good, as JSON.
pub(crate) fn good(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Gives a role; `scope` is empty for everything, or a selector. The id of the binding.
pub(crate) async fn bind(root: &Browser, subject: (&str, &str), role: &str, scope: &str) -> String {
    let scope_kind = if scope.is_empty() { "org" } else { "selector" };
    let draft = json!({
        "subject_kind": subject.0, "subject_id": subject.1, "role": role, "scope_kind": scope_kind, "scope": scope,
    });
    good(&root.post("/api/v1/bindings", draft).await)["id"].as_str().unwrap().to_owned()
}

/// A new service account; its id.
pub(crate) async fn service_account(root: &Browser, name: &str) -> String {
    let made = root.post("/api/v1/service-accounts", json!({ "name": name })).await;
    good(&made)["id"].as_str().unwrap().to_owned()
}

/// A new service account with a role over `scope`, and a token of it that says the same role.
pub(crate) async fn token(root: &Browser, name: &str, role: &str, scope: &str) -> String {
    let id = service_account(root, name).await;
    bind(root, ("service_account", &id), role, scope).await;
    let draft = json!({ "name": name, "role": role });
    secret(&root.post(&format!("/api/v1/service-accounts/{id}/tokens"), draft).await)
}

/// The secret of a token that was just made.
pub(crate) fn secret(made: &Answer) -> String {
    good(made)["secret"].as_str().unwrap().to_owned()
}

/// The id of a user.
pub(crate) async fn user_id(browser: &Browser) -> String {
    good(&browser.get("/api/v1/me").await)["id"].as_str().unwrap().to_owned()
}
