//! ClickHouse's engine as the tests have it: chdb behind `tests/clickhouse/shim.py`, which runs one statement at a time.

use anyhow::{Context, Result, bail, ensure};
use reqwest::Client;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The database that Flarepath makes unless another one is configured.
const DATABASE: &str = "flarepath";

/// A running engine with its data in a temporary folder. Ends when dropped.
pub(super) struct Engine {
    process: Child,
    pub(super) url: String,
}

impl Engine {
    /// `None` where chdb is not installed.
    pub(super) fn start() -> Result<Option<Engine>> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = here.join("../.tools/chdb/bin/python");
        if !python.exists() {
            return Ok(None);
        }
        let process = Command::new(&python)
            .arg(here.join("tests/clickhouse/shim.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", python.display()))?;
        let mut engine = Engine { process, url: String::new() };
        let output = engine.process.stdout.as_mut().context("no output")?;
        BufReader::new(output).read_line(&mut engine.url)?;
        ensure!(engine.url.starts_with("http://"), "the engine ended at start; see its errors above");
        engine.url.truncate(engine.url.trim_end().len());
        Ok(Some(engine))
    }

    /// Merges all parts of all tables, so that results do not depend on how far merging got.
    pub(super) async fn merge_parts(&self, http: &Client) -> Result<()> {
        for table in ["series", "functions", "locations", "stacks", "profiles", "samples", "hourly_samples"] {
            self.run(http, &format!("OPTIMIZE TABLE {table} FINAL")).await?;
        }
        Ok(())
    }

    /// Bytes of all tables on disk.
    pub(super) async fn bytes_on_disk(&self, http: &Client) -> Result<u64> {
        let condition = format!("active AND database = '{DATABASE}'");
        self.number(http, &format!("SELECT sum(bytes_on_disk) FROM system.parts WHERE {condition}")).await
    }

    /// Rows of values by stack.
    pub(super) async fn sample_rows(&self, http: &Client) -> Result<u64> {
        self.number(http, "SELECT count() FROM samples").await
    }

    async fn number(&self, http: &Client, sql: &str) -> Result<u64> {
        Ok(self.run(http, sql).await?.trim().parse()?)
    }

    async fn run(&self, http: &Client, sql: &str) -> Result<String> {
        let request = http.post(format!("{}/?database={DATABASE}", self.url)).body(sql.to_owned());
        let answer = request.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        if !status.is_success() {
            bail!("{sql}: {text}");
        }
        Ok(text)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It ends with its standard input, and deletes its data.
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}
