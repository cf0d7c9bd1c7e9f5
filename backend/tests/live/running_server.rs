//! A running server: the built binary with a data directory of its own, queried over HTTP.

use crate::seen_tree::SeenTree;
use anyhow::{Context, bail, ensure};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Time limit for reaching a state. Far more than is needed, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);
/// Poll interval: clients do not report that they have pushed.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// CPU time, in the form sent by most SDKs.
pub(crate) const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

/// Configuration, as environment variables.
pub(crate) type Settings = &'static [(&'static str, &'static str)];

/// A server with a data directory of its own. Killed when dropped.
pub(crate) struct RunningServer {
    /// Its URL, without a trailing slash.
    pub(crate) url: String,
    process: Child,
    data: TempDir,
    /// Environment variables that it was started with.
    settings: Settings,
    started: Instant,
    /// Token for queries, if sign-in is enabled.
    token: Option<String>,
}

impl RunningServer {
    /// Starts a server with an empty data directory and waits until it is ready.
    pub(crate) async fn start() -> anyhow::Result<RunningServer> {
        RunningServer::start_with(&[]).await
    }

    /// The same with a configuration.
    pub(crate) async fn start_with(settings: Settings) -> anyhow::Result<RunningServer> {
        RunningServer::start_on(TempDir::new()?, settings).await
    }

    /// Starts a server with a configuration file; the settings go before what the file says.
    pub(crate) async fn start_with_file(file: &str, settings: Settings) -> anyhow::Result<RunningServer> {
        let data = TempDir::new()?;
        let (process, url) = spawn(data.path(), &["--insecure-no-auth", "--config", file], settings).await?;
        Ok(RunningServer { url, process, data, settings, started: Instant::now(), token: None })
    }

    /// Starts a server with sign-in that is claimed; the test queries it with the token of a viewer.
    pub(crate) async fn start_with_sign_in() -> anyhow::Result<RunningServer> {
        let data = TempDir::new()?;
        let reader = make_token(data.path(), &["--service-account", "reader", "--role", "viewer"]).await?;
        let (process, url) = spawn(data.path(), &[], &[]).await?;
        let claim = flarepath::web_client::build(None, |client| client)?
            .post(format!("{url}/api/v1/claim"))
            .header("Content-Type", "application/json")
            .header("Sec-Fetch-Site", "same-origin")
            .body(r#"{"name":"root","password":"three small words"}"#);
        let answer = claim.send().await?;
        ensure!(answer.status().is_success(), "not claimed: {}", answer.text().await?);
        let started = Instant::now();
        Ok(RunningServer { url, process, data, settings: &[], started, token: Some(reader) })
    }

    /// Creates an agent token with the command, while the server is running.
    pub(crate) async fn agent_token(&self, selector: &str) -> anyhow::Result<String> {
        make_token(self.data.path(), &["--agent", "profiler", "--selector", selector]).await
    }

    /// Starts a server on a data directory.
    pub(crate) async fn start_on(data: TempDir, settings: Settings) -> anyhow::Result<RunningServer> {
        let (process, url) = spawn(data.path(), &["--insecure-no-auth"], settings).await?;
        Ok(RunningServer { url, process, data, settings, started: Instant::now(), token: None })
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Whether it has not been running for longer than anything takes.
    pub(crate) fn is_patient(&self) -> bool {
        self.started.elapsed() < PATIENCE
    }

    /// `kill -9`, then a new server on the same data directory.
    pub(crate) async fn kill_and_start_again(mut self) -> anyhow::Result<RunningServer> {
        self.kill().await?;
        RunningServer::start_on(self.data, self.settings).await
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("cannot kill the server")
    }

    /// The JSON response to `GET path`.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = flarepath::web_client::build(None, |client| client)?.get(format!("{}{path}", self.url));
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.header("Accept", "application/json").send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).with_context(|| format!("{path}: {text}"))
    }

    /// The call tree of a service in a range.
    pub(crate) async fn call_tree_between(
        &self,
        service: &str,
        profile_type: &str,
        from_ns: i64,
        until_ns: i64,
    ) -> anyhow::Result<SeenTree> {
        let range = format!("from={from_ns}&until={until_ns}");
        self.call_tree_of(&of_service(service), profile_type, &range).await
    }

    async fn call_tree_of(
        &self,
        selector: &str,
        profile_type: &str,
        range: &str,
    ) -> anyhow::Result<SeenTree> {
        let query: String = [("selector", selector), ("type", profile_type)]
            .iter()
            .map(|(key, value)| format!("&{key}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
            .collect();
        let answer = self.get(&format!("/api/v1/call-tree?{range}{query}")).await?;
        SeenTree::read(&answer).with_context(|| format!("unexpected answer: {answer}"))
    }

    /// Waits until a function whose name contains `function` is in the call tree of the service.
    pub(crate) async fn wait_for_function(
        &self,
        service: &str,
        profile_type: &str,
        function: &str,
    ) -> anyhow::Result<SeenTree> {
        self.wait_for_function_of(&of_service(service), profile_type, function).await
    }

    /// Waits until a function whose name contains `function` is in the call tree of the profiles that match `selector`.
    pub(crate) async fn wait_for_function_of(
        &self,
        selector: &str,
        profile_type: &str,
        function: &str,
    ) -> anyhow::Result<SeenTree> {
        let start = Instant::now();
        loop {
            let tree = self.call_tree_of(selector, profile_type, "from=now-1h&until=now").await?;
            if tree.functions.iter().any(|name| name.contains(function)) {
                return Ok(tree);
            }
            if start.elapsed() > PATIENCE {
                let services = self.get("/api/v1/services?from=now-1h&until=now").await?;
                bail!("no {function} in {selector} ({profile_type}): {tree:?}; services: {services}");
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits until a label has exactly these values among the profiles of a service.
    pub(crate) async fn wait_for_label_values(
        &self,
        service: &str,
        label: &str,
        expected: &[&str],
    ) -> anyhow::Result<()> {
        let start = Instant::now();
        loop {
            let values = self.label_values(service, label).await?;
            if values == expected {
                return Ok(());
            }
            ensure!(start.elapsed() < PATIENCE, "{label} of {service} is {values:?}, not {expected:?}");
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Values of a label among the profiles of a service.
    pub(crate) async fn label_values(&self, service: &str, label: &str) -> anyhow::Result<Vec<String>> {
        let selector = utf8_percent_encode(&of_service(service), NON_ALPHANUMERIC).to_string();
        let path = format!("/api/v1/labels/{label}/values?from=now-1h&until=now&selector={selector}");
        let answer = self.get(&path).await?;
        let values = answer["values"].as_array().context("no values")?;
        Ok(values.iter().filter_map(|v| v["text"].as_str().map(str::to_owned)).collect())
    }
}

fn of_service(service: &str) -> String {
    format!("{{service_name=\"{service}\"}}")
}

async fn make_token(data: &Path, args: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    let output = command.args(["token", "create"]).args(args).arg("--data").arg(data).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let token = text.strip_suffix('\n').context("no token on standard output")?.to_owned();
    ensure!(!token.contains(char::is_whitespace), "more than a token on standard output: {text}");
    Ok(token)
}

async fn spawn(data: &Path, args: &[&str], settings: Settings) -> anyhow::Result<(Child, String)> {
    let mut process = Command::new(env!("CARGO_BIN_EXE_flarepath"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(args)
        .env("FLAREPATH_SELF_PROFILE", "false")
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the server")?;
    let out = process.stdout.take().context("no standard output")?;
    let mut lines = BufReader::new(out).lines();
    while let Some(line) = lines.next_line().await? {
        let Some((_, rest)) = line.split_once("http://") else { continue };
        let address = rest.split_whitespace().next().unwrap_or_default();
        return Ok((process, format!("http://{address}")));
    }
    bail!("the server exited before it was ready; see its errors above")
}

/// Handles a missing external dependency: fails where `make test` has set everything up (CI), and reports the test as skipped
/// elsewhere.
pub(crate) fn missing(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what} is missing: scripts/setup.sh test installs it");
    eprintln!("\n*** SKIPPED: {what} is missing; run `scripts/setup.sh test` ***\n");
}
