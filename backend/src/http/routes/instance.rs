//! `GET /api/v1/instance`

use crate::app::App;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::Ask;
use crate::http::{ApiError, convert};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "Version, and warnings that a page should keep on screen.",
    answer: Answer::Message("InstanceResponse"),
    errors: &[(406, "Neither JSON nor protobuf is acceptable to the caller")],
    example: "/api/v1/instance",
    ..Doc::new("Server", "What this server is")
};

pub(crate) async fn instance(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    ask.params.check(&DOC)?;
    Ok(ask.format.respond(&convert::instance(&app.warnings)))
}
