//! `[proxy]`: trusted reverse proxies, and sign-in by a header that they set.

use super::error::ConfigError;
use super::network::Network;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Checked `[proxy]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyConfig {
    /// Networks that proxies connect from. Headers of other peers are ignored.
    pub trusted: Vec<Network>,
    /// Lower-case name of the header that holds the signed-in user; none: proxies do not authenticate.
    pub user_header: Option<String>,
    /// Whether unknown users named by a proxy are created, as viewers.
    pub auto_create: bool,
}

impl ProxyConfig {
    /// Whether the peer of a connection is a trusted proxy.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(peer))
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProxy {
    trusted: Vec<String>,
    user_header: String,
    auto_create: bool,
}

/// Headers with another meaning: a proxy passes them on, or sets them for another reason.
const RESERVED: [&str; 6] = ["authorization", "cookie", "host", "origin", "x-forwarded-for", "user-agent"];

impl TryFrom<RawProxy> for ProxyConfig {
    type Error = ConfigError;

    fn try_from(raw: RawProxy) -> Result<Self, ConfigError> {
        let network = |text: &String| {
            text.parse().map_err(|_| {
                ConfigError::value(
                    "proxy.trusted",
                    text,
                    "networks such as `10.0.0.0/8`, or single addresses",
                )
            })
        };
        let trusted: Vec<Network> = raw.trusted.iter().map(network).collect::<Result<_, _>>()?;
        let header = raw.user_header.trim().to_ascii_lowercase();
        let is_name = header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name || RESERVED.contains(&header.as_str()) {
            let expected =
                "the name of a dedicated header (letters, digits and `-`), such as `X-Forwarded-User`";
            return Err(ConfigError::value("proxy.user_header", raw.user_header, expected));
        }
        if !header.is_empty() && trusted.is_empty() {
            let expected = "`proxy.trusted` to be set as well: without the addresses of the proxies, anyone could send this \
                            header and sign in as any user";
            return Err(ConfigError::value("proxy.user_header", raw.user_header, expected));
        }
        let user_header = Some(header).filter(|header| !header.is_empty());
        if raw.auto_create && user_header.is_none() {
            let expected = "`proxy.user_header` to be set as well";
            return Err(ConfigError::value("proxy.auto_create", true, expected));
        }
        Ok(ProxyConfig { trusted, user_header, auto_create: raw.auto_create })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(trusted: &[&str], header: &str) -> Result<ProxyConfig, String> {
        let trusted = trusted.iter().map(|&text| text.to_owned()).collect();
        let raw = RawProxy { trusted, user_header: header.to_owned(), auto_create: false };
        ProxyConfig::try_from(raw).map_err(|e| e.to_string())
    }

    #[test]
    fn user_header_needs_trusted_proxies() {
        let error = check(&[], "X-Forwarded-User").unwrap_err();
        assert!(error.contains("proxy.user_header") && error.contains("proxy.trusted"), "{error}");
        let good = check(&["10.0.0.0/8", "::1"], "X-Forwarded-User").unwrap();
        assert_eq!(good.user_header.as_deref(), Some("x-forwarded-user"));
        assert!(good.trusts("10.1.1.1".parse().unwrap()) && !good.trusts("127.0.0.1".parse().unwrap()));
        assert_eq!(check(&[], "").unwrap(), ProxyConfig::default());
    }

    #[test]
    fn rejects_invalid_networks_and_headers() {
        for (trusted, header) in [
            (&["10.0.0.1/8"][..], ""),
            (&["all"], ""),
            (&["::/0"], "X User"),
            (&["::1"], "Cookie"),
            (&["::1"], "X_User"),
        ] {
            assert!(check(trusted, header).is_err(), "{trusted:?} {header}");
        }
    }
}
