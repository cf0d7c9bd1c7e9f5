//! Settings of another server that is asked over HTTP, which `[metrics.NAME]` and `[stores.NAME]` share: its address,
//! credentials, headers, certificates and time limits.
//!
//! Files with secrets must be readable at the start; their content is read again with each request, so that a secret can be
//! replaced at any time.

use super::error::ConfigError;
use super::span::parse_span;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

const MAX_NAME_LEN: usize = 64;

/// Credentials of this server at another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteAuth {
    /// None.
    None,
    /// Basic (RFC 7617).
    Basic {
        /// User name.
        username: String,
        /// File with the password.
        password_file: PathBuf,
    },
    /// A bearer token (RFC 6750) in a file.
    Bearer(PathBuf),
}

/// Keys that errors name, and what is allowed for those whose meaning depends on the section.
pub(super) struct RemoteKeys {
    pub(super) url: &'static str,
    pub(super) url_expected: &'static str,
    pub(super) username: &'static str,
    pub(super) headers: &'static str,
    pub(super) files: &'static str,
    pub(super) ca_file: &'static str,
}

/// Settings as written.
pub(super) struct RawRemote {
    pub(super) url: String,
    pub(super) username: Option<String>,
    pub(super) password_file: Option<PathBuf>,
    pub(super) token_file: Option<PathBuf>,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) header_files: BTreeMap<String, PathBuf>,
    pub(super) ca_file: Option<PathBuf>,
}

/// Checked settings.
pub(super) struct Remote {
    /// Without a slash at its end.
    pub(super) url: String,
    pub(super) auth: RemoteAuth,
    pub(super) headers: Vec<(String, String)>,
    pub(super) header_files: Vec<(String, PathBuf)>,
    /// PEM certificates to trust in addition to those of the system.
    pub(super) ca: Option<Vec<u8>>,
}

impl RawRemote {
    /// Reads the certificates, and each file with a secret to see whether it can be read.
    pub(super) fn check(self, keys: &RemoteKeys) -> Result<Remote, ConfigError> {
        check_headers(&self, keys)?;
        let files = self.header_files.values().chain(&self.password_file).chain(&self.token_file);
        files.into_iter().try_for_each(|path| read(keys.files, path).map(drop))?;
        Ok(Remote {
            url: url(&self.url, keys)?,
            auth: auth(self.username, self.password_file, self.token_file, keys)?,
            headers: self.headers.into_iter().collect(),
            header_files: self.header_files.into_iter().collect(),
            ca: self.ca_file.as_deref().map(|path| read(keys.ca_file, path)).transpose()?,
        })
    }
}

/// The name of a section `[KEY.NAME]`, which is a label on `/metrics` and part of addresses.
pub(super) fn check_name(key: &'static str, name: &str) -> Result<(), ConfigError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > MAX_NAME_LEN || !name.chars().all(is_plain) {
        let expected = format!(
            "[{key}.NAME] with a NAME of letters, digits, `-` and `_`, at most {MAX_NAME_LEN} characters"
        );
        return Err(ConfigError::value(key, name, expected));
    }
    Ok(())
}

/// A duration within `allowed`, which `expected` says in words.
pub(super) fn span(
    key: &'static str,
    text: &str,
    allowed: RangeInclusive<Duration>,
    expected: &str,
) -> Result<Duration, ConfigError> {
    let given = parse_span(text).ok().filter(|span| allowed.contains(span));
    given.ok_or_else(|| ConfigError::value(key, text, expected))
}

fn url(text: &str, keys: &RemoteKeys) -> Result<String, ConfigError> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_good = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.contains(['@', '?', '#'])
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if !is_good {
        return Err(ConfigError::value(keys.url, text, keys.url_expected));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn auth(
    username: Option<String>,
    password: Option<PathBuf>,
    token: Option<PathBuf>,
    keys: &RemoteKeys,
) -> Result<RemoteAuth, ConfigError> {
    match (username, password, token) {
        (None, None, None) => Ok(RemoteAuth::None),
        (Some(username), Some(password_file), None) => Ok(RemoteAuth::Basic { username, password_file }),
        (None, None, Some(file)) => Ok(RemoteAuth::Bearer(file)),
        (username, ..) => {
            let expected = "`username` and `password_file`, or `token_file`, or none of them";
            Err(ConfigError::value(keys.username, username.unwrap_or_default(), expected))
        }
    }
}

fn check_headers(raw: &RawRemote, keys: &RemoteKeys) -> Result<(), ConfigError> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let of_the_client = ["authorization", "content-length", "content-type", "host"];
    for name in raw.headers.keys().chain(raw.header_files.keys()) {
        if name.is_empty() || !name.chars().all(is_token) || of_the_client.contains(&&*name.to_lowercase()) {
            let expected = "the name of a header other than Authorization (`username`, `token_file`), \
                            Content-Type, Content-Length and Host";
            return Err(ConfigError::value(keys.headers, name, expected));
        }
    }
    let is_printable = |value: &String| value.bytes().all(|byte| (32..127).contains(&byte));
    match raw.headers.iter().find(|(_, value)| !is_printable(value)) {
        // Not the value, which may be a secret.
        Some((name, _)) => {
            Err(ConfigError::value(keys.headers, name, "a value of printable ASCII characters"))
        }
        None => Ok(()),
    }
}

fn read(key: &'static str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path)
        .map_err(|error| ConfigError::value(key, path.display(), format!("a readable file ({error})")))
}
