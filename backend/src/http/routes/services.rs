//! `GET /api/v1/services`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "Services with profiles in the range, each with its profile types and number of series.",
    params: &[SELECTOR, FROM, UNTIL],
    answer: Answer::Message("ServicesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/services?from=now-24h",
    ..Doc::new("Query", "Services")
};

pub(crate) async fn services(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let question = request.question(&DOC)?;
    let series = app.querier.series(&request.who, &question).await?;
    Ok(request.format.respond(&convert::services(&series)))
}
