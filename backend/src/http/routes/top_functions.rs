//! `GET /api/v1/top-functions`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, STORE, TYPE, UNTIL, choice, limit};
use crate::http::doc::{Answer, Doc, Param, names};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use crate::problem::ProblemKind;
use crate::work::ANSWERS;
use axum::response::Response;
use flarepath_profile::top_table::TopColumn;

const LIMIT: Param =
    Param::query("limit", "Maximum number of functions", "20").integer(1..=100_000).default("100");
const COLUMNS: [(&str, TopColumn); 3] =
    [("self", TopColumn::SelfValue), ("total", TopColumn::Total), ("name", TopColumn::Name)];
const SORT: Param = Param::query("sort", "Column to sort by", "total").one_of(const { &names(&COLUMNS) });

pub(crate) const DOC: Doc = Doc {
    description: "Functions by cost over the whole tree; recursive calls count once in the total. `function_count` is their number, \
                  regardless of `limit`.",
    params: &[STORE, TYPE, SELECTOR, FROM, UNTIL, SPANS, LIMIT, SORT],
    answer: Answer::Message("TopFunctionsResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/top-functions?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&limit=20",
    ..Doc::new("Query", "Top functions")
};

pub(crate) async fn top_functions(request: QueryRequest) -> Result<Response, ApiError> {
    let (question, profile_type) = request.typed_question(&DOC)?;
    let limit = limit(&request.params, &LIMIT)?;
    let column = choice(&request.params, &SORT, ProblemKind::BadSort, &COLUMNS)?;
    let (merged, known) =
        request.store.querier.call_tree_and_known_names(&request.who, &question, &profile_type).await?;
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
