//! `[log]`: format and level of log lines.

use super::error::ConfigError;
use serde::{Deserialize, Serialize};

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Human-readable text.
    Text,
    /// One JSON object per line.
    Json,
}

/// Checked `[log]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogConfig {
    pub(crate) format: LogFormat,
    /// A level or a list of `module=level`, as the crate `tracing-subscriber` reads it.
    pub(crate) level: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLog {
    format: String,
    level: String,
}

impl Default for RawLog {
    fn default() -> Self {
        RawLog { format: "text".to_owned(), level: "info".to_owned() }
    }
}

impl TryFrom<RawLog> for LogConfig {
    type Error = ConfigError;

    fn try_from(raw: RawLog) -> Result<Self, ConfigError> {
        let format = match raw.format.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => return Err(ConfigError::value("log.format", other, "`text` or `json`")),
        };
        if tracing_subscriber::EnvFilter::try_new(&raw.level).is_err() {
            let expected = "error, warn, info, debug, trace, or a list such as `info,flarepath::store=debug`";
            return Err(ConfigError::value("log.level", raw.level, expected));
        }
        Ok(LogConfig { format, level: raw.level })
    }
}
