//! `GET /api/v1/top-functions`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, TYPE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use crate::problem::ProblemKind;
use crate::work::ANSWERS;
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::top_table::TopColumn;
use std::sync::Arc;

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 100_000;

pub(crate) const DOC: Doc = Doc {
    description: "Functions by cost over the whole tree; recursive calls count once in the total. `function_count` is their number, \
                  regardless of `limit`.",
    params: &[
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        SPANS,
        Param::query("limit", "Maximum number of functions, 1 to 100000 (default 100)", "20"),
        Param::query("sort", "`self` (default), `total` or `name`", "total"),
    ],
    answer: Answer::Message("TopFunctionsResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/top-functions?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&limit=20",
    ..Doc::new("Query", "Top functions")
};

pub(crate) async fn top_functions(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let question = request.question(&DOC)?;
    let profile_type = request.profile_type()?;
    let limit = limit(request.params.get("limit"))?;
    let column = column(request.params.get("sort"))?;
    let (merged, known) =
        app.querier.call_tree_and_known_names(&request.who, &question, &profile_type).await?;
    let format = request.format;
    Ok(ANSWERS
        .run(move || {
            format.respond(&convert::top_functions(
                &merged.tree,
                column,
                limit,
                &profile_type.sample_unit,
                known,
            ))
        })
        .await?)
}

fn limit(text: Option<&str>) -> Result<usize, ApiError> {
    let Some(text) = text else { return Ok(DEFAULT_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        ApiError::new(
            ProblemKind::BadLimit,
            format!("`limit`: `{text}` is not an integer from 1 to {MAX_LIMIT}"),
        )
    })
}

fn column(text: Option<&str>) -> Result<TopColumn, ApiError> {
    match text {
        None | Some("self") => Ok(TopColumn::SelfValue),
        Some("total") => Ok(TopColumn::Total),
        Some("name") => Ok(TopColumn::Name),
        Some(other) => Err(ApiError::new(
            ProblemKind::BadSort,
            format!("`sort`: `{other}`; expected self, total or name"),
        )),
    }
}
