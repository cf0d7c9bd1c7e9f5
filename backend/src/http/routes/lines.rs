//! `GET /api/v1/lines`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, SPANS, TYPE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Ask;
use crate::http::{ApiError, convert};
use crate::query::Knowledge;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "What each source line of a function cost, for all functions of this name. `self_value` is what was spent \
                  in the line itself: the lines add up to the function's self value. `total` counts each stack once for \
                  each of the function's lines on it. Profilers that record no lines answer with line 0; functions \
                  without a symbol have no lines.",
    params: &[TYPE, Param::query("function", "Its name", "main").required(), SELECTOR, FROM, UNTIL, SPANS],
    answer: Answer::Message("LinesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/lines?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&function=main",
    ..Doc::new("Query", "Lines of a function")
};

pub(crate) async fn lines(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    let profile_type = ask.profile_type()?;
    let function = ask.params.get("function").filter(|name| !name.is_empty()).ok_or_else(|| {
        ApiError::bad_request(
            "missing-parameter",
            "`function` is required; for example function=main".to_owned(),
        )
    })?;
    let lines = app.querier.line_costs(&ask.who, &question, &profile_type, function).await?;
    let known = match lines.is_empty() {
        true => app.querier.knowledge(&ask.who, &question, &profile_type).await?,
        false => Knowledge::FULL,
    };
    Ok(ask.format.respond(&convert::lines(lines, &profile_type.sample_unit, known)))
}
