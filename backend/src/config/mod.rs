//! Settings: as a person wrote them ([`raw`]), then checked ([`Config`]). What is checked here needs no
//! second look anywhere else.
//!
//! Later sources win: defaults, the file given by `--config` (TOML), environment variables `FLAREPATH_…`
//! (`FLAREPATH_QUERY__TIMEOUT` is `timeout` in `[query]`), flags. A key that nobody knows is refused, as it
//! is most often a misspelling of one that somebody counts on. docs/configuration.md lists every key.

mod auth;
mod error;
mod listen;
mod log;
mod network;
mod oidc;
mod proxy;
mod public_url;
mod query;
mod raw;
mod retention;
mod shares;
mod span;

pub(crate) use auth::AuthConfig;
pub(crate) use error::ConfigError;
pub(crate) use log::{LogConfig, LogFormat};
pub use oidc::{GroupRule, OidcConfig};
pub use proxy::ProxyConfig;
pub(crate) use public_url::PublicUrl;
pub(crate) use query::QueryConfig;
pub(crate) use raw::Flags;
pub(crate) use retention::RetentionConfig;
pub use shares::{LONGEST_PUBLIC, ShareConfig};
pub(crate) use span::parse_span;

use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Checked settings.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Where to listen. Loopback unless there is a [`Config::public_url`] or [`Config::insecure_no_auth`].
    pub(crate) listen: SocketAddr,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// How browsers reach the server: links, cookies and checks of origin are made from it.
    pub(crate) public_url: Option<PublicUrl>,
    /// Where our records are; `None` for a file in the data folder.
    pub(crate) records_url: Option<SecretString>,
    /// The identity provider that people sign in with, if there is one.
    pub(crate) oidc: Option<OidcConfig>,
    /// Which proxies stand in front, and what counts of what they say.
    pub(crate) proxy: ProxyConfig,
    /// Whether a person accepts that anyone who reaches the address has access.
    pub(crate) insecure_no_auth: bool,
    /// How people sign in.
    pub(crate) auth: AuthConfig,
    /// Name of the first administrator, where [`Config::admin_password_file`] has its password.
    pub(crate) admin_name: String,
    /// File with the password of the first administrator, for starts that nobody watches.
    pub(crate) admin_password_file: Option<PathBuf>,
    /// Whether Flarepath profiles itself.
    pub(crate) self_profile: bool,
    /// What is logged.
    pub(crate) log: LogConfig,
    /// Bounds on questions.
    pub(crate) query: QueryConfig,
    /// How long profiles are kept; `None` for ever.
    pub(crate) retention: Option<RetentionConfig>,
    /// What may be shared.
    pub(crate) shares: ShareConfig,
}

impl Config {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`], naming key, place and what is allowed.
    pub(crate) fn load(file: Option<&Path>, flags: &Flags) -> Result<Config, ConfigError> {
        Config::try_from(raw::Raw::load(file, flags)?)
    }
}

impl TryFrom<raw::Raw> for Config {
    type Error = ConfigError;

    fn try_from(raw: raw::Raw) -> Result<Config, ConfigError> {
        let auth: AuthConfig = raw.auth.try_into()?;
        let public_url: Option<PublicUrl> = raw.public_url.map(|text| text.parse()).transpose()?;
        if let Some(url) = &public_url {
            auth.check_public_url(url)?;
        }
        Ok(Config {
            listen: listen::check(&raw.listen, raw.insecure_no_auth || public_url.is_some())?,
            public_url,
            records_url: raw.records.url.filter(|url| !url.is_empty()).map(SecretString::from),
            data: data_dir(raw.data)?,
            oidc: oidc::check(raw.oidc)?,
            proxy: raw.proxy.try_into()?,
            insecure_no_auth: raw.insecure_no_auth,
            auth,
            admin_name: raw.admin_name,
            admin_password_file: raw.admin_password_file.filter(|path| !path.as_os_str().is_empty()),
            self_profile: raw.self_profile,
            log: raw.log.try_into()?,
            query: raw.query.try_into()?,
            retention: retention::check(raw.retention)?,
            shares: raw.shares.try_into()?,
        })
    }
}

/// The folder named, or the platform's place for data of applications (XDG Base Directory Specification).
fn data_dir(named: Option<PathBuf>) -> Result<PathBuf, ConfigError> {
    if let Some(path) = named {
        if path.as_os_str().is_empty() {
            return Err(ConfigError::value("data", "", "the path of a folder"));
        }
        return Ok(path);
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|base| base.join("flarepath"))
        .ok_or(ConfigError::NoDataDir)
}

#[cfg(test)]
mod tests;
