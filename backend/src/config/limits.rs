//! `[limits]`: what requests may take.

use super::error::ConfigError;
use serde::{Deserialize, Serialize};

/// Checked `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LimitsConfig {
    /// Memory for what all requests in flight have sent and what is decoded of it, in bytes.
    pub(crate) request_memory: usize,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        LimitsConfig { request_memory: 256 << 20 }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    request_memory_mib: u32,
}

impl Default for RawLimits {
    fn default() -> Self {
        RawLimits { request_memory_mib: (LimitsConfig::default().request_memory >> 20) as u32 }
    }
}

impl TryFrom<RawLimits> for LimitsConfig {
    type Error = ConfigError;

    fn try_from(raw: RawLimits) -> Result<Self, ConfigError> {
        let mib = raw.request_memory_mib;
        if !(64..=65_536).contains(&mib) {
            return Err(ConfigError::value("limits.request_memory_mib", mib, "64 to 65536"));
        }
        Ok(LimitsConfig { request_memory: (mib as usize) << 20 })
    }
}
