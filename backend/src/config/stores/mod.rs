//! `[stores.NAME]`: stores of profiles; `default_store`: the one that is asked unless a request names another; `[ingest]`: the
//! one that takes pushes.
//!
//! Without any, there is one store, `embedded`, in the data directory. [`check`](mod@check) has the rules.

mod check;

pub(super) use check::{RawIngest, RawStore, check};

use super::remote::RemoteAuth;
use std::path::PathBuf;
use std::time::Duration;

/// Name of the store that is there without any configuration, and the default among several.
const EMBEDDED: &str = "embedded";

/// Checked `[stores.*]`, `default_store` and `[ingest]`.
#[derive(Clone, Debug)]
pub struct StoresConfig {
    /// Name of the store that is asked unless a request names another.
    pub default: String,
    /// Name of the store that takes pushes; none: pushes are refused.
    pub ingest: Option<String>,
    /// All of them, in the order of their names.
    pub all: Vec<StoreConfig>,
}

/// A checked `[stores.NAME]`.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Its name in requests and answers, in the log and on `/metrics`.
    pub name: String,
    /// Keeps the profiles.
    pub kind: StoreKind,
    /// Teams whose members may read it, beside those with a role over everything; empty: everyone who may read profiles.
    pub teams: Vec<String>,
    /// The server to ask; absent for the embedded store.
    pub remote: Option<RemoteStoreConfig>,
}

/// A store that another server keeps.
#[derive(Clone, Debug)]
pub struct RemoteStoreConfig {
    /// Base of its API, without a slash at its end.
    pub url: String,
    /// Credentials.
    pub auth: RemoteAuth,
    /// Headers of each request, such as that of a tenant.
    pub headers: Vec<(String, String)>,
    /// The same with the value in a file.
    pub header_files: Vec<(String, PathBuf)>,
    /// PEM certificates to trust in addition to those of the system.
    pub ca: Option<Vec<u8>>,
    /// For one question, its repetitions included.
    pub timeout: Duration,
    /// Questions at once; others wait.
    pub concurrency: usize,
    /// Parca: the label that names the service.
    pub service_label: String,
    /// Pyroscope: the longest range of one of its queries. Longer ones are asked in parts.
    pub max_range: Duration,
    /// ClickHouse: the database.
    pub database: String,
}

/// Kind of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// In the data directory of this server.
    Embedded,
    /// Pyroscope, or anything with its query API.
    Pyroscope,
    /// Parca; read-only.
    Parca,
    /// Tables of our own in ClickHouse.
    ClickHouse,
}

impl StoreKind {
    /// The value of `kind`.
    pub fn name(self) -> &'static str {
        match self {
            StoreKind::Embedded => EMBEDDED,
            StoreKind::Pyroscope => "pyroscope",
            StoreKind::Parca => "parca",
            StoreKind::ClickHouse => "clickhouse",
        }
    }

    const ALL: [StoreKind; 4] =
        [StoreKind::Embedded, StoreKind::Pyroscope, StoreKind::Parca, StoreKind::ClickHouse];

    fn takes_pushes(self) -> bool {
        self != StoreKind::Parca
    }
}

impl RemoteStoreConfig {
    /// The defaults, for a store at `url`.
    pub fn at(url: &str) -> RemoteStoreConfig {
        RemoteStoreConfig {
            url: url.to_owned(),
            auth: RemoteAuth::None,
            headers: Vec::new(),
            header_files: Vec::new(),
            ca: None,
            timeout: Duration::from_secs(30),
            concurrency: 4,
            service_label: "service_name".to_owned(),
            max_range: Duration::from_secs(86_400),
            database: "flarepath".to_owned(),
        }
    }
}

impl Default for StoresConfig {
    /// The embedded store alone.
    fn default() -> StoresConfig {
        let only = StoreConfig {
            name: EMBEDDED.to_owned(),
            kind: StoreKind::Embedded,
            teams: Vec::new(),
            remote: None,
        };
        StoresConfig { default: EMBEDDED.to_owned(), ingest: Some(EMBEDDED.to_owned()), all: vec![only] }
    }
}

#[cfg(test)]
mod tests;
