//! `GET /api/v1/profile-types`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "Profile types of the matching series with profiles in the range.",
    params: &[SELECTOR, FROM, UNTIL],
    answer: Answer::Message("ProfileTypesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/profile-types?selector={service_name=\"flarepath\"}",
    ..Doc::new("Query", "Profile types")
};

pub(crate) async fn profile_types(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let question = request.question(&DOC)?;
    let series = app.querier.series(&request.who, &question).await?;
    Ok(request.format.respond(&convert::profile_types(&series)))
}
