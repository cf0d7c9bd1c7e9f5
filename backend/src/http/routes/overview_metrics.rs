//! `GET /api/v1/overview/metrics`

use super::params::{FROM, QUERY_ERRORS, STORE, UNTIL};
use crate::app::App;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, overview_metrics_message};
use crate::problem::ProblemKind;
use axum::extract::State;
use axum::response::Response;
use std::collections::HashSet;
use std::sync::Arc;

/// Services of a request.
const MOST: usize = 50;

const SERVICE: Param =
    Param::query("service", "A service; at most 50, each in a parameter of its own", "checkout")
        .required()
        .repeated();

pub(crate) const DOC: Doc = Doc {
    description: "One line of metrics for each service, from the configured source: requests, errors, latency, the pod that is nearest to its CPU \
                  limit, and the objective that is worst off. Values are means over the last ten minutes of the range, or over all of it if \
                  it is shorter; latencies are the last ones that are known. What is not known is absent. A failure of the source is in each line that it \
                  concerns: `failure`; what did not fail is there. Metrics are limited to what the caller may see of the profiles: a service \
                  beyond that looks like one without metrics. Without a source, `state` says what to do. Metrics are the same whatever `store` is read.",
    params: &[STORE, SERVICE, FROM, UNTIL],
    answer: Answer::Message("ServiceMetricsResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/overview/metrics?service=flarepath",
    ..Doc::new("Query", "Metrics of many services")
};

pub(crate) async fn overview_metrics(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let range = request.question(&DOC)?.range;
    let services = services(request.params.all(SERVICE.name))?;
    let found = app.indicators.of_many(&request.who, &services, range, &*app.clock).await;
    request.format.respond_with(move || overview_metrics_message::overview_metrics(found)).await
}

/// The services that are asked for, each once, in their order.
fn services<'a>(given: impl Iterator<Item = &'a str>) -> Result<Vec<String>, ApiError> {
    let mut known = HashSet::new();
    let services: Vec<String> =
        given.filter(|name| !name.is_empty() && known.insert(*name)).map(str::to_owned).collect();
    if services.len() > MOST {
        let detail = format!("`service`: {} services; a request has at most {MOST}", services.len());
        return Err(ApiError::new(ProblemKind::BadParameter, detail));
    }
    Ok(services)
}
