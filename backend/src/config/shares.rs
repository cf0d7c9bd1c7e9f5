//! `[shares]`: what may leave the house, for how long, and how large it may be.

use super::error::ConfigError;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);
/// No link that needs no sign-in lives longer.
pub const LONGEST_PUBLIC: Duration = Duration::from_secs(365 * 86_400);
/// What the records take at most.
const MOST_BYTES: u64 = 64 << 20;
const LEAST_BYTES: u64 = 64 << 10;

/// Checked `[shares]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareConfig {
    /// Whether there are links that need no sign-in. Off, those that exist do not open either.
    pub public_links: bool,
    /// How long such a link lives when nobody says otherwise.
    pub public_ttl: Duration,
    /// Bytes that a snapshot may have, compressed.
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
