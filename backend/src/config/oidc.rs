//! `[oidc]`: the identity provider that people sign in with.

use super::error::ConfigError;
use crate::auth::Role;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// Checked `[oidc]`.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// The provider's address exactly as it spells it itself; `/.well-known/openid-configuration` is read below it.
    pub issuer: String,
    /// What the provider knows us as.
    pub client_id: String,
    /// What we show to it; none for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that holds a person's groups: a key, or keys with dots in between (`realm_access.roles`).
    pub groups_claim: String,
    /// What groups give.
    pub groups: Vec<GroupRule>,
    /// Whether somebody in none of these groups is turned away.
    pub strict: bool,
    /// What the button says.
    pub name: String,
    /// Whether somebody new gets an account here.
    pub auto_create: bool,
    /// Whether somebody new is taken for the user with the same, verified e-mail address.
    pub link_by_email: bool,
    /// Certificates in PEM to trust beside those of the system.
    pub ca: Option<Vec<u8>>,
}

/// What a group gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRule {
    /// The group as the provider names it.
    pub group: String,
    /// The role it gives.
    pub role: Role,
    /// Over this team's profiles, as one of the team; over everything, if none.
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

/// The provider, if one is named.
pub(super) fn check(raw: RawOidc) -> Result<Option<OidcConfig>, ConfigError> {
    let Some(issuer) = raw.issuer.filter(|issuer| !issuer.is_empty()) else {
        if let Some(id) = raw.client_id {
            return Err(ConfigError::value("oidc.client_id", id, "`oidc.issuer` beside it"));
        }
        return Ok(None);
    };
    let host = check_issuer(&issuer)?.to_owned();
    let client_id = raw.client_id.filter(|id| !id.is_empty()).ok_or_else(|| {
        ConfigError::value(
            "oidc.client_id",
            "",
            "the name under which Flarepath is registered at the provider",
        )
    })?;
    let groups = raw.groups.into_iter().map(group).collect::<Result<Vec<_>, _>>()?;
    if raw.strict && groups.is_empty() {
        let expected = "`oidc.groups` beside it, or nobody could sign in; with `strict = false` everyone whom the provider \
                        knows may, and has no role until an administrator gives one";
        return Err(ConfigError::value("oidc.strict", true, expected));
    }
    if let Some(bad) = raw.scopes.iter().find(|s| s.is_empty() || s.contains(char::is_whitespace)) {
        return Err(ConfigError::value("oidc.scopes", bad, "one scope an entry, such as `email`"));
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

/// The host of an address over TLS, or of this machine: keys that come over an open network are anybody's.
fn check_issuer(issuer: &str) -> Result<&str, ConfigError> {
    let bad = || {
        let expected = "https://HOST/… as the provider spells it (http only for a provider on this machine)";
        ConfigError::value("oidc.issuer", issuer, expected)
    };
    let (scheme, rest) = issuer.split_once("://").ok_or_else(bad)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let fits = scheme == "https" || (scheme == "http" && here);
    if !fits || host.is_empty() || issuer.contains(['@', '?', '#', ' ']) {
        return Err(bad());
    }
    Ok(host)
}

fn group(raw: RawGroup) -> Result<GroupRule, ConfigError> {
    if raw.group.is_empty() {
        return Err(ConfigError::value("oidc.groups", "", "a group as the provider names it"));
    }
    let role = raw.role.parse().map_err(|error: crate::auth::UnknownRole| {
        ConfigError::value("oidc.groups", &raw.role, format!("a role ({error})"))
    })?;
    Ok(GroupRule { group: raw.group, role, team: raw.team.filter(|team| !team.is_empty()) })
}

fn read_secret(path: &Path) -> Result<SecretString, ConfigError> {
    let bytes = read("oidc.client_secret_file", path)?;
    let text =
        String::from_utf8(bytes).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let bad = || {
        ConfigError::value("oidc.client_secret_file", path.display(), "a file with the secret on one line")
    };
    text.map(SecretString::from).ok_or_else(bad)
}

fn read(key: &'static str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path).map_err(|error| {
        ConfigError::value(key, path.display(), format!("a file that can be read ({error})"))
    })
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
    fn a_provider_needs_an_address_a_name_and_groups() {
        assert!(check(RawOidc::default()).unwrap().is_none());
        let good = provider(|_| {}).unwrap().unwrap();
        assert_eq!((good.name.as_str(), good.groups[0].role), ("id.example", Role::Editor));
        assert!(good.strict && good.auto_create && !good.link_by_email);
        assert!(provider(|raw| raw.client_id = None).unwrap_err().contains("oidc.client_id"));
        assert!(provider(|raw| raw.issuer = None).unwrap_err().contains("oidc.issuer"));
        assert!(provider(|raw| raw.groups.clear()).unwrap_err().contains("nobody could sign in"));
        assert!(provider(|raw| (raw.groups, raw.strict) = (Vec::new(), false)).is_ok());
        assert!(
            provider(|raw| raw.groups[0].role = "owner".to_owned()).unwrap_err().contains("viewer, editor")
        );
        let secret = provider(|raw| raw.client_secret_file = Some("/nowhere/secret".into())).unwrap_err();
        assert!(secret.contains("/nowhere/secret"), "{secret}");
    }

    #[test]
    fn keys_never_come_over_an_open_network() {
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
