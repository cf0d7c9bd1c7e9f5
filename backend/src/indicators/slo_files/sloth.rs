//! Sloth's definitions: `version: prometheus/v1`, and the Kubernetes resource `PrometheusServiceLevel` (`sloth.slok.dev/v1`), whose
//! `spec` is the same. Pure.
//!
//! Sloth computes every objective over 30 days, and records its error ratios; they are read if they are there.

use super::definition::{Definition, Definitions};
use super::field::{Field, Problem};
use super::query::{part, query_over_window, sum};
use crate::indicators::promql::Expr;
use crate::indicators::slo::{recorded, windows};
use std::time::Duration;

/// The period of Sloth's objectives.
const PERIOD: Duration = Duration::from_secs(30 * 86_400);

/// The objectives of a document, or of the `spec` of a resource.
///
/// # Errors
/// [`Problem`]
pub(super) fn definitions(spec: &Field<'_>) -> Definitions {
    let service = spec.get("service").text()?;
    spec.get("slos").items()?.iter().map(|slo| definition(service, slo)).collect()
}

fn definition(service: &str, slo: &Field<'_>) -> Result<Definition, Problem> {
    let name = slo.get("name").text()?;
    Ok(Definition {
        name: name.to_owned(),
        service: service.to_owned(),
        objective: slo.get("objective").objective(100.0)?,
        period: PERIOD,
        error_ratio: error_ratio(&slo.get("sli"))?,
        recorded: recorded(service, name, &windows(PERIOD)),
    })
}

fn error_ratio(sli: &Field<'_>) -> Result<Expr, Problem> {
    let (events, raw) = (sli.get("events"), sli.get("raw"));
    match (events.is_present(), raw.is_present()) {
        (true, false) => {
            let errors = query_over_window(&either(&events, "error_query", "errorQuery"))?;
            let total = query_over_window(&either(&events, "total_query", "totalQuery"))?;
            Ok(part(sum(errors), sum(total)))
        }
        (false, true) => query_over_window(&either(&raw, "error_ratio_query", "errorRatioQuery")),
        _ => Err(sli.problem("expected either `events` or `raw`; plugins are not run")),
    }
}

/// A value by its name in files, or else by that in Kubernetes resources.
fn either<'d>(field: &Field<'d>, in_files: &str, in_resources: &str) -> Field<'d> {
    let found = field.get(in_resources);
    if found.is_present() { found } else { field.get(in_files) }
}
