//! Pyrra's definitions: the Kubernetes resource `ServiceLevelObjective` (`pyrra.dev/v1alpha1`). Pure.
//!
//! Its indicators name metrics, and Pyrra's rules say what is computed of them; the same is computed here. An objective by labels
//! (`grouping`) is one for each of their values, and is refused.

use super::definition::{Definition, Definitions};
use super::field::{Field, Problem};
use super::query::{call, number, over_window, part, rest, selector, sum};
use crate::config::parse_span;
use crate::indicators::promql::Expr;
use flarepath_profile::selector::MatchOp;

/// Labels of the resource that name the service, in the order in which they are tried.
const LABELS: [&str; 4] = ["pyrra.dev/service", "service", "app.kubernetes.io/name", "app"];
/// Labels of the metric that do.
const METRIC_LABELS: [&str; 3] = ["service", "service_name", "job"];

/// The objective of a document.
///
/// # Errors
/// [`Problem`]
pub(super) fn definitions(document: &Field<'_>) -> Definitions {
    let (metadata, spec) = (document.get("metadata"), document.get("spec"));
    let (error_ratio, all) = indicator(&spec.get("indicator"))?;
    Ok(vec![Definition {
        name: metadata.get("name").text()?.to_owned(),
        service: service(&metadata.get("labels"), &all)?,
        objective: spec.get("target").objective(100.0)?,
        period: spec.get("window").period()?,
        error_ratio,
        recorded: Vec::new(),
    }])
}

/// The service that labels of the resource name, or else a matcher of the metric: `job="shop/checkout"` is that of `checkout`.
fn service(labels: &Field<'_>, metric: &Expr) -> Result<String, Problem> {
    for label in LABELS {
        if let Some(name) = labels.get(label).optional_text()? {
            return Ok(name.to_owned());
        }
    }
    let Expr::Vector(metric) = metric else { return Err(labels.problem("missing")) };
    let named = |label: &&str| {
        let mut matchers = metric.matchers.iter();
        matchers.find(|matcher| {
            matcher.name == **label && matcher.op == MatchOp::Equal && !matcher.value.is_empty()
        })
    };
    let found = METRIC_LABELS.iter().find_map(named);
    let name = found.and_then(|matcher| matcher.value.rsplit('/').next()).filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| {
        let known = LABELS.map(|label| format!("`{label}`")).join(", ");
        labels.problem(format!("none of {known} names the service, nor does `job=` of the metric"))
    })
}

/// The error ratio, and the metric of all events.
fn indicator(indicator: &Field<'_>) -> Result<(Expr, Expr), Problem> {
    let kinds = ["ratio", "latency", "latencyNative", "bool_gauge"];
    let present = kinds.map(|kind| (kind, indicator.get(kind))).into_iter().filter(|(_, of)| of.is_present());
    let present: Vec<(&str, Field<'_>)> = present.collect();
    let [(kind, of)] = &present[..] else {
        return Err(indicator.problem(format!("expected one of {}", kinds.join(", "))));
    };
    let grouping = of.get("grouping");
    if !grouping.items()?.is_empty() {
        return Err(grouping.problem("objectives by labels are not computed; write one for each value"));
    }
    let metric = |key: &str| selector(&of.get(key).get("metric"));
    let rate = |metric: &Expr| sum(over_window("rate", metric.clone()));
    match *kind {
        "ratio" => {
            let (errors, total) = (metric("errors")?, metric("total")?);
            Ok((part(rate(&errors), rate(&total)), total))
        }
        "latency" => {
            let (success, total) = (metric("success")?, metric("total")?);
            Ok((rest(part(rate(&success), rate(&total))), total))
        }
        "latencyNative" => {
            let (bound, total) = (seconds(&of.get("latency"))?, metric("total")?);
            Ok((rest(call("histogram_fraction", vec![number("0"), number(&bound), rate(&total)])), total))
        }
        _ => {
            let gauge = selector(&of.get("metric"))?;
            let good = sum(over_window("sum_over_time", gauge.clone()));
            let all = sum(over_window("count_over_time", gauge.clone()));
            Ok((rest(part(good, all)), gauge))
        }
    }
}

/// A latency in seconds, as a number of a query.
fn seconds(field: &Field<'_>) -> Result<String, Problem> {
    let span = parse_span(field.text()?.trim()).ok().filter(|span| !span.is_zero());
    let span = span.ok_or_else(|| field.problem("expected a duration such as 200ms"))?;
    Ok(span.as_secs_f64().to_string())
}
