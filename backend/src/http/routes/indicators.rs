//! `GET /api/v1/indicators`

use super::params::{FROM, QUERY_ERRORS, STORE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, indicators_message};
use crate::indicators::{Indicator, IndicatorsQuestion};
use crate::problem::ProblemKind;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

const SERVICE: Param = Param::query("service", "The service whose metrics are read", "checkout").required();
const NAMES: Param = Param::query(
    "names",
    "Only these indicators, repeated or comma-separated (default: all, and the objectives of the service)",
    "request-rate,cpu-cores",
)
.pattern("^[a-z0-9-]+(,[a-z0-9-]+)*$")
.repeated();

pub(crate) const DOC: Doc = Doc {
    description: "Metrics of a service from the configured source: requests, errors, latency, CPU, memory, restarts, garbage \
                  collection; and what is left of the error budgets of its objectives. Each indicator is computed by the first of its \
                  templates that has data; the answer names the template and the query. Each fails by itself: `failure` says \
                  why. Metrics are limited to what the caller may see of the profiles; where metrics cannot express that, the \
                  indicator is refused. Without a source, `state` says what to do. Metrics are the same whatever `store` is read.",
    params: &[STORE, SERVICE, FROM, UNTIL, NAMES],
    answer: Answer::Message("IndicatorsResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/indicators?service=flarepath",
    ..Doc::new("Query", "Metrics of a service")
};

pub(crate) async fn indicators(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let range = request.question(&DOC)?.range;
    let names = request.params.all(NAMES.name).flat_map(|list| list.split(','));
    let indicators = names.filter(|name| !name.is_empty()).map(indicator).collect::<Result<Vec<_>, _>>()?;
    let service = request.params.get(SERVICE.name).unwrap_or_default().to_owned();
    let question = IndicatorsQuestion { service, range, indicators };
    let answer = app.indicators.ask(&request.who, &question, app.clock.now()).await;
    request.format.respond_with(move || indicators_message::indicators(answer)).await
}

fn indicator(name: &str) -> Result<Indicator, ApiError> {
    Indicator::named(name).ok_or_else(|| {
        let all = Indicator::ALL.map(Indicator::name).join(", ");
        ApiError::new(
            ProblemKind::BadParameter,
            format!("`names`: unknown indicator `{name}`; there are {all}"),
        )
    })
}
