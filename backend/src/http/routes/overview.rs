//! `GET /api/v1/overview`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, STORE, UNTIL, choice, limit};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param, names};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, overview_message};
use crate::markers::latest::latest;
use crate::problem::ProblemKind;
use crate::query::overview::{BadCursor, Cursor, Sort, Wanted};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

const SORTS: [(&str, Sort); 4] =
    [("attention", Sort::Attention), ("cores", Sort::Cores), ("change", Sort::Change), ("name", Sort::Name)];
const SORT: Param = Param::query(
    "sort",
    "`attention`: regressed services first, then those that went silent, those that changed otherwise, those with too little data, and \
     improved and unchanged ones; of equal ones by cores. `cores`: the most first. `change`: the largest increase first. `name`",
    "attention",
)
.one_of(const { &names(&SORTS) });
const TEXT: Param = Param::query("q", "Only services whose name contains this text, in any case", "check");
const LIMIT: Param = Param::query("limit", "Maximum number of services", "50").integer(1..=200).default("50");
const CURSOR: Param = Param::query(
    "cursor",
    "`next_cursor` of the previous page, in the same order; absent for the first page",
    "18e9d5b6f3a40000-0-3fe0000000000000-3ff8000000000000-checkout",
)
.pattern("^[0-9a-f]{16}-[0-9]{1,2}-[0-9a-f]{16}-[0-9a-f]{16}-");

pub(crate) const DOC: Doc = Doc {
    description: "Each service with its verdict, those that need attention first: what changed, by how much, since when, and against \
                  which baseline. A change is significant among all services (false discovery rate of 5 %). Without `from` and `until` it is the last \
                  hour, which the server keeps up to date; `start_ns` and `end_ns` say which hour exactly. Verdicts on other ranges, and \
                  for callers who see only a part of a service, are computed for at most 2 s a request: `pending` rows have cores and \
                  no verdict yet. Intervals of `sparkline` without a profile are `null` in JSON and NaN in protobuf.",
    params: &[STORE, SELECTOR, FROM, UNTIL, TEXT, SORT, LIMIT, CURSOR],
    answer: Answer::Message("OverviewResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/overview?sort=attention&limit=20",
    ..Doc::new("Query", "Services by what needs attention")
};

pub(crate) async fn overview(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let question = request.question(&DOC)?;
    let params = &request.params;
    let bad_cursor = |error: BadCursor| ApiError::new(ProblemKind::BadPage, error.to_string());
    let wanted = Wanted {
        question,
        sort: choice(params, &SORT, ProblemKind::BadSort, &SORTS)?,
        text: params.get(TEXT.name).unwrap_or_default().to_owned(),
        cursor: params.get(CURSOR.name).map(Cursor::parse).transpose().map_err(bad_cursor)?,
        limit: limit(params, &LIMIT)?,
    };
    let store = &request.store;
    store.note_overview_asked(app.clock.now());
    let found = store.overview.answer(&store.querier, &request.who, wanted).await?;
    let services = found.rows.iter().map(|row| &*row.activity.service).collect();
    let markers = latest((&app.records, &store.querier), &request.who, &services, found.range).await?;
    request.format.respond_with(move || overview_message::overview(&found, markers)).await
}
