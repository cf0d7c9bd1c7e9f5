//! `GET /api/v1/labels` and `GET /api/v1/labels/{name}/values`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;

pub(crate) const NAMES: Doc = Doc {
    description: "Label names of the matching series, with the number of series that have each.",
    params: &[SELECTOR, FROM, UNTIL],
    answer: Answer::Message("LabelNamesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/labels",
    ..Doc::new("Query", "Label names")
};

pub(crate) const VALUES: Doc = Doc {
    description: "Values of one label among the matching series, with the number of series that have each. A label that no series \
                  has gives an empty list.",
    params: &[Param::path("name", "Name of the label", "service_name"), SELECTOR, FROM, UNTIL],
    answer: Answer::Message("LabelValuesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/labels/service_name/values",
    ..Doc::new("Query", "Label values")
};

pub(crate) async fn names(State(app): State<Arc<App>>, request: QueryRequest) -> Result<Response, ApiError> {
    let question = request.question(&NAMES)?;
    let series = app.querier.series(&request.who, &question).await?;
    Ok(request.format.respond(&convert::label_names(&series)))
}

pub(crate) async fn values(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let question = request.question(&VALUES)?;
    let series = app.querier.series(&request.who, &question).await?;
    Ok(request.format.respond(&convert::label_values(&series, &name)))
}
