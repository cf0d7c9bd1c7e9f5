//! `GET /api/v1/call-tree`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, TYPE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Ask;
use crate::http::{ApiError, convert};
use crate::query::focus;
use crate::work::ANSWERS;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "The merge of all matching profiles, whole: nothing is left out. Columns in pre-order; the schema \
                  says how to read them. An unknown service or type is no error: the answer is empty and says so.",
    params: &[
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        SPANS,
        Param::query(
            "focus",
            "Only what was spent below this path: function names from the root on, repeated, or one JSON list",
            "[\"main\",\"serve\"]",
        )
        .repeated(),
    ],
    answer: Answer::Message("CallTreeResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/call-tree?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}",
    ..Doc::new("Query", "Merged call tree")
};

pub(crate) async fn call_tree(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    let profile_type = ask.profile_type()?;
    let path = path(&ask)?;
    let (merged, known) = app.querier.call_tree_or_why(&ask.who, &question, &profile_type).await?;
    let format = ask.format;
    Ok(ANSWERS
        .run(move || {
            let unit = &profile_type.sample_unit;
            if path.is_empty() {
                return format.respond(&convert::call_tree(&merged.tree, merged.profiles, unit, known));
            }
            match focus(&merged.tree, &path) {
                Ok(tree) => format.respond(&convert::call_tree(&tree, merged.profiles, unit, known)),
                Err(error) => {
                    tracing::error!(%error, "a stored tree is not one");
                    ApiError::internal().into_response()
                }
            }
        })
        .await?)
}

/// The names of `focus`: repeated, or one JSON list.
pub(super) fn path(ask: &Ask) -> Result<Vec<String>, ApiError> {
    let names: Vec<&str> = ask.params.all("focus").filter(|name| !name.is_empty()).collect();
    match names[..] {
        [list] if list.starts_with('[') => serde_json::from_str(list).map_err(|e| {
            let detail = format!("`focus`: expected a JSON list of function names: {e}");
            ApiError::bad_request("bad-focus", detail).at(e.column().saturating_sub(1))
        }),
        _ => Ok(names.into_iter().map(str::to_owned).collect()),
    }
}
