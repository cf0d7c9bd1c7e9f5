//! `[quotas]`: what senders of profiles may add. 0 means no limit.

use super::error::ConfigError;
use serde::{Deserialize, Serialize};

/// Largest value of a key: beyond it, counts would lose their precision.
const MOST: u64 = 1 << 50;

/// `[quotas]`, checked by [`check`]. 0 means no limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaConfig {
    /// Services stored.
    pub services: u64,
    /// Series stored, of all services together.
    pub series: u64,
    /// Series stored of one service.
    pub series_per_service: u64,
    /// Functions that one service may bring for the first time, per hour.
    pub new_functions_per_service: u64,
    /// Profiles per second of one token, account or address.
    pub profiles_per_token: u64,
    /// Bytes per second of one token, account or address, as sent.
    pub bytes_per_token: u64,
    /// Profiles per second of all tokens and members of one team.
    pub profiles_per_team: u64,
    /// Bytes per second of all tokens and members of one team, as sent.
    pub bytes_per_team: u64,
    /// Series that all tokens and members of one team may create, per hour.
    pub new_series_per_team: u64,
    /// Services with limits of their own.
    pub overrides: Vec<QuotaOverride>,
}

/// Limits of one service, in place of those of every service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaOverride {
    /// The service.
    pub service: String,
    /// In place of [`QuotaConfig::series_per_service`].
    pub series: Option<u64>,
    /// In place of [`QuotaConfig::new_functions_per_service`].
    pub new_functions: Option<u64>,
}

impl Default for QuotaConfig {
    fn default() -> Self {
        QuotaConfig {
            services: 20_000,
            series: 500_000,
            series_per_service: 100_000,
            new_functions_per_service: 1_000_000,
            profiles_per_token: 2000,
            bytes_per_token: 64 << 20,
            ..QuotaConfig::unlimited()
        }
    }
}

impl QuotaConfig {
    /// No limits.
    pub fn unlimited() -> QuotaConfig {
        QuotaConfig {
            services: 0,
            series: 0,
            series_per_service: 0,
            new_functions_per_service: 0,
            profiles_per_token: 0,
            bytes_per_token: 0,
            profiles_per_team: 0,
            bytes_per_team: 0,
            new_series_per_team: 0,
            overrides: Vec::new(),
        }
    }

    /// The limits of a service of its own.
    pub(crate) fn of_service(&self, service: &str) -> Option<&QuotaOverride> {
        self.overrides.iter().find(|own| own.service == service)
    }
}

/// Checks `[quotas]`.
pub(super) fn check(quotas: QuotaConfig) -> Result<QuotaConfig, ConfigError> {
    for (key, value) in [
        ("quotas.services", quotas.services),
        ("quotas.series", quotas.series),
        ("quotas.series_per_service", quotas.series_per_service),
        ("quotas.new_functions_per_service", quotas.new_functions_per_service),
        ("quotas.profiles_per_token", quotas.profiles_per_token),
        ("quotas.bytes_per_token", quotas.bytes_per_token),
        ("quotas.profiles_per_team", quotas.profiles_per_team),
        ("quotas.bytes_per_team", quotas.bytes_per_team),
        ("quotas.new_series_per_team", quotas.new_series_per_team),
    ] {
        limit(key, value)?;
    }
    for (i, own) in quotas.overrides.iter().enumerate() {
        if own.service.is_empty() || quotas.overrides[..i].iter().any(|other| other.service == own.service) {
            let expected = "entries with a different `service` each";
            return Err(ConfigError::value("quotas.overrides", &own.service, expected));
        }
        for value in [own.series, own.new_functions].into_iter().flatten() {
            limit("quotas.overrides", value)?;
        }
    }
    Ok(quotas)
}

fn limit(key: &'static str, value: u64) -> Result<(), ConfigError> {
    if value > MOST {
        return Err(ConfigError::value(key, value, format!("0 (no limit) to {MOST}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid() {
        assert_eq!(check(QuotaConfig::default()), Ok(QuotaConfig::default()));
    }

    #[test]
    fn every_service_is_overridden_once() {
        let with = |services: &[&str]| {
            let own = |service: &&str| QuotaOverride {
                service: (*service).to_owned(),
                series: Some(1),
                new_functions: None,
            };
            check(QuotaConfig { overrides: services.iter().map(own).collect(), ..QuotaConfig::default() })
        };
        let config = with(&["cart", "pay"]).unwrap();
        assert_eq!(config.of_service("pay").unwrap().series, Some(1));
        assert_eq!(config.of_service("mail"), None);
        for bad in [&["cart", "cart"][..], &[""]] {
            assert!(with(bad).unwrap_err().to_string().contains("quotas.overrides"));
        }
    }

    #[test]
    fn values_beyond_what_can_be_counted_are_refused() {
        let quotas = QuotaConfig { series: u64::MAX, ..QuotaConfig::default() };
        assert!(check(quotas).unwrap_err().to_string().contains("`quotas.series`"));
    }
}
