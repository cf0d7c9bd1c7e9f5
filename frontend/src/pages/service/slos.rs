//! Objectives of the service: what is left of each error budget, how fast it burns, and which alerts fire.

use super::panel::{Phase, panel};
use super::state::ServiceState;
use crate::components::data_table::facts_table;
use crate::components::notice::by_cause;
use crate::reactive::{Memo, attribute, list};
use crate::state::indicators::{BurnRateAlert, Metrics, Slo};
use crate::state::slo_text::{
    bar, budget_text, objective_text, outlook, rates_text, state_text, windows_text,
};
use flarepath_profile::units::trimmed_decimal;
use leptos::prelude::*;

const COLUMNS: &[&str] = &["Windows", "Burn rates", "Fires from", "Now"];

/// See the module. Without a source of metrics, the section of latency says what to do.
pub(super) fn slos(state: ServiceState, section: (&'static str, &'static str)) -> AnyView {
    let metrics = state.metrics;
    let phase = Memo::new(move || {
        let has_failed = metrics.error.with(Option::is_some);
        let empty = |found: &Metrics| match (found.missing.is_empty(), found.slos.is_empty()) {
            (false, _) => Some("Objectives need a metrics source.".to_owned()),
            (true, true) => {
                Some("No objective is set for this service: see [slo.NAME] in the configuration.".to_owned())
            }
            (true, false) => None,
        };
        metrics.data.with(|metrics| Phase::of(metrics.as_ref(), has_failed, empty))
    });
    let failed = Memo::new(move || by_cause([("the objectives", metrics.error.get())]));
    panel(state, section, phase, failed, move || {
        let all =
            move || metrics.data.with(|metrics| metrics.as_ref().map(|m| m.slos.clone()).unwrap_or_default());
        (move || list(all().into_iter().map(objective))).into_any()
    })
}

fn objective(slo: Slo) -> AnyView {
    let alerts = (!slo.alerts.is_empty())
        .then(|| facts_table("Alerts on burn rates", COLUMNS, slo.alerts.iter().map(alert)));
    let failed = slo.failure.clone().map(|why| {
        view! { <p class="notice" role="alert">{format!("The error budget could not be read: {why}")}</p> }.into_any()
    });
    let firing = slo.alerts.iter().find(|alert| alert.firing).map(|alert| {
        let text = if alert.urgency == "page" { "A page fires." } else { "A ticket fires." };
        view! { <strong class="service-firing">{text}</strong>" " }.into_any()
    });
    let source = (!slo.source.is_empty()).then(|| format!("From {}.", slo.source));
    let budget = slo.budget_left.map(|_| {
        let label = format!("Error budget of {}", slo.name);
        let percent = trimmed_decimal(bar(&slo), 1);
        let width = format!("{percent}%");
        view! {
            <div class="service-budget" role="meter" {..attribute("aria-label", label)} {..attribute("aria-valuemin", "0")}
                {..attribute("aria-valuemax", "100")} {..attribute("aria-valuenow", percent)}><span style:width=width></span></div>
        }
        .into_any()
    });
    view! {
        <div class="service-slo">
            <h3>{slo.name.clone()}</h3>
            <p>{objective_text(&slo)}". "{firing}</p>
            {failed}
            {budget}
            <p class="service-sentence">{budget_text(&slo)}" "{outlook(&slo)}</p>
            {alerts}
            <p class="muted">{source}</p>
        </div>
    }
    .into_any()
}

fn alert(alert: &BurnRateAlert) -> AnyView {
    view! {
        <tr class:firing=alert.firing>
            <th scope="row">{windows_text(alert)}</th>
            <td data-label="Burn rates">{rates_text(alert)}</td>
            <td data-label="Fires from">{trimmed_decimal(alert.threshold, 1)}</td>
            <td data-label="Now">{state_text(alert)}</td>
        </tr>
    }
    .into_any()
}
