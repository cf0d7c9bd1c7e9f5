//! `GET /api/v1/breakdown`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, STORE, TYPE, UNTIL, choice, limit};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param, names};
use crate::http::extract::{Params, QueryRequest};
use crate::http::{ApiError, breakdown_message};
use crate::problem::ProblemKind;
use crate::query::breakdown::{Column, PageQuery, page};
use crate::work::ANSWERS;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

const BY: Param =
    Param::query("by", "The label whose values are listed; `service_name` lists services", "pod").required();
const LIMIT: Param = Param::query("limit", "Maximum number of values", "50").integer(1..=1000).default("50");
const CURSOR: Param = Param::query(
    "cursor",
    "`next` of the previous page, in the same order; absent for the first page",
    "1-41d65a0bc0000000-shop-1",
)
.pattern("^[0-2]-[0-9a-f]{1,16}-");
const COLUMNS: [(&str, Column); 4] = [
    ("total", Column::Total),
    ("rate", Column::Rate),
    ("name", Column::Name),
    ("deviation", Column::Deviation),
];
const SORT: Param = Param::query(
    "sort",
    "What values are sorted by. `deviation`: those that differ from the others first, then by the size of the difference",
    "rate",
)
.one_of(const { &names(&COLUMNS) });
const ORDERS: [(&str, bool); 2] = [("desc", true), ("asc", false)];
const ORDER: Param = Param::query("order", "Direction (default: `asc` by name, `desc` otherwise)", "desc")
    .one_of(const { &names(&ORDERS) })
    .without_default();
const TEXT: Param = Param::query("q", "Only values that contain this text, in any case", "shop");

pub(crate) const DOC: Doc = Doc {
    description: "What each value of a label costs, over one service or over all: rate per second of covered time and replica, total, \
                  share, and a small timeline. Values of one service are compared with each other in the time that they have in \
                  common: `outcome` is `odd` for one that differs significantly (false discovery rate of 0.5 %) and by at least 10 %. \
                  Services are not compared. `total`, `rate`, `share` and `odd_count` are of all values, whatever `q` selects.",
    params: &[STORE, TYPE, SELECTOR, FROM, UNTIL, BY, TEXT, SORT, ORDER, LIMIT, CURSOR],
    answer: Answer::Message("BreakdownResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/breakdown?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&by=pod",
    ..Doc::new("Query", "Costs by label value")
};

pub(crate) async fn breakdown(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let (question, profile_type) = request.typed_question(&DOC)?;
    let label = request.params.get(BY.name).unwrap_or_default().to_owned();
    let wanted = wanted(&request.params)?;
    let now = app.clock.now();
    let all = request.store.querier.breakdown(&request.who, &question, &profile_type, &label, now).await?;
    let found = all.rows.len() as u64;
    let known = request.store.querier.known_names(&request.who, &question, &profile_type, found).await?;
    let format = request.format;
    let respond = move || {
        let page =
            page(&all, &wanted).map_err(|error| ApiError::new(ProblemKind::BadPage, error.to_string()))?;
        let names = (label.as_str(), profile_type.sample_unit.as_str());
        Ok(format.respond(&breakdown_message::breakdown(&all, &page, names, known)))
    };
    ANSWERS.run(respond).await?
}

fn wanted(params: &Params) -> Result<PageQuery, ApiError> {
    let column = choice(params, &SORT, ProblemKind::BadSort, &COLUMNS)?;
    let descending = match params.get(ORDER.name) {
        Some(_) => choice(params, &ORDER, ProblemKind::BadSort, &ORDERS)?,
        None => column != Column::Name,
    };
    Ok(PageQuery {
        column,
        descending,
        text: params.get(TEXT.name).unwrap_or_default().to_owned(),
        cursor: params.get(CURSOR.name).map(str::to_owned),
        limit: limit(params, &LIMIT)?,
    })
}
