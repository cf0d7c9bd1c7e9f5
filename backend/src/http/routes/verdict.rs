//! `GET /api/v1/verdict`

use super::diff::{BASELINE, BASELINE_FROM, BASELINE_SELECTOR, BASELINE_TYPE, BASELINE_UNTIL, COMPARISON};
use super::params::{FROM, QUERY_ERRORS, SELECTOR, STORE, TYPE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, verdict_message};
use crate::query::Baselines;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

pub(crate) const DOC: Doc = Doc {
    description: "What changed, by how much, and how sure that is: in a sentence, its parts, and the test behind it. Costs are rates \
                  per second of covered time and replica; levels, such as memory in use, are averaged. `selector`, `from` and \
                  `until` select the comparison. The baseline is selected by the parameters with `baseline_`; without them it is \
                  chosen from the data: the version before, or else, of the period before and the same period a day and a week \
                  earlier, one with the same replicas and the nearest total; the others confirm it. The parameters are those of \
                  `/api/v1/diff`. With too little data, the answer says what is missing; sides of different types, the same sides, and \
                  counts of samples taken at different rates are not compared. At most 24 replicas a side and 400 functions are tested.",
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
    answer: Answer::Message("VerdictResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/verdict?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}",
    ..Doc::new("Query", "Verdict on a comparison")
};

pub(crate) async fn verdict(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let (comparison, profile_type) = request.typed_question(&DOC)?;
    let baseline_type = request.profile_type_or(BASELINE_TYPE.name, TYPE.name)?;
    let names = [BASELINE.selector, BASELINE.from, BASELINE.until];
    let is_given = names.iter().any(|name| request.params.get(name).is_some());
    let baselines = match is_given || baseline_type != profile_type {
        true => Baselines::Given(request.question_by(&BASELINE, &COMPARISON)?, baseline_type),
        false => Baselines::Auto,
    };
    let now = app.clock.now();
    let judged =
        request.store.querier.verdict(&request.who, &comparison, &baselines, &profile_type, now).await?;
    request.format.respond_with(move || verdict_message::verdict(&judged)).await
}
