//! `[oidc]`: the OpenID Connect identity provider.

use super::error::ConfigError;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// Checked `[oidc]`.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// Issuer identifier, exactly as the provider spells it; `/.well-known/openid-configuration` is read below it.
    pub issuer: String,
    /// Client id registered at the provider.
    pub client_id: String,
    /// Client secret; none for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
    /// Scopes requested in addition to `openid`.
    pub scopes: Vec<String>,
    /// Claim that holds the user's groups: a key, or a dotted path (`realm_access.roles`).
    pub groups_claim: String,
    /// Roles granted by groups.
    pub groups: Vec<GroupRule>,
    /// Whether users in none of these groups are rejected.
    pub strict: bool,
    /// Label of the sign-in button.
    pub name: String,
    /// Whether unknown users get an account.
    pub auto_create: bool,
    /// Whether unknown users are linked to the account with the same verified e-mail address.
    pub link_by_email: bool,
    /// PEM certificates to trust in addition to those of the system.
    pub ca: Option<Vec<u8>>,
}

/// A role granted by a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRule {
    /// Name of the group at the provider.
    pub group: String,
    /// Name of the role: `viewer`, `editor`, `admin`, `agent`.
    pub role: String,
    /// Scope of the role: this team, of which the user becomes a member; everything, if none.
    pub team: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOidc {
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_file: Option<PathBuf>,
    scopes: Vec<String>,
    groups_claim: String,
    groups: Vec<RawGroup>,
    strict: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    auto_create: bool,
    link_by_email: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    group: String,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<String>,
}

impl Default for RawOidc {
    fn default() -> Self {
        RawOidc {
            issuer: None,
            client_id: None,
            client_secret_file: None,
            scopes: ["profile", "email"].map(str::to_owned).to_vec(),
            groups_claim: "groups".to_owned(),
            groups: Vec::new(),
            strict: true,
            name: None,
            auto_create: true,
            link_by_email: false,
            ca_file: None,
        }
    }
}

/// The provider, if one is configured.
pub(super) fn check(raw: RawOidc) -> Result<Option<OidcConfig>, ConfigError> {
    let Some(issuer) = raw.issuer.filter(|issuer| !issuer.is_empty()) else {
        if let Some(id) = raw.client_id {
            return Err(ConfigError::value("oidc.client_id", id, "`oidc.issuer` to be set as well"));
        }
        return Ok(None);
    };
    let host = check_issuer(&issuer)?.to_owned();
    let client_id = raw.client_id.filter(|id| !id.is_empty()).ok_or_else(|| {
        ConfigError::value("oidc.client_id", "", "the client id registered at the provider")
    })?;
    let groups = raw.groups.into_iter().map(group).collect::<Result<Vec<_>, _>>()?;
    if raw.strict && groups.is_empty() {
        let expected = "`oidc.groups` to be set as well, or nobody could sign in; with `strict = false` every user of the \
                        provider can, without a role until an administrator grants one";
        return Err(ConfigError::value("oidc.strict", true, expected));
    }
    if let Some(bad) = raw.scopes.iter().find(|s| s.is_empty() || s.contains(char::is_whitespace)) {
        return Err(ConfigError::value("oidc.scopes", bad, "one scope per entry, such as `email`"));
    }
    Ok(Some(OidcConfig {
        client_secret: raw.client_secret_file.as_deref().map(read_secret).transpose()?,
        ca: raw.ca_file.as_deref().map(|path| read("oidc.ca_file", path)).transpose()?,
        name: raw.name.filter(|name| !name.trim().is_empty()).unwrap_or(host),
        issuer,
        client_id,
        scopes: raw.scopes,
        groups_claim: raw.groups_claim,
        groups,
        strict: raw.strict,
        auto_create: raw.auto_create,
        link_by_email: raw.link_by_email,
    }))
}

/// The host of an issuer that is reached over TLS or on this machine; signing keys fetched over plain HTTP could be forged.
fn check_issuer(issuer: &str) -> Result<&str, ConfigError> {
    let bad = || {
        let expected =
            "https://HOST/… as the provider spells it (http:// only for a provider on this machine)";
        ConfigError::value("oidc.issuer", issuer, expected)
    };
    let (scheme, rest) = issuer.split_once("://").ok_or_else(bad)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let is_safe = scheme == "https" || (scheme == "http" && here);
    if !is_safe || host.is_empty() || issuer.contains(['@', '?', '#', ' ']) {
        return Err(bad());
    }
    Ok(host)
}

fn group(raw: RawGroup) -> Result<GroupRule, ConfigError> {
    if raw.group.is_empty() {
        return Err(ConfigError::value("oidc.groups", "", "the name of a group at the provider"));
    }
    Ok(GroupRule { group: raw.group, role: raw.role, team: raw.team.filter(|team| !team.is_empty()) })
}

fn read_secret(path: &Path) -> Result<SecretString, ConfigError> {
    let bytes = read("oidc.client_secret_file", path)?;
    let text =
        String::from_utf8(bytes).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let bad = || {
        ConfigError::value(
            "oidc.client_secret_file",
            path.display(),
            "a file that holds the secret on one line",
        )
    };
    text.map(SecretString::from).ok_or_else(bad)
}

fn read(key: &'static str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path)
        .map_err(|error| ConfigError::value(key, path.display(), format!("a readable file ({error})")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(change: impl FnOnce(&mut RawOidc)) -> Result<Option<OidcConfig>, String> {
        let mut raw = RawOidc {
            issuer: Some("https://id.example/realms/a".to_owned()),
            client_id: Some("flarepath".to_owned()),
            groups: vec![RawGroup { group: "sre".to_owned(), role: "editor".to_owned(), team: None }],
            ..RawOidc::default()
        };
        change(&mut raw);
        check(raw).map_err(|e| e.to_string())
    }

    #[test]
    fn provider_needs_issuer_client_id_and_groups() {
        assert!(check(RawOidc::default()).unwrap().is_none());
        let good = provider(|_| {}).unwrap().unwrap();
        assert_eq!((good.name.as_str(), good.groups[0].role.as_str()), ("id.example", "editor"));
        assert!(good.strict && good.auto_create && !good.link_by_email);
        assert!(provider(|raw| raw.client_id = None).unwrap_err().contains("oidc.client_id"));
        assert!(provider(|raw| raw.issuer = None).unwrap_err().contains("oidc.issuer"));
        assert!(provider(|raw| raw.groups.clear()).unwrap_err().contains("nobody could sign in"));
        assert!(provider(|raw| (raw.groups, raw.strict) = (Vec::new(), false)).is_ok());
        let secret = provider(|raw| raw.client_secret_file = Some("/nowhere/secret".into())).unwrap_err();
        assert!(secret.contains("/nowhere/secret"), "{secret}");
    }

    #[test]
    fn issuer_needs_tls_unless_local() {
        let with = |issuer: &str| provider(|raw| raw.issuer = Some(issuer.to_owned())).is_ok();
        for good in [
            "https://id.example",
            "https://id.example/",
            "http://127.0.0.1:9000",
            "http://[::1]:9/x",
            "http://localhost:1",
        ] {
            assert!(with(good), "{good}");
        }
        for bad in [
            "http://id.example",
            "ftp://id.example",
            "id.example",
            "https://",
            "https://a@b",
            "https://a?b",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(!with(bad), "{bad}");
        }
    }
}
