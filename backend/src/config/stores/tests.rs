//! Good and bad stores, from TOML.

use super::*;
use crate::config::Flags;
use crate::config::raw::Raw;

fn load(toml: &str) -> Result<StoresConfig, String> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("flarepath.toml");
    std::fs::write(&file, toml).unwrap();
    let raw = Raw::load(Some(&file), &Flags::default()).map_err(|error| error.to_string())?;
    check(raw.stores, raw.default_store, raw.ingest).map_err(|error| error.to_string())
}

/// A remote store `prod` with these keys.
fn prod(kind: &str, keys: &str) -> Result<RemoteStoreConfig, String> {
    let stores =
        load(&format!("[stores.prod]\nkind = '{kind}'\nurl = 'https://profiles.example.org/'\n{keys}"))?;
    Ok(stores.all[0].remote.clone().unwrap())
}

fn refused(toml: &str, key: &str) -> String {
    let error = load(toml).unwrap_err();
    assert!(error.starts_with(&format!("configuration key `{key}`")), "{error}");
    error
}

const PYROSCOPE: &str = "kind = 'pyroscope'\nurl = 'http://pyroscope:4040'\n";
const PARCA: &str = "kind = 'parca'\nurl = 'http://parca:7070'\n";

#[test]
fn without_any_there_is_the_embedded_one() {
    let stores = load("").unwrap();
    assert_eq!((stores.default.as_str(), stores.ingest.as_deref()), ("embedded", Some("embedded")));
    assert_eq!((stores.all.len(), stores.all[0].kind), (1, StoreKind::Embedded));
    assert!(stores.all[0].remote.is_none() && stores.all[0].teams.is_empty());
}

#[test]
fn a_kind_and_a_url_are_enough() {
    let remote = prod("pyroscope", "").unwrap();
    assert_eq!(remote.url, "https://profiles.example.org");
    assert_eq!((remote.timeout.as_secs(), remote.concurrency), (30, 4));
    assert_eq!(remote.max_range, Duration::from_secs(86_400));
    assert_eq!((remote.service_label.as_str(), remote.database.as_str()), ("service_name", "flarepath"));
    assert_eq!(remote.auth, RemoteAuth::None);
}

#[test]
fn every_key_is_read() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display();
    let keys = format!(
        "token_file = '{path}'\nheaders = {{ X-Scope-OrgID = 'shop' }}\nheader_files = {{ X-Key = '{path}' }}\n\
         ca_file = '{path}'\ntimeout = '1m'\nconcurrency = 8\nmax_range = '7d'\nteams = ['pay', 'core', 'pay']"
    );
    let stores = load(&format!("[stores.prod]\n{PYROSCOPE}{keys}")).unwrap();
    assert_eq!(stores.all[0].teams, ["core", "pay"]);
    let remote = stores.all[0].remote.as_ref().unwrap();
    assert_eq!(remote.auth, RemoteAuth::Bearer(file.path().to_owned()));
    assert_eq!(remote.headers, [("X-Scope-OrgID".to_owned(), "shop".to_owned())]);
    assert_eq!((remote.header_files.len(), remote.ca.as_deref()), (1, Some(&b""[..])));
    assert_eq!((remote.timeout.as_secs(), remote.concurrency), (60, 8));
    assert_eq!(remote.max_range.as_secs(), 7 * 86_400);
    assert_eq!(prod("parca", "service_label = 'job'").unwrap().service_label, "job");
    assert_eq!(prod("clickhouse", "database = 'profiles_2'").unwrap().database, "profiles_2");
}

#[test]
fn the_default_is_the_only_one_or_the_one_called_embedded_or_named() {
    let only = load(&format!("[stores.prod]\n{PYROSCOPE}")).unwrap();
    assert_eq!((only.default.as_str(), only.ingest), ("prod", None));
    let beside = load(&format!("[stores.prod]\n{PYROSCOPE}[stores.embedded]\nkind = 'embedded'")).unwrap();
    assert_eq!((beside.default.as_str(), beside.ingest.as_deref()), ("embedded", Some("embedded")));
    let two = format!("[stores.a]\n{PYROSCOPE}[stores.b]\n{PARCA}");
    assert_eq!(load(&format!("default_store = 'b'\n{two}")).unwrap().default, "b");
    assert!(refused(&two, "default_store").contains("a, b"));
    assert!(refused(&format!("default_store = 'c'\n{two}"), "default_store").contains("`c`"));
    let renamed =
        load(&format!("default_store = 'a'\n[stores.a]\n{PYROSCOPE}[stores.local]\nkind = 'embedded'"));
    assert_eq!(renamed.unwrap().ingest.as_deref(), Some("local"));
}

#[test]
fn pushes_go_to_a_store_that_takes_them() {
    let two = format!("default_store = 'a'\n[stores.a]\n{PYROSCOPE}[stores.b]\n{PARCA}");
    let pushed_to = |name: &str| format!("{two}[ingest]\nstore = '{name}'");
    assert_eq!(load(&pushed_to("a")).unwrap().ingest.as_deref(), Some("a"));
    assert!(refused(&pushed_to("b"), "ingest.store").contains("read-only"));
    let unknown = refused(&pushed_to("c"), "ingest.store");
    assert!(unknown.ends_with("the name of a configured store: a"), "{unknown}");
}

#[test]
fn there_are_at_most_sixteen_and_one_embedded() {
    let many = |count: usize| -> String {
        (0..count).map(|number| format!("[stores.s{number}]\n{PYROSCOPE}")).collect()
    };
    assert_eq!(load(&format!("default_store = 's0'\n{}", many(16))).unwrap().all.len(), 16);
    assert!(refused(&many(17), "stores").contains("at most 16 stores"));
    let two = "[stores.embedded]\nkind = 'embedded'\n[stores.local]\nkind = 'embedded'";
    assert!(refused(two, "stores").contains("`local`"));
}

#[test]
fn bad_values_name_their_key() {
    for (keys, key) in [
        ("url = 'https://x'", "stores.kind"),
        ("kind = 'jaeger'\nurl = 'https://x'", "stores.kind"),
        ("kind = 'embedded'\nurl = 'https://x'", "stores.kind"),
        ("kind = 'embedded'\ntimeout = '30s'", "stores.kind"),
        ("kind = 'parca'", "stores.url"),
        ("kind = 'parca'\nurl = 'parca:7070'", "stores.url"),
        ("kind = 'parca'\nurl = 'https://me:secret@parca'", "stores.url"),
        ("kind = 'parca'\nurl = 'https://x'\nteams = []", "stores.teams"),
        ("kind = 'parca'\nurl = 'https://x'\nteams = ['']", "stores.teams"),
        ("kind = 'parca'\nurl = 'https://x'\ntimeout = '11m'", "stores.timeout"),
        ("kind = 'parca'\nurl = 'https://x'\nconcurrency = 0", "stores.concurrency"),
        ("kind = 'parca'\nurl = 'https://x'\nconcurrency = 65", "stores.concurrency"),
        ("kind = 'parca'\nurl = 'https://x'\nservice_label = 'a.b'", "stores.service_label"),
        ("kind = 'parca'\nurl = 'https://x'\nmax_range = '24h'", "stores.max_range"),
        ("kind = 'pyroscope'\nurl = 'https://x'\nmax_range = '1s'", "stores.max_range"),
        ("kind = 'pyroscope'\nurl = 'https://x'\nservice_label = 'job'", "stores.service_label"),
        ("kind = 'pyroscope'\nurl = 'https://x'\ndatabase = 'x'", "stores.database"),
        ("kind = 'clickhouse'\nurl = 'https://x'\ndatabase = 'x; DROP'", "stores.database"),
        ("kind = 'clickhouse'\nurl = 'https://x'\nusername = 'me'", "stores.username"),
        ("kind = 'clickhouse'\nurl = 'https://x'\ntoken_file = '/nowhere/x'", "stores.*_file"),
        ("kind = 'clickhouse'\nurl = 'https://x'\nca_file = '/nowhere/x'", "stores.ca_file"),
        ("kind = 'clickhouse'\nurl = 'https://x'\nheaders = { Host = 'x' }", "stores.headers"),
    ] {
        refused(&format!("[stores.prod]\n{keys}"), key);
    }
    refused(&format!("[stores.'a b']\n{PYROSCOPE}"), "stores");
    refused(&format!("[stores.embedded]\n{PYROSCOPE}"), "stores.kind");
    assert!(load("[stores.prod]\nkin = 'parca'").unwrap_err().contains("unknown key `stores.prod.kin`"));
}
