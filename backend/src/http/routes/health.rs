//! `GET /healthz`, `/readyz` and `/metrics`: monitoring.

use crate::app::{App, NotReady};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc};
use crate::problem::ProblemKind;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;

const TEXT: Answer = Answer::Content(&["text/plain"]);

pub(crate) const ALIVE: Doc = Doc { answer: TEXT, example: "/healthz", ..Doc::new("Server", "Liveness") };

pub(crate) const READY: Doc = Doc {
    description: "Checks the profile storage and the records database: connection, file and free space. Independent of running \
                  queries.",
    answer: TEXT,
    errors: &[(503, "A database does not work; the answer says which and why")],
    example: "/readyz",
    ..Doc::new("Server", "Readiness for queries and pushes")
};

pub(crate) const METRICS: Doc = Doc {
    description: "Metrics of the server, in the text format of Prometheus.",
    answer: TEXT,
    example: "/metrics",
    ..Doc::new("Server", "Metrics")
};

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, ApiError> {
    app.readiness.check().await.map(|()| "ready\n").map_err(|NotReady(reason)| {
        let detail = format!("the server cannot serve queries and pushes right now: {reason}");
        ApiError::new(ProblemKind::NotReady, detail)
    })
}

pub(crate) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}
