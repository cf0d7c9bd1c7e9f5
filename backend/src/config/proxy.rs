//! `[proxy]`: which proxies stand in front, and whether they say who somebody is.

use super::error::ConfigError;
use super::network::Network;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Checked `[proxy]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyConfig {
    /// Where proxies connect from. Nobody else's headers count.
    pub trusted: Vec<Network>,
    /// The header, lower case, in which they say who is signed in; none: they do not.
    pub user_header: Option<String>,
    /// Whether somebody they name who is not known becomes a viewer.
    pub auto_create: bool,
}

impl ProxyConfig {
    /// Whether the other end of a connection is one of them.
    pub fn trusts(&self, peer: IpAddr) -> bool {
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

/// Headers that say something else: a proxy passes them on, or sets them for another reason.
const NEVER: [&str; 6] = ["authorization", "cookie", "host", "origin", "x-forwarded-for", "user-agent"];

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
        if !is_name || NEVER.contains(&header.as_str()) {
            let expected =
                "the name of a header of its own, letters, digits and `-`, such as `X-Forwarded-User`";
            return Err(ConfigError::value("proxy.user_header", raw.user_header, expected));
        }
        if !header.is_empty() && trusted.is_empty() {
            let expected = "`proxy.trusted` beside it: without the addresses of the proxies, anyone could send this header \
                            and be whoever they like";
            return Err(ConfigError::value("proxy.user_header", raw.user_header, expected));
        }
        let user_header = Some(header).filter(|header| !header.is_empty());
        if raw.auto_create && user_header.is_none() {
            let expected = "`proxy.user_header` beside it: there is nobody to create";
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
    fn a_header_without_proxies_stops_the_start() {
        let error = check(&[], "X-Forwarded-User").unwrap_err();
        assert!(error.contains("proxy.user_header") && error.contains("proxy.trusted"), "{error}");
        let good = check(&["10.0.0.0/8", "::1"], "X-Forwarded-User").unwrap();
        assert_eq!(good.user_header.as_deref(), Some("x-forwarded-user"));
        assert!(good.trusts("10.1.1.1".parse().unwrap()) && !good.trusts("127.0.0.1".parse().unwrap()));
        assert_eq!(check(&[], "").unwrap(), ProxyConfig::default());
    }

    #[test]
    fn slips_are_refused() {
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
