//! Settings: as written ([`raw`]), then checked ([`Config`]). Checked settings are plain values; [`crate::app`] converts them
//! into the types of other modules, so this module depends on none of them.
//!
//! Later sources override earlier ones: defaults, the file given by `--config` (TOML), environment variables `FLAREPATH_…`
//! (`FLAREPATH_QUERY__TIMEOUT` is `timeout` in `[query]`), flags. Unknown keys are errors, as most are misspelled known ones.
//! docs/configuration.md lists every key.

mod allowed_hosts;
mod audit;
mod auth;
mod byte_size;
mod connections;
mod error;
mod limits;
mod listen;
mod log;
mod metrics;
mod network;
mod oidc;
mod proxy;
mod public_url;
mod query;
mod quotas;
mod raw;
mod remote;
mod retention;
mod shares;
mod slo;
mod slo_files;
mod span;
mod stores;

pub(crate) use auth::AuthConfig;
pub(crate) use connections::ConnectionConfig;
pub(crate) use error::ConfigError;
pub(crate) use limits::LimitsConfig;
pub(crate) use log::{LogConfig, LogFormat};
// Not the crate of this name.
pub use self::metrics::{MetricsConfig, MetricsPin, MetricsTemplate};
pub use oidc::{GroupRule, OidcConfig};
pub use proxy::ProxyConfig;
pub(crate) use public_url::PublicUrl;
pub(crate) use query::QueryConfig;
pub use quotas::{QuotaConfig, QuotaOverride};
pub(crate) use raw::Flags;
pub use remote::RemoteAuth;
pub(crate) use retention::RetentionConfig;
pub(crate) use shares::LONGEST_PUBLIC;
pub use shares::ShareConfig;
pub use slo::SloConfig;
pub use slo_files::{SloFile, SloFilesConfig};
pub(crate) use span::parse_span;
pub use stores::{RemoteStoreConfig, StoreConfig, StoreKind, StoresConfig};

use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Checked settings.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Listen address. Loopback unless [`Config::public_url`] or [`Config::insecure_no_auth`] is set.
    pub(crate) listen: SocketAddr,
    /// Data directory.
    pub(crate) data: PathBuf,
    /// Origin under which browsers reach the server.
    pub(crate) public_url: Option<PublicUrl>,
    /// Host names of the server, in addition to the public URL and the names of its machine.
    pub(crate) allowed_hosts: Vec<String>,
    /// URL of the records database; `None` for a file in the data directory.
    pub(crate) records_url: Option<SecretString>,
    /// Identity provider, if one is configured.
    pub(crate) oidc: Option<OidcConfig>,
    /// Trusted reverse proxies.
    pub(crate) proxy: ProxyConfig,
    /// Whether sign-in is disabled: everyone who reaches the address has full access.
    pub(crate) insecure_no_auth: bool,
    /// Sessions and password sign-in.
    pub(crate) auth: AuthConfig,
    /// Name of the first administrator, where [`Config::admin_password_file`] has its password.
    pub(crate) admin_name: String,
    /// File with the password of the first administrator, for unattended starts.
    pub(crate) admin_password_file: Option<PathBuf>,
    /// Whether the server profiles itself.
    pub(crate) self_profile: bool,
    /// Log format and level.
    pub(crate) log: LogConfig,
    /// Limits on connections.
    pub(crate) connections: ConnectionConfig,
    /// Bounds on requests.
    pub(crate) limits: LimitsConfig,
    /// Bounds on queries.
    pub(crate) query: QueryConfig,
    /// What senders of profiles may add.
    pub(crate) quotas: QuotaConfig,
    /// Age at which profiles are dropped; `None`: never.
    pub(crate) retention: Option<RetentionConfig>,
    /// Bytes that stored profiles may take of the disk; `None`: no limit.
    pub(crate) max_size: Option<u64>,
    /// Bounds on shares.
    pub(crate) shares: ShareConfig,
    /// Age at which audit entries are moved to files; `None`: never.
    pub(crate) audit_retention: Option<Duration>,
    /// Stores of profiles.
    pub(crate) stores: StoresConfig,
    /// Sources of metrics.
    pub(crate) metrics: Vec<MetricsConfig>,
    /// Service level objectives.
    pub(crate) slos: Vec<SloConfig>,
    /// Files with definitions of more of them.
    pub(crate) slo_files: SloFilesConfig,
}

impl Config {
    /// Reads and checks all settings.
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
            allowed_hosts: allowed_hosts::check(raw.allowed_hosts)?,
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
            connections: raw.connections.try_into()?,
            limits: raw.limits.try_into()?,
            query: raw.query.try_into()?,
            quotas: quotas::check(raw.quotas)?,
            max_size: retention::max_size(&raw.retention)?,
            retention: retention::check(raw.retention)?,
            shares: raw.shares.try_into()?,
            audit_retention: audit::check(&raw.audit)?,
            stores: stores::check(raw.stores, raw.default_store, raw.ingest)?,
            metrics: metrics::check(raw.metrics)?,
            slos: slo::check(raw.slo)?,
            slo_files: raw.slo_files.try_into()?,
        })
    }
}

/// The given directory, or the platform's default (XDG Base Directory Specification).
fn data_dir(named: Option<PathBuf>) -> Result<PathBuf, ConfigError> {
    if let Some(path) = named {
        if path.as_os_str().is_empty() {
            return Err(ConfigError::value("data", "", "the path of a directory"));
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
