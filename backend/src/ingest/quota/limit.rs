//! [`Limit`]: the limits by name, and [`Exceeded`]: why a profile was refused, in words that say what to do.

use std::time::Duration;

/// After this time a profile may be accepted that was refused because the store is full: data has grown old.
const UNTIL_COLLECTED: Duration = Duration::from_secs(300);

/// A limit of `[quotas]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Limit {
    /// Services stored.
    Services,
    /// Series stored.
    Series,
    /// Series stored of one service.
    SeriesPerService,
    /// New functions of one service, per hour.
    NewFunctionsPerService,
    /// Profiles per second of one sender.
    ProfilesPerToken,
    /// Bytes per second of one sender.
    BytesPerToken,
    /// Profiles per second of one team.
    ProfilesPerTeam,
    /// Bytes per second of one team.
    BytesPerTeam,
    /// New series of one team, per hour.
    NewSeriesPerTeam,
}

impl Limit {
    pub(crate) const ALL: [Limit; 9] = [
        Limit::Services,
        Limit::Series,
        Limit::SeriesPerService,
        Limit::NewFunctionsPerService,
        Limit::ProfilesPerToken,
        Limit::BytesPerToken,
        Limit::ProfilesPerTeam,
        Limit::BytesPerTeam,
        Limit::NewSeriesPerTeam,
    ];

    /// The name of its key in `[quotas]`, and its value of metric labels.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Limit::Services => "services",
            Limit::Series => "series",
            Limit::SeriesPerService => "series_per_service",
            Limit::NewFunctionsPerService => "new_functions_per_service",
            Limit::ProfilesPerToken => "profiles_per_token",
            Limit::BytesPerToken => "bytes_per_token",
            Limit::ProfilesPerTeam => "profiles_per_team",
            Limit::BytesPerTeam => "bytes_per_team",
            Limit::NewSeriesPerTeam => "new_series_per_team",
        }
    }

    /// What it counts.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Limit::Services => "stored services",
            Limit::Series => "stored series of all services",
            Limit::SeriesPerService => "stored series of one service",
            Limit::NewFunctionsPerService => "new functions of one service per hour",
            Limit::ProfilesPerToken => "profiles per second of one token, account or address",
            Limit::BytesPerToken => "bytes per second of one token, account or address",
            Limit::ProfilesPerTeam => "profiles per second of one team",
            Limit::BytesPerTeam => "bytes per second of one team",
            Limit::NewSeriesPerTeam => "new series of one team per hour",
        }
    }

    /// What the sender can do.
    const fn advice(self) -> &'static str {
        match self {
            Limit::Services => "send under the name of an existing service",
            Limit::Series | Limit::SeriesPerService | Limit::NewSeriesPerTeam => {
                "remove labels whose values keep changing, such as ids of requests"
            }
            Limit::NewFunctionsPerService => {
                "profiles without new functions are still stored; names generated at run time are the usual cause"
            }
            Limit::ProfilesPerToken | Limit::ProfilesPerTeam => "send profiles less often",
            Limit::BytesPerToken | Limit::BytesPerTeam => "send less, or compress it",
        }
    }
}

/// A limit does not allow a profile, or a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Exceeded {
    pub(crate) limit: Limit,
    /// Names the limit, its key and value, and says what to do.
    message: String,
    /// After which a retry makes sense.
    retry_after: Duration,
}

impl Exceeded {
    /// `limit` allows no more than `value`. `service` has a limit of its own, if it is named. A retry makes sense after `wait`;
    /// if that is unknown, in some minutes.
    pub(super) fn new(limit: Limit, value: u64, service: Option<&str>, wait: Option<Duration>) -> Exceeded {
        let key = match service {
            Some(service) => format!("quotas.overrides of service {service:?}"),
            None => format!("quotas.{}", limit.name()),
        };
        let message = format!(
            "the limit of {value} {} ({key}) is reached: {}, or have an administrator raise the limit",
            limit.meaning(),
            limit.advice(),
        );
        Exceeded { limit, message, retry_after: wait.unwrap_or(UNTIL_COLLECTED) }
    }

    /// The same limit with another text.
    pub(crate) fn with_message(self, message: String) -> Exceeded {
        Exceeded { message, ..self }
    }

    /// Whole seconds after which a retry makes sense, at least one.
    pub(crate) fn retry_after_s(&self) -> u64 {
        self.retry_after.as_secs_f64().ceil().max(1.0) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_the_key_its_value_and_what_to_do() {
        for limit in Limit::ALL {
            let text = Exceeded::new(limit, 7, None, None).to_string();
            assert!(text.contains(&format!("(quotas.{})", limit.name())), "{text}");
            assert!(text.contains("limit of 7 ") && text.contains("raise the limit"), "{text}");
        }
        let own = Exceeded::new(Limit::SeriesPerService, 7, Some("cart"), None).to_string();
        assert!(own.contains(r#"(quotas.overrides of service "cart")"#), "{own}");
    }

    #[test]
    fn a_retry_is_never_at_once() {
        let seconds = |wait| Exceeded::new(Limit::Series, 7, None, wait).retry_after_s();
        assert_eq!(seconds(Some(Duration::from_millis(1))), 1);
        assert_eq!(seconds(Some(Duration::from_millis(1001))), 2);
        assert_eq!(seconds(None), 300);
    }
}
