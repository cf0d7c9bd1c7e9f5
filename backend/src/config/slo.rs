//! `[slo.NAME]`: objectives of services.

use super::error::ConfigError;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// A checked `[slo.NAME]`.
#[derive(Clone, Debug, PartialEq)]
pub struct SloConfig {
    /// What it is called in answers.
    pub name: String,
    /// The service.
    pub service: String,
    /// The part of all events that must be good, above 0 and below 1.
    pub objective: f64,
    /// The period that the objective is about.
    pub window: Duration,
    /// PromQL of the part of all events that are bad, over `$w`.
    pub error_ratio: String,
    /// Family of its metrics: `application`, `pods` or `mesh`.
    pub of: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawSlo {
    service: String,
    objective: f64,
    window: String,
    error_ratio: Option<String>,
    good: Option<String>,
    total: Option<String>,
    of: String,
}

impl Default for RawSlo {
    fn default() -> Self {
        RawSlo {
            service: String::new(),
            objective: 0.0,
            window: "30d".to_owned(),
            error_ratio: None,
            good: None,
            total: None,
            of: "application".to_owned(),
        }
    }
}

/// The objectives, in the order of their names.
pub(super) fn check(raw: BTreeMap<String, RawSlo>) -> Result<Vec<SloConfig>, ConfigError> {
    raw.into_iter().map(|(name, raw)| slo(name, raw)).collect()
}

fn slo(name: String, raw: RawSlo) -> Result<SloConfig, ConfigError> {
    if raw.service.is_empty() {
        return Err(ConfigError::value("slo.service", "", format!("the service of [slo.{name}]")));
    }
    if !(0.0 < raw.objective && raw.objective < 100.0) {
        let expected = "a percentage above 0 and below 100, such as 99.9";
        return Err(ConfigError::value("slo.objective", raw.objective, expected));
    }
    let window = parse_span(&raw.window).ok().filter(|window| (DAY..=90 * DAY).contains(window));
    let window = window.ok_or_else(|| ConfigError::value("slo.window", &raw.window, "1d to 90d"))?;
    let error_ratio = match (raw.error_ratio, raw.good, raw.total) {
        (Some(ratio), None, None) => ratio,
        (None, Some(good), Some(total)) => format!("1 - ({good}) / ({total})"),
        _ => {
            let expected = format!("[slo.{name}] with `error_ratio`, or with `good` and `total`");
            return Err(ConfigError::value("slo.error_ratio", "", expected));
        }
    };
    Ok(SloConfig {
        name,
        service: raw.service,
        objective: raw.objective / 100.0,
        window,
        error_ratio,
        of: raw.of,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(change: impl FnOnce(&mut RawSlo)) -> Result<SloConfig, String> {
        let mut raw = RawSlo {
            service: "pay".to_owned(),
            objective: 99.9,
            error_ratio: Some("bad / all".to_owned()),
            ..RawSlo::default()
        };
        change(&mut raw);
        let all = check([("availability".to_owned(), raw)].into());
        all.map(|mut all| all.remove(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_objective_is_a_ratio_or_good_and_total() {
        let slo = checked(|_| {}).unwrap();
        assert_eq!((slo.window.as_secs(), slo.error_ratio.as_str()), (30 * 86_400, "bad / all"));
        assert!((slo.objective - 0.999).abs() < 1e-12);
        let both = checked(|raw| {
            (raw.error_ratio, raw.good, raw.total) = (None, Some("a".to_owned()), Some("b".to_owned()));
        });
        assert_eq!(both.unwrap().error_ratio, "1 - (a) / (b)");
    }

    #[test]
    fn what_is_missing_or_out_of_range_is_named() {
        for (key, refused) in [
            ("slo.service", checked(|raw| raw.service.clear())),
            ("slo.objective", checked(|raw| raw.objective = 100.0)),
            ("slo.objective", checked(|raw| raw.objective = f64::NAN)),
            ("slo.window", checked(|raw| raw.window = "1h".to_owned())),
            ("slo.error_ratio", checked(|raw| raw.error_ratio = None)),
            ("slo.error_ratio", checked(|raw| raw.good = Some("a".to_owned()))),
        ] {
            let error = refused.unwrap_err();
            assert!(error.contains(&format!("`{key}`")), "{error}");
        }
    }
}
