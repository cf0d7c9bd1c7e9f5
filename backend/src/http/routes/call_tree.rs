//! `GET /api/v1/call-tree`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, TYPE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::Ask;
use crate::http::{ApiError, convert};
use crate::query::Knowledge;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "The merge of all matching profiles, whole: nothing is left out. Columns in pre-order; the schema \
                  says how to read them. An unknown service or type is no error: the answer is empty and says so.",
    params: &[TYPE, SELECTOR, FROM, UNTIL, SPANS],
    answer: Answer::Message("CallTreeResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/call-tree?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}",
    ..Doc::new("Query", "Merged call tree")
};

pub(crate) async fn call_tree(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    let profile_type = ask.profile_type()?;
    let merged = app.querier.call_tree(&ask.who, &question, &profile_type).await?;
    let known = match merged.profiles {
        0 => app.querier.knowledge(&ask.who, &question, &profile_type).await?,
        _ => Knowledge::FULL,
    };
    let format = ask.format;
    let written = tokio::task::spawn_blocking(move || {
        format.respond(&convert::call_tree(&merged.tree, merged.profiles, &profile_type.sample_unit, known))
    });
    written.await.map_err(|error| {
        tracing::error!(%error, "a call tree could not be written");
        ApiError::internal()
    })
}
