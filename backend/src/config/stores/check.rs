//! Rules for stores, from settings as written to checked ones.

use super::{EMBEDDED, RemoteStoreConfig, StoreConfig, StoreKind, StoresConfig};
use crate::config::error::ConfigError;
use crate::config::remote::{RawRemote, Remote, RemoteKeys, check_name, span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

/// Each of them has connections, figures and a part of the cache.
const MAX_STORES: usize = 16;
const MAX_CONCURRENCY: usize = 64;
const SECOND: Duration = Duration::from_secs(1);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(600);
const SHORTEST_RANGE: Duration = Duration::from_secs(60);
const LONGEST_RANGE: Duration = Duration::from_secs(400 * 86_400);
const KEYS: RemoteKeys = RemoteKeys {
    url: "stores.url",
    url_expected: "http:// or https:// with host and perhaps a path, without credentials: https://pyroscope.example.org",
    username: "stores.username",
    headers: "stores.headers",
    files: "stores.*_file",
    ca_file: "stores.ca_file",
};

/// `[ingest]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct RawIngest {
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::config) struct RawStore {
    kind: String,
    teams: Option<Vec<String>>,
    url: String,
    username: Option<String>,
    password_file: Option<PathBuf>,
    token_file: Option<PathBuf>,
    headers: BTreeMap<String, String>,
    header_files: BTreeMap<String, PathBuf>,
    ca_file: Option<PathBuf>,
    timeout: Option<String>,
    concurrency: Option<usize>,
    service_label: Option<String>,
    max_range: Option<String>,
    database: Option<String>,
}

/// All stores, which of them is asked by default, and which takes pushes.
pub(in crate::config) fn check(
    raw: BTreeMap<String, RawStore>,
    default: Option<String>,
    ingest: RawIngest,
) -> Result<StoresConfig, ConfigError> {
    if raw.len() > MAX_STORES {
        let expected = format!("at most {MAX_STORES} stores");
        return Err(ConfigError::value("stores", format!("{} stores", raw.len()), expected));
    }
    let mut all = raw.into_iter().map(|(name, raw)| store(name, raw)).collect::<Result<Vec<_>, _>>()?;
    if all.is_empty() {
        all = StoresConfig::default().all;
    }
    let mut embedded = all.iter().filter(|store| store.kind == StoreKind::Embedded);
    let (first, second) = (embedded.next(), embedded.next());
    if let (Some(_), Some(second)) = (first, second) {
        let expected = "one store of kind `embedded`, as there is one data directory";
        return Err(ConfigError::value("stores", &second.name, expected));
    }
    let ingest = match ingest.store {
        Some(name) => Some(writable(name, &all)?),
        None => first.map(|store| store.name.clone()),
    };
    Ok(StoresConfig { default: default_name(default, &all)?, ingest, all })
}

/// The store that is asked unless a request names another.
fn default_name(given: Option<String>, all: &[StoreConfig]) -> Result<String, ConfigError> {
    let is_known = |name: &str| all.iter().any(|store| store.name == name);
    match (given, all) {
        (Some(name), _) if is_known(&name) => Ok(name),
        (None, [only]) => Ok(only.name.clone()),
        (None, _) if is_known(EMBEDDED) => Ok(EMBEDDED.to_owned()),
        (name, _) => Err(ConfigError::value("default_store", name.unwrap_or_default(), one_of(all.iter()))),
    }
}

fn writable(name: String, all: &[StoreConfig]) -> Result<String, ConfigError> {
    match all.iter().find(|store| store.name == name) {
        Some(store) if store.kind.takes_pushes() => Ok(name),
        Some(_) => {
            Err(ConfigError::value("ingest.store", name, "a store that is not read-only, as Parca is"))
        }
        None => {
            let good = all.iter().filter(|store| store.kind.takes_pushes());
            Err(ConfigError::value("ingest.store", name, one_of(good)))
        }
    }
}

fn one_of<'a>(stores: impl Iterator<Item = &'a StoreConfig>) -> String {
    let names: Vec<&str> = stores.map(|store| store.name.as_str()).collect();
    format!("the name of a configured store: {}", names.join(", "))
}

fn store(name: String, raw: RawStore) -> Result<StoreConfig, ConfigError> {
    check_name("stores", &name)?;
    let kind = StoreKind::ALL.into_iter().find(|kind| kind.name() == raw.kind).ok_or_else(|| {
        ConfigError::value("stores.kind", &raw.kind, "`embedded`, `pyroscope`, `parca` or `clickhouse`")
    })?;
    if name == EMBEDDED && kind != StoreKind::Embedded {
        return Err(ConfigError::value("stores.kind", &raw.kind, "`embedded` for a store of that name"));
    }
    let teams = teams(raw.teams.as_ref())?;
    let remote = match kind {
        StoreKind::Embedded => {
            check_embedded(&raw)?;
            None
        }
        StoreKind::Pyroscope | StoreKind::Parca | StoreKind::ClickHouse => Some(remote(kind, raw)?),
    };
    Ok(StoreConfig { name, kind, teams, remote })
}

/// An empty list is refused: it could mean everyone as well as no one.
fn teams(given: Option<&Vec<String>>) -> Result<Vec<String>, ConfigError> {
    let Some(teams) = given else { return Ok(Vec::new()) };
    if teams.is_empty() || teams.iter().any(|team| team.trim().is_empty()) {
        let expected = "names of teams; leave it out to let everyone read who may read profiles";
        return Err(ConfigError::value("stores.teams", teams.join(", "), expected));
    }
    Ok(teams.iter().cloned().collect::<BTreeSet<String>>().into_iter().collect())
}

/// Nothing but `kind` and `teams` has an effect on the embedded store.
fn check_embedded(raw: &RawStore) -> Result<(), ConfigError> {
    let alone = RawStore { kind: raw.kind.clone(), teams: raw.teams.clone(), ..RawStore::default() };
    match *raw == alone {
        true => Ok(()),
        false => {
            let expected =
                "no keys but `kind` and `teams` for the embedded store, which is in the data directory";
            Err(ConfigError::value("stores.kind", EMBEDDED, expected))
        }
    }
}

fn remote(kind: StoreKind, raw: RawStore) -> Result<RemoteStoreConfig, ConfigError> {
    let default = RemoteStoreConfig::at(&raw.url);
    let connection = RawRemote {
        url: raw.url,
        username: raw.username,
        password_file: raw.password_file,
        token_file: raw.token_file,
        headers: raw.headers,
        header_files: raw.header_files,
        ca_file: raw.ca_file,
    };
    let Remote { url, auth, headers, header_files, ca } = connection.check(&KEYS)?;
    let timeout =
        raw.timeout.map(|text| span("stores.timeout", &text, SECOND..=LONGEST_TIMEOUT, "1s to 10m"));
    let service_label = of_kind("stores.service_label", raw.service_label, kind, StoreKind::Parca)?;
    let max_range = of_kind("stores.max_range", raw.max_range, kind, StoreKind::Pyroscope)?;
    let max_range =
        max_range.map(|text| span("stores.max_range", &text, SHORTEST_RANGE..=LONGEST_RANGE, "1m to 400d"));
    let database = of_kind("stores.database", raw.database, kind, StoreKind::ClickHouse)?;
    Ok(RemoteStoreConfig {
        url,
        auth,
        headers,
        header_files,
        ca,
        timeout: timeout.transpose()?.unwrap_or(default.timeout),
        concurrency: concurrency(raw.concurrency.unwrap_or(default.concurrency))?,
        service_label: identifier("stores.service_label", service_label.unwrap_or(default.service_label))?,
        max_range: max_range.transpose()?.unwrap_or(default.max_range),
        database: identifier("stores.database", database.unwrap_or(default.database))?,
    })
}

/// A key that has an effect on one kind of store only.
fn of_kind(
    key: &'static str,
    given: Option<String>,
    kind: StoreKind,
    only: StoreKind,
) -> Result<Option<String>, ConfigError> {
    match given {
        Some(value) if kind != only => {
            let expected = format!("this key for stores of kind `{}` only", only.name());
            Err(ConfigError::value(key, value, expected))
        }
        given => Ok(given),
    }
}

fn concurrency(given: usize) -> Result<usize, ConfigError> {
    match (1..=MAX_CONCURRENCY).contains(&given) {
        true => Ok(given),
        false => Err(ConfigError::value("stores.concurrency", given, format!("1 to {MAX_CONCURRENCY}"))),
    }
}

/// A name that needs no quotes in any query language.
fn identifier(key: &'static str, text: String) -> Result<String, ConfigError> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins = text.chars().next().is_some_and(|c| !c.is_ascii_digit());
    if !begins || text.len() > 64 || !text.chars().all(is_word) {
        let expected = "letters, digits and `_`, at most 64 and no digit first";
        return Err(ConfigError::value(key, text, expected));
    }
    Ok(text)
}
