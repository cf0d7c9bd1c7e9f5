//! ClickHouse gives the same results as the naive merge: on the server at `CLICKHOUSE_URL`, or else on its engine in chdb, behind
//! the HTTP interface of `clickhouse/shim.py`.
//!
//! Profiles of the cases are old, so the tables of tests drop nothing because of its age. Each test has its own databases.

use flarepath::clock::FixedClock;
use flarepath::config::RemoteStoreConfig;
use flarepath::store::clickhouse::ClickHouseStore;
use flarepath::store::conformance::{self, Case, ProfileSpec, Question, SampleSpec, Subject, new_profile};
use flarepath::store::memory::MemoryStore;
use flarepath::store::{NewProfile, ProfileStore, ProfileWriter, Selection, StoreError, TimeRange, Upstream};
use flarepath_profile::labels::Labels;
use flarepath_profile::unix_nanos::UnixNanos;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

const MINUTE: i64 = 60_000_000_000;
/// Not aligned to any hour.
const START: i64 = 1_700_000_123_456_789_012;
const TABLES: [&str; 7] =
    ["series", "functions", "locations", "stacks", "profiles", "samples", "hourly_samples"];

/// A server for all tests of this binary; `None` if there is none.
static SERVER: LazyLock<Option<Server>> = LazyLock::new(Server::start);

struct Server {
    url: String,
    /// Ends with this process, as its standard input does.
    _shim: Option<Child>,
}

impl Server {
    fn start() -> Option<Server> {
        if let Ok(url) = std::env::var("CLICKHOUSE_URL") {
            return Some(Server { url: url.trim_end_matches('/').to_owned(), _shim: None });
        }
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = here.join("../.tools/chdb/bin/python");
        if !python.exists() {
            missing("chdb (.tools/chdb)");
            return None;
        }
        let mut shim = Command::new(python)
            .arg(here.join("tests/clickhouse/shim.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(shim.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
        assert!(url.starts_with("http://"), "the shim exited before it was ready; see its errors above");
        Some(Server { url: url.trim_end().to_owned(), _shim: Some(shim) })
    }

    /// Runs a statement as an operator would.
    async fn run(&self, database: &str, sql: &str) -> Result<String, StoreError> {
        let failed = |error: reqwest::Error| StoreError::Unreachable(error.to_string());
        let client = flarepath::web_client::build(None, |client| client).map_err(failed)?;
        let request = client.post(format!("{}/?database={database}", self.url)).body(sql.to_owned());
        let answer = request.send().await.map_err(failed)?;
        let (status, text) = (answer.status(), answer.text().await.map_err(failed)?);
        if status.is_success() { Ok(text) } else { Err(StoreError::Database(text)) }
    }

    /// A store in a database that does not exist yet.
    async fn store(&self) -> Result<(Arc<ClickHouseStore>, String), StoreError> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let database = format!("flarepath_test_{}_{number}", std::process::id());
        let store = store_at(&self.url, &database)?;
        store.check().await?;
        for table in TABLES {
            self.run(&database, &format!("ALTER TABLE {table} REMOVE TTL")).await?;
        }
        Ok((store, database))
    }
}

fn store_at(url: &str, database: &str) -> Result<Arc<ClickHouseStore>, StoreError> {
    let config = RemoteStoreConfig { database: database.to_owned(), ..RemoteStoreConfig::at(url) };
    let upstream = Upstream::new("prod", &config, Arc::new(FixedClock(UnixNanos(START))));
    Ok(Arc::new(ClickHouseStore::new(upstream, &config)?))
}

/// As for the other external dependencies: fails where everything was set up, and reports the test as skipped elsewhere.
fn missing(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what} is missing: scripts/setup.sh test installs it");
    eprintln!("\n*** SKIPPED: {what} is missing; run `scripts/setup.sh test` ***\n");
}

fn batch(values: impl Iterator<Item = i64>) -> Vec<NewProfile> {
    let profile = |(minute, value): (i64, i64)| {
        let sample = |path: &[u8], span| SampleSpec { path: path.to_vec(), value, span };
        let samples = vec![sample(&[6, 1], 0), sample(&[3], 1)];
        new_profile(&ProfileSpec { start_ns: START + minute * MINUTE, samples, ..ProfileSpec::default() })
    };
    (0..).zip(values).map(profile).collect()
}

fn everything() -> Case {
    let range = TimeRange::nanos(START - 60 * MINUTE, START + 6000 * MINUTE);
    let question =
        Question { range, matchers: vec![], kind: 0, step_ns: 60 * MINUTE, by: 3, span: 0, bounds: None };
    Case { batches: vec![], questions: vec![question.clone(), Question { span: 1, ..question }] }
}

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_conforms() {
    let Some(server) = &*SERVER else { return };
    conformance::run(|| async { Ok(Subject::writable(server.store().await?.0)) }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_sent_again_changes_no_sum() {
    let Some(server) = &*SERVER else { return };
    let (store, database) = server.store().await.unwrap();
    let oracle = MemoryStore::new();
    for values in [1..200, 1000..1100] {
        oracle.append(batch(values.clone())).await.unwrap();
        // Another server, to which no symbol is known yet, sends it at the third time.
        let other = store_at(&server.url, &database).unwrap();
        for sender in [&store, &store, &other] {
            sender.append(batch(values.clone())).await.unwrap();
        }
    }
    conformance::compare(&*store, &oracle, &everything()).await.unwrap();
    let sums = "SELECT (SELECT sum(value) FROM samples) = (SELECT sum(value) FROM hourly_samples)";
    assert_eq!(server.run(&database, sums).await.unwrap().trim(), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn merging_parts_changes_no_answer() {
    let Some(server) = &*SERVER else { return };
    let (store, database) = server.store().await.unwrap();
    let oracle = MemoryStore::new();
    for values in [1..50, 50..100, 100..150] {
        oracle.append(batch(values.clone())).await.unwrap();
        store.append(batch(values)).await.unwrap();
    }
    for table in TABLES {
        server.run(&database, &format!("OPTIMIZE TABLE {table} FINAL")).await.unwrap();
    }
    conformance::compare(&*store, &oracle, &everything()).await.unwrap();
}

/// Of a series with this value of a label, whether `pattern` selects it.
async fn selects(store: &dyn ProfileStore, pattern: &str) -> Vec<String> {
    let selector = format!("{{note=~{pattern:?}}}").parse().unwrap();
    let selection = Selection::new(&selector, TimeRange::nanos(START, START + MINUTE)).unwrap();
    let found = store.series(&selection).await.unwrap();
    let mut notes: Vec<String> =
        found.iter().map(|info| info.labels.get("note").unwrap_or_default().to_owned()).collect();
    notes.sort();
    notes
}

#[tokio::test(flavor = "multi_thread")]
async fn patterns_and_texts_mean_the_same_there() {
    let Some(server) = &*SERVER else { return };
    let (store, _) = server.store().await.unwrap();
    let oracle = MemoryStore::new();
    let notes = ["", "a", "a\nb", "a\\b", "it's", "7", "٣", "é", "É", "\u{a0}", "a\tb", "[", "a-b"];
    let with = |note: &&str| {
        let labels: Labels = [("service_name", "cart"), ("note", *note)].into_iter().collect();
        NewProfile { labels, ..batch(1..2).remove(0) }
    };
    let profiles: Vec<NewProfile> = notes.iter().map(with).collect();
    oracle.append(profiles.clone()).await.unwrap();
    store.append(profiles).await.unwrap();
    for pattern in [
        "",
        ".*",
        ".+",
        "a.b",
        r"a\\b",
        "it's",
        r"\d",
        r"\D",
        r"\s",
        r"\S*",
        r"\w",
        r"\W",
        r"[\d\s]",
        "(?i)é",
        "[^a]",
        r"a\tb",
        r"\[",
        "[[:alpha:]]",
        "a[-]b",
        r"\p{L}",
        "(?P<x>a)|(7)",
        "a$",
    ] {
        assert_eq!(selects(&*store, pattern).await, selects(&oracle, pattern).await, "{pattern}");
    }
}

#[tokio::test]
async fn a_store_that_is_down_is_named() {
    let store = store_at("http://127.0.0.1:9", "flarepath").unwrap();
    let error = store.has_service("cart").await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable(_)) && error.to_string().contains("prod: "), "{error}");
    assert!(store_at("http://127.0.0.1:9", "a; DROP DATABASE b").is_err());
}
