//! `[shares]`: public links, their lifetime, and the size of snapshots.

use super::error::ConfigError;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);
/// Longest lifetime of a public link.
pub(crate) const LONGEST_PUBLIC: Duration = Duration::from_secs(365 * 86_400);
/// The records database stores no larger value.
const MOST_BYTES: u64 = 64 << 20;
const LEAST_BYTES: u64 = 64 << 10;

/// Checked `[shares]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareConfig {
    /// Whether public links are enabled. If not, existing ones do not open either.
    pub public_links: bool,
    /// Default lifetime of a public link.
    pub public_ttl: Duration,
    /// Largest compressed snapshot, in bytes.
    pub max_bytes: u64,
}

impl Default for ShareConfig {
    fn default() -> Self {
        ShareConfig { public_links: true, public_ttl: 30 * DAY, max_bytes: MOST_BYTES }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawShares {
    public_links: bool,
    public_ttl: String,
    max_bytes: u64,
}

impl Default for RawShares {
    fn default() -> Self {
        let ShareConfig { public_links, public_ttl, max_bytes } = ShareConfig::default();
        RawShares {
            public_links,
            public_ttl: format!("{}d", public_ttl.as_secs() / DAY.as_secs()),
            max_bytes,
        }
    }
}

impl TryFrom<RawShares> for ShareConfig {
    type Error = ConfigError;

    fn try_from(raw: RawShares) -> Result<Self, ConfigError> {
        let span = parse_span(&raw.public_ttl).ok();
        let public_ttl =
            span.filter(|ttl| (Duration::from_secs(60)..=LONGEST_PUBLIC).contains(ttl)).ok_or_else(|| {
                ConfigError::value("shares.public_ttl", &raw.public_ttl, "1m to 365d, such as `30d`")
            })?;
        if !(LEAST_BYTES..=MOST_BYTES).contains(&raw.max_bytes) {
            let expected = format!("{LEAST_BYTES} (64 KiB) to {MOST_BYTES} (64 MiB)");
            return Err(ConfigError::value("shares.max_bytes", raw.max_bytes, expected));
        }
        Ok(ShareConfig { public_links: raw.public_links, public_ttl, max_bytes: raw.max_bytes })
    }
}
