//! `GET /api/v1/lines`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, STORE, TYPE, UNTIL};
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use crate::problem::ProblemKind;
use axum::response::Response;

pub(crate) const DOC: Doc = Doc {
    description: "Cost of each source line, over all functions of this name. `self_value` is the cost of the line itself: the lines add \
                  up to the function's self value. `total` counts each stack once per line of the function that is on it. \
                  Profilers that record no lines report line 0; functions without a symbol have no lines.",
    params: &[
        STORE,
        TYPE,
        Param::query("function", "Name of the function", "main").required(),
        SELECTOR,
        FROM,
        UNTIL,
        SPANS,
    ],
    answer: Answer::Message("LinesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/lines?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&function=main",
    ..Doc::new("Query", "Source lines of a function")
};

pub(crate) async fn lines(request: QueryRequest) -> Result<Response, ApiError> {
    let (question, profile_type) = request.typed_question(&DOC)?;
    let function = request.params.get("function").filter(|name| !name.is_empty()).ok_or_else(|| {
        ApiError::new(
            ProblemKind::MissingParameter,
            "`function` is required; for example function=main".to_owned(),
        )
    })?;
    let lines = request.store.querier.line_costs(&request.who, &question, &profile_type, function).await?;
    let found = lines.len() as u64;
    let known = request.store.querier.known_names(&request.who, &question, &profile_type, found).await?;
    request.format.respond_with(move || convert::lines(lines, &profile_type.sample_unit, known)).await
}
