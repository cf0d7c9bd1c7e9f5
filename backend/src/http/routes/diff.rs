//! `GET /api/v1/diff`

use super::params::{CPU, FROM, PROFILE_TYPE, QUERY_ERRORS, SELECTOR, STORE, TYPE, UNTIL};
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{QueryRequest, SelectionParams};
use crate::http::{ApiError, convert};
use crate::work::ANSWERS;
use axum::response::Response;
use flarepath_profile::diff::diff as unite;
use flarepath_profile::own_code::OwnCode;

pub(crate) const DOC: Doc = Doc {
    description: "Two merged call trees as one: `selector`, `from`, `until` and `type` select the comparison, the parameters with \
                  `baseline_` the baseline, which defaults to those of the comparison. Columns are in pre-order, with a self \
                  value of each side; functions are matched by name and file. Values divided by `replica_ms` of their side are rates of one \
                  replica, and can be compared. A side without profiles is not an error: it is \
                  empty, and the response says why.",
    params: &[
        STORE,
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        BASELINE_SELECTOR,
        BASELINE_FROM,
        BASELINE_UNTIL,
        BASELINE_TYPE,
    ],
    answer: Answer::Message("DiffResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/diff?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&baseline_from=now-25h&baseline_until=now-24h",
    ..Doc::new("Query", "Compare two call trees")
};

pub(super) const BASELINE_SELECTOR: Param = Param::query(
    "baseline_selector",
    "`selector` of the baseline",
    "{service_name=\"flarepath\",version=\"1\"}",
);
pub(super) const BASELINE_FROM: Param =
    Param::query("baseline_from", "`from` of the baseline", "now-25h").time();
pub(super) const BASELINE_UNTIL: Param =
    Param::query("baseline_until", "`until` of the baseline", "now-24h").time();

pub(super) const BASELINE_TYPE: Param = Param::query(
    "baseline_type",
    "`type` of the baseline, for example to compare wall time with CPU time, or allocated with in-use memory",
    CPU,
)
.pattern(PROFILE_TYPE);

pub(super) const COMPARISON: SelectionParams =
    SelectionParams { selector: "selector", from: "from", until: "until" };
pub(super) const BASELINE: SelectionParams =
    SelectionParams { selector: "baseline_selector", from: "baseline_from", until: "baseline_until" };

pub(crate) async fn diff(request: QueryRequest) -> Result<Response, ApiError> {
    let comparison = request.question(&DOC)?;
    let baseline = request.question_by(&BASELINE, &COMPARISON)?;
    let types = [request.profile_type_or("baseline_type", "type")?, request.profile_type()?];
    let sides =
        request.store.querier.diff(&request.who, (&baseline, &types[0]), (&comparison, &types[1])).await?;
    // As in a verdict, the setting of the comparison's service is that of both sides.
    let own = match sides[1].profiles {
        0 => None,
        _ => request.store.querier.own_code(&comparison).await,
    };
    let format = request.format;
    Ok(ANSWERS
        .run(move || {
            let tree = unite(&sides[0].merged.tree, &sides[1].merged.tree);
            let own = own.unwrap_or_else(|| OwnCode::guess(tree.frames()));
            let ranges = [baseline.range, comparison.range];
            format.respond(&convert::diff(
                &tree,
                &own,
                &sides,
                ranges,
                [&types[0].sample_unit, &types[1].sample_unit],
            ))
        })
        .await?)
}
