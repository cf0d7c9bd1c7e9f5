//! `[query]`: time, concurrency and cache of queries.

use super::error::ConfigError;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Checked `[query]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QueryConfig {
    /// Time that a query may wait for its turn, and again that it may run.
    pub(crate) timeout: Duration,
    /// Queries computed at once; others wait.
    pub(crate) concurrency: usize,
    /// Queries that may wait.
    pub(crate) queue: usize,
    /// Queries of one caller that may wait.
    pub(crate) queue_per_caller: usize,
    /// Size of the result cache, in bytes.
    pub(crate) cache_bytes: u64,
}

impl Default for QueryConfig {
    fn default() -> Self {
        QueryConfig {
            timeout: Duration::from_secs(30),
            concurrency: 4,
            queue: 128,
            queue_per_caller: 32,
            cache_bytes: 32 << 20,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawQuery {
    timeout: String,
    concurrency: u32,
    queue: u32,
    queue_per_caller: u32,
    cache_mib: u32,
}

impl Default for RawQuery {
    fn default() -> Self {
        let QueryConfig { timeout, concurrency, queue, queue_per_caller, cache_bytes } =
            QueryConfig::default();
        RawQuery {
            timeout: format!("{}s", timeout.as_secs()),
            concurrency: concurrency as u32,
            queue: queue as u32,
            queue_per_caller: queue_per_caller as u32,
            cache_mib: (cache_bytes >> 20) as u32,
        }
    }
}

impl TryFrom<RawQuery> for QueryConfig {
    type Error = ConfigError;

    fn try_from(raw: RawQuery) -> Result<Self, ConfigError> {
        let timeout = parse_span(&raw.timeout)
            .ok()
            .filter(|t| (Duration::from_secs(1)..=Duration::from_secs(3600)).contains(t))
            .ok_or_else(|| ConfigError::value("query.timeout", &raw.timeout, "1s to 1h, such as `30s`"))?;
        if !(1..=256).contains(&raw.concurrency) {
            return Err(ConfigError::value("query.concurrency", raw.concurrency, "1 to 256"));
        }
        if !(1..=10_000).contains(&raw.queue) {
            return Err(ConfigError::value("query.queue", raw.queue, "1 to 10000"));
        }
        if !(1..=10_000).contains(&raw.queue_per_caller) {
            return Err(ConfigError::value("query.queue_per_caller", raw.queue_per_caller, "1 to 10000"));
        }
        if raw.cache_mib > 65_536 {
            return Err(ConfigError::value("query.cache_mib", raw.cache_mib, "0 (no cache) to 65536"));
        }
        let cache_bytes = u64::from(raw.cache_mib) << 20;
        Ok(QueryConfig {
            timeout,
            concurrency: raw.concurrency as usize,
            queue: raw.queue as usize,
            queue_per_caller: raw.queue_per_caller as usize,
            cache_bytes,
        })
    }
}
