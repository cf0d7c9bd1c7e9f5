//! `[connections]`: limits on the number of connections, and time limits for clients.

use super::error::ConfigError;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Checked `[connections]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionConfig {
    /// Connections in total.
    pub(crate) max: usize,
    /// Connections per client address (IPv6: per /64 network). Loopback and trusted proxies are exempt.
    pub(crate) per_address: usize,
    /// Time from opening a connection to its first complete request head.
    pub(crate) header_timeout: Duration,
    /// Time from one response to the next complete request head.
    pub(crate) idle_timeout: Duration,
    /// Time without a byte of a request body.
    pub(crate) body_timeout: Duration,
    /// Time in which the client reads less than 64 KiB of a response.
    pub(crate) write_timeout: Duration,
}

impl Default for ConnectionConfig {
    fn default() -> Self {
        ConnectionConfig {
            max: 8192,
            per_address: 256,
            header_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(75),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConnections {
    max: u32,
    per_address: u32,
    header_timeout: String,
    idle_timeout: String,
    body_timeout: String,
    write_timeout: String,
}

impl Default for RawConnections {
    fn default() -> Self {
        let ConnectionConfig { max, per_address, header_timeout, idle_timeout, body_timeout, write_timeout } =
            ConnectionConfig::default();
        let text = |time: Duration| format!("{}s", time.as_secs());
        RawConnections {
            max: max as u32,
            per_address: per_address as u32,
            header_timeout: text(header_timeout),
            idle_timeout: text(idle_timeout),
            body_timeout: text(body_timeout),
            write_timeout: text(write_timeout),
        }
    }
}

impl TryFrom<RawConnections> for ConnectionConfig {
    type Error = ConfigError;

    fn try_from(raw: RawConnections) -> Result<Self, ConfigError> {
        Ok(ConnectionConfig {
            max: count("connections.max", raw.max)?,
            per_address: count("connections.per_address", raw.per_address)?,
            header_timeout: timeout("connections.header_timeout", &raw.header_timeout)?,
            idle_timeout: timeout("connections.idle_timeout", &raw.idle_timeout)?,
            body_timeout: timeout("connections.body_timeout", &raw.body_timeout)?,
            write_timeout: timeout("connections.write_timeout", &raw.write_timeout)?,
        })
    }
}

fn count(key: &'static str, value: u32) -> Result<usize, ConfigError> {
    match value {
        8..=1_000_000 => Ok(value as usize),
        _ => Err(ConfigError::value(key, value, "8 to 1000000")),
    }
}

fn timeout(key: &'static str, text: &str) -> Result<Duration, ConfigError> {
    let bounds = Duration::from_secs(1)..=Duration::from_secs(3600);
    let span = parse_span(text).ok().filter(|span| bounds.contains(span));
    span.ok_or_else(|| ConfigError::value(key, text, "1s to 1h, such as `30s`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid() {
        assert_eq!(RawConnections::default().try_into(), Ok(ConnectionConfig::default()));
    }

    #[test]
    fn limits_cannot_be_disabled() {
        let check = |change: fn(&mut RawConnections)| {
            let mut raw = RawConnections::default();
            change(&mut raw);
            ConnectionConfig::try_from(raw).unwrap_err().to_string()
        };
        assert!(check(|raw| raw.max = 0).contains("connections.max"));
        assert!(check(|raw| raw.per_address = 7).contains("connections.per_address"));
        assert!(check(|raw| raw.idle_timeout = "0s".to_owned()).contains("connections.idle_timeout"));
        assert!(check(|raw| raw.body_timeout = "2h".to_owned()).contains("connections.body_timeout"));
    }
}
