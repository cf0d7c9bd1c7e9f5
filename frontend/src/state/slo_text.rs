//! Objectives in words: what is left of an error budget, and how long it lasts at the present rate. Pure.

use super::duration_text::{length, until};
use super::indicators::{BurnRateAlert, Slo};
use flarepath_profile::units::trimmed_decimal;

/// Milliseconds of a second.
const SECOND_MS: u64 = 1000;

/// `99.9 % over 30 days`.
pub(crate) fn objective_text(slo: &Slo) -> String {
    format!("{} over {}", percent(slo.objective), seconds(slo.period_s))
}

/// `42 % of the error budget is left`, or by how much it is overdrawn.
pub(crate) fn budget_text(slo: &Slo) -> String {
    match slo.budget_left {
        None => "The error budget is not known: there is no data.".to_owned(),
        Some(left) if left < 0.0 => format!("The error budget is overdrawn by {}.", percent(-left)),
        Some(left) => format!("{} of the error budget is left.", percent(left)),
    }
}

/// What the fastest alert's long window says about the time to come. A burn rate of 1 uses the whole budget up in the period, so what is
/// left lasts `left × period ÷ burn rate` (The Site Reliability Workbook, chapter 5).
pub(crate) fn outlook(slo: &Slo) -> String {
    let Some(left) = slo.budget_left else { return String::new() };
    let Some(alert) = slo.alerts.first() else { return String::new() };
    let window = seconds(alert.windows_s[0]);
    let window = window.strip_prefix("1 ").unwrap_or(&window);
    match alert.burn_rates[0] {
        _ if left <= 0.0 => "The budget is used up.".to_owned(),
        None => format!("There was no traffic in the last {window}."),
        Some(rate) if rate <= 0.0 => format!("Nothing of it was used in the last {window}."),
        Some(rate) => {
            let lasts_s = left * slo.period_s as f64 / rate;
            match lasts_s < slo.period_s as f64 {
                true => format!("At this rate the budget is used up {}.", until((lasts_s * 1e3) as i64)),
                false => "At this rate the budget lasts.".to_owned(),
            }
        }
    }
}

/// `1 hour, 5 minutes`: the windows of an alert.
pub(crate) fn windows_text(alert: &BurnRateAlert) -> String {
    alert.windows_s.map(seconds).join(", ")
}

/// The burn rates of both windows: `14.4, 20`; `–` without traffic.
pub(crate) fn rates_text(alert: &BurnRateAlert) -> String {
    let text = |rate: Option<f64>| rate.map_or("–".to_owned(), |rate| trimmed_decimal(rate, 2));
    alert.burn_rates.map(text).join(", ")
}

/// What an alert does now.
pub(crate) fn state_text(alert: &BurnRateAlert) -> &'static str {
    match (alert.firing, alert.urgency.as_str()) {
        (false, _) => "quiet",
        (true, "page") => "firing: page",
        (true, _) => "firing: ticket",
    }
}

/// The part of a budget that a bar shows, in percent.
pub(crate) fn bar(slo: &Slo) -> f64 {
    slo.budget_left.map_or(0.0, |left| (left * 100.0).clamp(0.0, 100.0))
}

/// Objectives are told apart by their last digits.
fn percent(fraction: f64) -> String {
    format!("{} %", trimmed_decimal(fraction * 100.0, 3))
}

fn seconds(s: u64) -> String {
    length(i64::try_from(s.saturating_mul(SECOND_MS)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    fn slo(left: Option<f64>, rate: Option<f64>) -> Slo {
        let alert = BurnRateAlert {
            threshold: 14.4,
            windows_s: [3600, 300],
            burn_rates: [rate, None],
            urgency: "page".into(),
            firing: false,
        };
        Slo {
            objective: 0.9995,
            period_s: 30 * DAY,
            budget_left: left,
            alerts: vec![alert],
            ..Slo::default()
        }
    }

    #[test]
    fn objectives_and_budgets_are_said_in_words() {
        assert_eq!(objective_text(&slo(None, None)), "99.95 % over 30 days");
        assert_eq!(budget_text(&slo(Some(0.42), None)), "42 % of the error budget is left.");
        assert_eq!(budget_text(&slo(Some(-0.5), None)), "The error budget is overdrawn by 50 %.");
        assert!(budget_text(&slo(None, None)).contains("not known"));
        assert_eq!([Some(0.25), Some(-1.0), None].map(|left| bar(&slo(left, None))), [25.0, 0.0, 0.0]);
    }

    #[test]
    fn the_outlook_is_what_is_left_divided_by_the_rate() {
        let said = |left, rate| outlook(&slo(left, rate));
        assert_eq!(said(Some(0.5), Some(7.5)), "At this rate the budget is used up in 2 days.");
        assert_eq!(said(Some(0.5), Some(0.4)), "At this rate the budget lasts.");
        assert_eq!(said(Some(0.5), Some(0.0)), "Nothing of it was used in the last hour.");
        assert_eq!(said(Some(0.5), None), "There was no traffic in the last hour.");
        assert_eq!(said(Some(0.0), Some(3.0)), "The budget is used up.");
        assert_eq!(said(None, Some(3.0)), "");
    }

    #[test]
    fn alerts_tell_windows_rates_and_state() {
        let mut alert = slo(None, Some(14.4)).alerts.remove(0);
        assert_eq!(
            (windows_text(&alert).as_str(), rates_text(&alert).as_str()),
            ("1 hour, 5 minutes", "14.4, –")
        );
        assert_eq!(state_text(&alert), "quiet");
        alert.firing = true;
        assert_eq!(state_text(&alert), "firing: page");
    }
}
