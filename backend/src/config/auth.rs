//! `[auth]`: sessions and password sign-in.

use super::error::ConfigError;
use super::public_url::PublicUrl;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAuth {
    session_idle: String,
    session_absolute: String,
    password_sign_in: bool,
    insecure_http: bool,
}

impl Default for RawAuth {
    fn default() -> Self {
        RawAuth {
            session_idle: "12h".to_owned(),
            session_absolute: "7d".to_owned(),
            password_sign_in: true,
            insecure_http: false,
        }
    }
}

/// Checked `[auth]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthConfig {
    /// A session that is not used for this long ends.
    pub(crate) session_idle: Duration,
    /// A session ends after this time, however much it is used.
    pub(crate) session_absolute: Duration,
    /// Whether password sign-in is enabled.
    pub(crate) password_sign_in: bool,
    /// Whether a public URL without TLS is accepted.
    pub(crate) insecure_http: bool,
}

impl TryFrom<RawAuth> for AuthConfig {
    type Error = ConfigError;

    fn try_from(raw: RawAuth) -> Result<AuthConfig, ConfigError> {
        let session_idle = span("auth.session_idle", &raw.session_idle)?;
        let session_absolute = span("auth.session_absolute", &raw.session_absolute)?;
        if session_idle > session_absolute {
            let expected = "at most auth.session_absolute";
            return Err(ConfigError::value("auth.session_idle", raw.session_idle, expected));
        }
        let RawAuth { password_sign_in, insecure_http, .. } = raw;
        Ok(AuthConfig { session_idle, session_absolute, password_sign_in, insecure_http })
    }
}

impl AuthConfig {
    /// Accepts a public URL with TLS, on this machine, or with `insecure_http`.
    pub(super) fn check_public_url(&self, url: &PublicUrl) -> Result<(), ConfigError> {
        if url.is_secure() || url.is_loopback() || self.insecure_http {
            return Ok(());
        }
        let expected = "https://…: without TLS, passwords and session cookies can be read in transit. Put a reverse proxy \
                        with TLS in front, or set auth.insecure_http = true on a trusted network";
        Err(ConfigError::value("public_url", url.origin(), expected))
    }
}

fn span(key: &'static str, text: &str) -> Result<Duration, ConfigError> {
    let bounds = MINUTE * 5..=DAY * 90;
    let parsed = parse_span(text).ok().filter(|span| bounds.contains(span));
    parsed.ok_or_else(|| ConfigError::value(key, text, "a duration from 5m to 90d, such as 12h or 7d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(change: impl FnOnce(&mut RawAuth)) -> String {
        let mut raw = RawAuth::default();
        change(&mut raw);
        AuthConfig::try_from(raw).unwrap_err().to_string()
    }

    #[test]
    fn session_lifetimes_are_bounded() {
        let config = AuthConfig::try_from(RawAuth::default()).unwrap();
        assert_eq!((config.session_idle, config.session_absolute), (DAY / 2, DAY * 7));
        assert!(rejected(|raw| raw.session_idle = "1m".to_owned()).contains("auth.session_idle"));
        assert!(rejected(|raw| raw.session_absolute = "365d".to_owned()).contains("auth.session_absolute"));
        assert!(rejected(|raw| raw.session_idle = "8d".to_owned()).contains("auth.session_absolute"));
    }

    #[test]
    fn public_url_needs_tls_unless_configured_otherwise() {
        let config =
            |insecure_http| AuthConfig::try_from(RawAuth { insecure_http, ..RawAuth::default() }).unwrap();
        for (url, insecure_http, fine) in [
            ("https://fp.example", false, true),
            ("http://localhost:4280", false, true),
            ("http://fp.example", false, false),
            ("http://fp.example", true, true),
        ] {
            let checked = config(insecure_http).check_public_url(&url.parse().unwrap());
            assert_eq!(checked.is_ok(), fine, "{url}: {checked:?}");
        }
    }
}
