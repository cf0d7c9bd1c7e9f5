//! `GET /api/v1/services`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::Ask;
use crate::http::{ApiError, convert};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "Services that sent profiles in the range, each with its profile types and its number of series.",
    params: &[SELECTOR, FROM, UNTIL],
    answer: Answer::Message("ServicesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/services?from=now-24h",
    ..Doc::new("Query", "Services")
};

pub(crate) async fn services(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    let series = app.querier.series(&ask.who, &question).await?;
    Ok(ask.format.respond(&convert::services(&series)))
}
