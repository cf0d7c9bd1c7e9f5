//! Quotas: what a sender may add, so that no single one fills the server.
//!
//! - [`limit`]: the limits by name, and the error that names one.
//! - [`bucket`], [`buckets`]: limits on rates, of each token, account or address, of each team and of each service.
//! - [`admission`]: applies them to one request. Counts of services and series, and what is new to a service, come from the
//!   store ([`crate::store::Growth`]).
//! - [`refusals`], [`usage`]: what was refused and what is used, for administrators and metrics.
//!
//! Everything is in the memory of this process: rates begin anew with a restart, and each replica has its own. Nothing grows
//! with what a sender says.

mod admission;
mod bucket;
mod buckets;
mod limit;
mod refusals;
mod usage;

pub(crate) use admission::Admission;
pub(crate) use limit::{Exceeded, Limit};
pub(crate) use refusals::Refusal;
pub(crate) use usage::{Usage, Use};

use crate::clock::Clock;
use crate::config::QuotaConfig;
use buckets::Buckets;
use refusals::Refusals;
use std::sync::Arc;

/// The configured limits, and what is used of them.
pub(crate) struct Quotas {
    config: QuotaConfig,
    clock: Arc<dyn Clock>,
    token_profiles: Buckets,
    token_bytes: Buckets,
    team_profiles: Buckets,
    team_bytes: Buckets,
    team_series: Buckets,
    /// New functions, by service.
    functions: Buckets,
    refusals: Refusals,
}

impl Quotas {
    /// Nothing is used yet.
    pub(crate) fn new(config: QuotaConfig, clock: Arc<dyn Clock>) -> Quotas {
        Quotas {
            config,
            clock,
            token_profiles: Buckets::default(),
            token_bytes: Buckets::default(),
            team_profiles: Buckets::default(),
            team_bytes: Buckets::default(),
            team_series: Buckets::default(),
            functions: Buckets::default(),
            refusals: Refusals::default(),
        }
    }

    /// Drops what is kept of senders that have been idle.
    pub(crate) fn drop_idle(&self) {
        let now = self.clock.elapsed();
        for buckets in [
            &self.token_profiles,
            &self.token_bytes,
            &self.team_profiles,
            &self.team_bytes,
            &self.team_series,
            &self.functions,
        ] {
            buckets.drop_idle(now);
        }
    }

    /// The value of a limit for a service; with the service's name if it has a value of its own. 0 is no limit.
    fn value<'a>(&'a self, limit: Limit, service: &str) -> (u64, Option<&'a str>) {
        let config = &self.config;
        let own = |of: fn(&crate::config::QuotaOverride) -> Option<u64>, value: u64| {
            let found = config.of_service(service).and_then(|own| Some((of(own)?, Some(&*own.service))));
            found.unwrap_or((value, None))
        };
        match limit {
            Limit::SeriesPerService => own(|own| own.series, config.series_per_service),
            Limit::NewFunctionsPerService => own(|own| own.new_functions, config.new_functions_per_service),
            Limit::Services => (config.services, None),
            Limit::Series => (config.series, None),
            Limit::ProfilesPerToken => (config.profiles_per_token, None),
            Limit::BytesPerToken => (config.bytes_per_token, None),
            Limit::ProfilesPerTeam => (config.profiles_per_team, None),
            Limit::BytesPerTeam => (config.bytes_per_team, None),
            Limit::NewSeriesPerTeam => (config.new_series_per_team, None),
        }
    }

    /// Counts a refusal; `service` is empty for a whole request.
    fn refused(&self, service: &str, exceeded: Exceeded) -> Exceeded {
        let limit = exceeded.limit;
        metrics::counter!("flarepath_ingest_refused_total", "reason" => limit.name()).increment(1);
        if self.refusals.note(service, limit, self.clock.elapsed()) {
            tracing::warn!(limit = limit.name(), service, "profiles refused: {exceeded}");
        }
        exceeded
    }
}
