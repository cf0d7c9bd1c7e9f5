//! `GET /api/v1/call-tree`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, STORE, TYPE, UNTIL};
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use crate::problem::ProblemKind;
use crate::query::{Explored, focus};
use crate::work::ANSWERS;
use axum::response::{IntoResponse, Response};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::own_code::OwnCode;

pub(crate) const DOC: Doc = Doc {
    description: "All matching profiles merged into one complete call tree. Columns are in pre-order; the schema describes them. An \
                  unknown service or type is not an error: the tree is empty, and the response says so. Values divided by `replica_ms` \
                  are rates of one replica. The origin of each function follows from its name, file and binary, and from what is set to be own \
                  code of the service.",
    params: &[
        STORE,
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        SPANS,
        Param::query(
            "focus",
            "Only costs below this path: function names from the root, repeated, or one JSON list",
            "[\"main\",\"serve\"]",
        )
        .repeated(),
    ],
    answer: Answer::Message("CallTreeResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/call-tree?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}",
    ..Doc::new("Query", "Merged call tree")
};

pub(crate) async fn call_tree(request: QueryRequest) -> Result<Response, ApiError> {
    let (question, profile_type) = request.typed_question(&DOC)?;
    let path = path(&request)?;
    let Explored { merged, known, covered, profiles } =
        request.store.querier.explored(&request.who, &question, &profile_type).await?;
    let own = match profiles {
        0 => None,
        _ => request.store.querier.own_code(&question).await,
    };
    let format = request.format;
    Ok(ANSWERS
        .run(move || {
            let unit = &profile_type.sample_unit;
            let own = own.unwrap_or_else(|| OwnCode::guess(merged.tree.frames()));
            let message = |tree: &CallTree| convert::call_tree(tree, &own, profiles, covered, unit, known);
            if path.is_empty() {
                return format.respond(&message(&merged.tree));
            }
            match focus(&merged.tree, &path) {
                Ok(tree) => format.respond(&message(&tree)),
                Err(error) => {
                    tracing::error!(%error, "stored tree is corrupt");
                    ApiError::internal().into_response()
                }
            }
        })
        .await?)
}

/// Function names in `focus`: repeated, or one JSON list.
pub(super) fn path(request: &QueryRequest) -> Result<Vec<String>, ApiError> {
    let names: Vec<&str> = request.params.all("focus").filter(|name| !name.is_empty()).collect();
    match names[..] {
        [list] if list.starts_with('[') => serde_json::from_str(list).map_err(|e| {
            let detail = format!("`focus`: expected a JSON list of function names: {e}");
            ApiError::new(ProblemKind::BadFocus, detail).at(e.column().saturating_sub(1))
        }),
        _ => Ok(names.into_iter().map(str::to_owned).collect()),
    }
}
