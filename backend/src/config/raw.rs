//! Settings as written: every key with its default. Only key names and types are checked here.

use super::audit::RawAudit;
use super::auth::RawAuth;
use super::connections::RawConnections;
use super::error::ConfigError;
use super::limits::RawLimits;
use super::log::RawLog;
use super::metrics::RawMetrics;
use super::oidc::RawOidc;
use super::proxy::RawProxy;
use super::query::RawQuery;
use super::quotas::QuotaConfig;
use super::retention::RawRetention;
use super::shares::RawShares;
use super::slo::RawSlo;
use super::slo_files::RawSloFiles;
use super::stores::{RawIngest, RawStore};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Prefixed variables that are not server settings: the path of the file with settings, and what other commands read.
const NOT_SETTINGS: [&str; 3] = ["config", "url", "token"];

/// All settings, by key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raw {
    pub(super) listen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_url: Option<String>,
    pub(super) allowed_hosts: Vec<String>,
    pub(super) records: RawRecords,
    pub(super) oidc: RawOidc,
    pub(super) proxy: RawProxy,
    pub(super) insecure_no_auth: bool,
    pub(super) auth: RawAuth,
    pub(super) admin_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) admin_password_file: Option<PathBuf>,
    pub(super) self_profile: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_store: Option<String>,
    pub(super) log: RawLog,
    pub(super) connections: RawConnections,
    pub(super) limits: RawLimits,
    pub(super) query: RawQuery,
    pub(super) quotas: QuotaConfig,
    pub(super) retention: RawRetention,
    pub(super) shares: RawShares,
    pub(super) audit: RawAudit,
    pub(super) ingest: RawIngest,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) stores: BTreeMap<String, RawStore>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) metrics: BTreeMap<String, RawMetrics>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) slo: BTreeMap<String, RawSlo>,
    pub(super) slo_files: RawSloFiles,
}

/// `[records]`: the database of users, tokens and shares.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRecords {
    /// May hold a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

impl std::fmt::Debug for RawRecords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawRecords").finish_non_exhaustive()
    }
}

impl Default for Raw {
    fn default() -> Self {
        Raw {
            listen: "127.0.0.1:4280".to_owned(),
            data: None,
            public_url: None,
            allowed_hosts: Vec::new(),
            records: RawRecords::default(),
            oidc: RawOidc::default(),
            proxy: RawProxy::default(),
            insecure_no_auth: false,
            auth: RawAuth::default(),
            admin_name: "admin".to_owned(),
            admin_password_file: None,
            self_profile: true,
            default_store: None,
            log: RawLog::default(),
            connections: RawConnections::default(),
            limits: RawLimits::default(),
            query: RawQuery::default(),
            quotas: QuotaConfig::default(),
            retention: RawRetention::default(),
            shares: RawShares::default(),
            audit: RawAudit::default(),
            ingest: RawIngest::default(),
            stores: BTreeMap::new(),
            metrics: BTreeMap::new(),
            slo: BTreeMap::new(),
            slo_files: RawSloFiles::default(),
        }
    }
}

/// Settings given as flags; absent ones leave the other sources in effect.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Flags {
    /// `--listen`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<String>,
    /// `--data`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<PathBuf>,
    /// `--insecure-no-auth`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) insecure_no_auth: Option<bool>,
}

impl Raw {
    pub(super) fn load(file: Option<&Path>, flags: &Flags) -> Result<Raw, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Raw::default()));
        if let Some(path) = file {
            // Opened here because figment reports a missing and an unreadable file alike.
            std::fs::File::open(path)
                .map_err(|e| ConfigError::File { path: path.to_owned(), reason: e.to_string() })?;
            figment = figment.merge(Toml::file_exact(path));
        }
        let env = Env::prefixed("FLAREPATH_").ignore(&NOT_SETTINGS).split("__");
        Ok(figment.merge(env).merge(Serialized::globals(flags)).extract()?)
    }
}
