//! `public_url`: the origin under which browsers reach the server.

use super::error::ConfigError;
use std::str::FromStr;

/// An origin: scheme, host and port. Links, cookies and origin checks derive from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
}

impl PublicUrl {
    /// `https://host[:port]`, as browsers write `Origin`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port, as in the header `Host`.
    pub fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// Whether it is an address of this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let authority = self.authority();
        let host = match authority.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
    }

    /// Whether its scheme is https.
    pub(crate) fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<PublicUrl, ConfigError> {
        let bad =
            || ConfigError::value("public_url", text, "https://HOST or https://HOST:PORT, without a path");
        let origin = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let (scheme, authority) = origin.split_once("://").ok_or_else(bad)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        if !["http", "https"].contains(&scheme) || authority.is_empty() || !authority.chars().all(allowed) {
            return Err(bad());
        }
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        Ok(PublicUrl { origin: origin.strip_suffix(default_port).unwrap_or(&origin).to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_origins_only() {
        let parsed = |text: &str| text.parse::<PublicUrl>().map(|url| url.origin);
        assert_eq!(parsed("https://Profiles.example/").as_deref(), Ok("https://profiles.example"));
        assert_eq!(parsed("https://a.example:443").as_deref(), Ok("https://a.example"));
        assert_eq!(parsed("http://[::1]:4280").as_deref(), Ok("http://[::1]:4280"));
        for bad in ["profiles.example", "ftp://a", "https://", "https://a/b", "https://u:p@a", "https://a b"]
        {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }
}
