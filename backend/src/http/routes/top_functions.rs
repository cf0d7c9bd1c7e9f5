//! `GET /api/v1/top-functions`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, TYPE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Ask;
use crate::http::{ApiError, convert};
use crate::work::ANSWERS;
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::top_table::TopColumn;
use std::sync::Arc;

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 100_000;

pub(crate) const DOC: Doc = Doc {
    description: "Functions by what they cost, computed over the whole tree; where a function calls itself, its total \
                  counts once. `function_count` says how many there are beyond `limit`.",
    params: &[
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        SPANS,
        Param::query("limit", "How many to list, 1 to 100000 (default 100)", "20"),
        Param::query("sort", "`self` (default), `total` or `name`", "total"),
    ],
    answer: Answer::Message("TopFunctionsResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/top-functions?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&limit=20",
    ..Doc::new("Query", "Top functions")
};

pub(crate) async fn top_functions(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    let profile_type = ask.profile_type()?;
    let limit = limit(ask.params.get("limit"))?;
    let column = column(ask.params.get("sort"))?;
    let (merged, known) = app.querier.call_tree_or_why(&ask.who, &question, &profile_type).await?;
    let format = ask.format;
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
        ApiError::bad_request(
            "bad-limit",
            format!("`limit`: `{text}` is not a whole number from 1 to {MAX_LIMIT}"),
        )
    })
}

fn column(text: Option<&str>) -> Result<TopColumn, ApiError> {
    match text {
        None | Some("self") => Ok(TopColumn::SelfValue),
        Some("total") => Ok(TopColumn::Total),
        Some("name") => Ok(TopColumn::Name),
        Some(other) => {
            Err(ApiError::bad_request("bad-sort", format!("`sort`: `{other}`; expected self, total or name")))
        }
    }
}
