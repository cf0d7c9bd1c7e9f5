//! `GET /healthz`, `/readyz` and `/metrics`: for whoever runs the server.

use crate::app::App;
use crate::auth::Principal;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc};
use crate::query::Question;
use crate::store::TimeRange;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use flarepath_profile::selector::Selector;
use std::sync::Arc;

const TEXT: Answer = Answer::Content(&["text/plain"]);

pub(crate) const ALIVE: Doc =
    Doc { answer: TEXT, example: "/healthz", ..Doc::new("Server", "Whether the process answers") };

pub(crate) const READY: Doc = Doc {
    description: "Asks the store too.",
    answer: TEXT,
    errors: &[
        (500, "Storage failed"),
        (503, "Storage cannot take more right now"),
        (504, "Storage does not answer"),
    ],
    example: "/readyz",
    ..Doc::new("Server", "Whether queries and pushes can be served")
};

pub(crate) const METRICS: Doc = Doc {
    description: "The server's own numbers, in the text format of Prometheus.",
    answer: TEXT,
    example: "/metrics",
    ..Doc::new("Server", "Metrics")
};

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(app): State<Arc<App>>, who: Principal) -> Result<&'static str, ApiError> {
    let now_ns = app.clock.now_ns();
    let range = TimeRange::nanos(now_ns - 1, now_ns);
    app.querier.series(&who, &Question::new(Selector::default(), range)).await?;
    Ok("ready\n")
}

pub(crate) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}
