//! `GET /api/v1/diff`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, TYPE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Ask, Named};
use crate::http::{ApiError, convert};
use crate::work::ANSWERS;
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::diff::diff as unite;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "Two merged call trees over each other, whole: `selector`, `from`, `until` and `type` say what the \
                  comparison is, those with `baseline_` what it is held against; what is not given for the baseline is \
                  as for the comparison. Columns in pre-order, with a self value of each side; functions are matched by \
                  name and file. A side without profiles is no error: it is empty and says why.",
    params: &[
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        Param::query(
            "baseline_selector",
            "`selector` of the baseline",
            "{service_name=\"flarepath\",version=\"1\"}",
        ),
        Param::query("baseline_from", "`from` of the baseline", "now-25h"),
        Param::query("baseline_until", "`until` of the baseline", "now-24h"),
        Param::query(
            "baseline_type",
            "`type` of the baseline: wall clock against processor time, allocated against in use",
            "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
        ),
    ],
    answer: Answer::Message("DiffResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/diff?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&baseline_from=now-25h&baseline_until=now-24h",
    ..Doc::new("Query", "Two call trees compared")
};

pub(super) const COMPARISON: Named = Named { selector: "selector", from: "from", until: "until" };
pub(super) const BASELINE: Named =
    Named { selector: "baseline_selector", from: "baseline_from", until: "baseline_until" };

pub(crate) async fn diff(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let comparison = ask.question(&DOC)?;
    let baseline = ask.question_by(&BASELINE, &COMPARISON)?;
    let types = [ask.profile_type_or("baseline_type", "type")?, ask.profile_type()?];
    let sides = app.querier.diff(&ask.who, (&baseline, &types[0]), (&comparison, &types[1])).await?;
    let format = ask.format;
    Ok(ANSWERS
        .run(move || {
            let tree = unite(&sides[0].merged.tree, &sides[1].merged.tree);
            let ranges = [baseline.range, comparison.range];
            format.respond(&convert::diff(
                &tree,
                &sides,
                ranges,
                [&types[0].sample_unit, &types[1].sample_unit],
            ))
        })
        .await?)
}
