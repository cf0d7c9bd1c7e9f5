//! Definitions of OpenSLO v1: documents of the kind `SLO`, with those of the kind `SLI` to which they refer. Pure.
//!
//! A ratio of events (`ratioMetric`) over a rolling window, budgeted by occurrences, is computed exactly. Thresholds, time slices, raw
//! ratios, calendars and composite objectives are not, and are refused.

use super::definition::{Definition, Definitions};
use super::field::{Field, Problem};
use super::query::{events, part, query, rest, sum};
use crate::indicators::promql::Expr;
use std::collections::BTreeMap;
use std::time::Duration;

/// Kinds without numbers.
const IGNORED: [&str; 5] =
    ["Service", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget"];

/// Indicators by their names.
#[derive(Default)]
pub(super) struct Slis<'d>(BTreeMap<&'d str, Field<'d>>);

impl<'d> Slis<'d> {
    /// Remembers a document if it is an indicator.
    ///
    /// # Errors
    /// [`Problem`] if there is one of this name already.
    pub(super) fn add(&mut self, document: &Field<'d>) -> Result<(), Problem> {
        if document.get("kind").optional_text()? != Some("SLI") {
            return Ok(());
        }
        let name = document.get("metadata").get("name");
        match self.0.insert(name.text()?, document.get("spec")) {
            Some(_) => Err(name.problem(format!("there is an SLI `{}` already", name.text()?))),
            None => Ok(()),
        }
    }

    /// The `spec` of an indicator, that of `spec` itself or the one to which it refers.
    fn of(&self, spec: &Field<'d>) -> Result<Field<'d>, Problem> {
        let (own, reference) = (spec.get("indicator"), spec.get("indicatorRef"));
        match (own.is_present(), reference.optional_text()?) {
            (true, None) => Ok(own.get("spec")),
            (false, Some(name)) => {
                let found = self.0.get(name).cloned();
                found.ok_or_else(|| {
                    reference.problem(format!("there is no SLI `{name}` in any file of `slo_files`"))
                })
            }
            _ => Err(own.problem(
                "expected either `indicator` or `indicatorRef`; composite objectives are not computed",
            )),
        }
    }
}

/// The objectives of a document.
///
/// # Errors
/// [`Problem`]
pub(super) fn definitions<'d>(document: &Field<'d>, slis: &Slis<'d>) -> Definitions {
    let kind = document.get("kind");
    match kind.text()? {
        "SLO" => slo(document, slis),
        "SLI" => Ok(Vec::new()),
        ignored if IGNORED.contains(&ignored) => Ok(Vec::new()),
        _ => Err(kind.problem(format!("expected SLO, SLI, {}", IGNORED.join(", ")))),
    }
}

fn slo<'d>(document: &Field<'d>, slis: &Slis<'d>) -> Definitions {
    let spec = document.get("spec");
    let name = document.get("metadata").get("name").text()?;
    let method = spec.get("budgetingMethod");
    if method.text()? != "Occurrences" {
        return Err(method.problem("expected Occurrences: time slices are not counted"));
    }
    let service = spec.get("service").text()?;
    let period = period(&spec.get("timeWindow"))?;
    let error_ratio = error_ratio(&slis.of(&spec)?).map_err(|problem| of_reference(&spec, problem))?;
    let objectives = spec.get("objectives").items()?;
    if objectives.is_empty() {
        return Err(spec.get("objectives").problem("missing"));
    }
    let definition = |(place, target): (usize, &Field<'d>)| -> Result<Definition, Problem> {
        Ok(Definition {
            name: if objectives.len() == 1 { name.to_owned() } else { format!("{name}-{}", place + 1) },
            service: service.to_owned(),
            objective: objective(target)?,
            period,
            error_ratio: error_ratio.clone(),
            recorded: Vec::new(),
        })
    };
    objectives.iter().enumerate().map(definition).collect()
}

/// A problem of the indicator, which is in another document if there is a reference to it.
fn of_reference(spec: &Field<'_>, problem: Problem) -> Problem {
    let reference = spec.get("indicatorRef");
    match reference.optional_text() {
        Ok(Some(name)) => {
            reference.problem(format!("of the SLI `{name}`, `{}`: {}", problem.path, problem.message))
        }
        _ => problem,
    }
}

fn objective(of: &Field<'_>) -> Result<f64, Problem> {
    for composite in ["indicator", "indicatorRef"].map(|key| of.get(key)) {
        if composite.is_present() {
            return Err(composite.problem("composite objectives are not computed"));
        }
    }
    let (target, percent) = (of.get("target"), of.get("targetPercent"));
    match (target.is_present(), percent.is_present()) {
        (true, false) => target.objective(1.0),
        (false, true) => percent.objective(100.0),
        _ => Err(target.problem("expected either `target` or `targetPercent`")),
    }
}

fn period(windows: &Field<'_>) -> Result<Duration, Problem> {
    let all = windows.items()?;
    let [window] = &all[..] else { return Err(windows.problem("expected one window")) };
    let (calendar, is_rolling) = (window.get("calendar"), window.get("isRolling"));
    if calendar.is_present() || is_rolling.flag()? != Some(true) {
        return Err(is_rolling.problem("expected true and no `calendar`: budgets are of rolling windows"));
    }
    window.get("duration").period()
}

fn error_ratio(indicator: &Field<'_>) -> Result<Expr, Problem> {
    let (threshold, ratio) = (indicator.get("thresholdMetric"), indicator.get("ratioMetric"));
    if threshold.is_present() {
        return Err(
            threshold.problem("a threshold tells no part of events that are bad; expected `ratioMetric`")
        );
    }
    let raw = ratio.get("raw");
    if raw.is_present() {
        return Err(
            raw.problem("a raw ratio is not known over other windows; expected `good` or `bad`, and `total`")
        );
    }
    let is_counter = ratio.get("counter").flag()?;
    let amount = |key: &str| amount(&ratio.get(key), is_counter);
    match (ratio.get("good").is_present(), ratio.get("bad").is_present()) {
        (true, false) => Ok(rest(part(amount("good")?, amount("total")?))),
        (false, true) => Ok(part(amount("bad")?, amount("total")?)),
        _ => Err(ratio.problem("expected either `good` or `bad`, and `total`")),
    }
}

/// How many events a metric counts over the window.
fn amount(metric: &Field<'_>, is_counter: Option<bool>) -> Result<Expr, Problem> {
    let source = metric.get("metricSource");
    let kind = source.get("type");
    if kind.optional_text()?.is_some_and(|kind| !kind.eq_ignore_ascii_case("prometheus")) {
        return Err(kind.problem("expected Prometheus"));
    }
    let text = source.get("spec").get("query");
    Ok(sum(events(query(&text)?, is_counter, &text)?))
}
