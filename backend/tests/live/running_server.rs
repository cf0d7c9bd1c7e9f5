//! Starts the built binary, asks it questions, ends it.

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a client has to make something visible before the test fails. Far more than it takes.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks; nothing tells us when a client has pushed.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// CPU time, as most SDKs send it.
pub(crate) const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

/// A server with a data folder of its own. Killed when dropped.
pub(crate) struct RunningServer {
    /// Where it listens, without a slash at the end.
    pub(crate) url: String,
    process: Child,
    data: TempDir,
    /// Sent with each question, where there is sign-in.
    token: Option<String>,
}

impl RunningServer {
    /// Starts a server with an empty data folder and waits until it is ready.
    pub(crate) async fn start() -> anyhow::Result<RunningServer> {
        RunningServer::start_on(TempDir::new()?).await
    }

    /// Starts a server with sign-in, claimed by somebody; questions of the test are asked with a reader's token.
    pub(crate) async fn start_with_sign_in() -> anyhow::Result<RunningServer> {
        let data = TempDir::new()?;
        let reader = make_token(data.path(), &["--service-account", "reader", "--role", "viewer"]).await?;
        let (process, url) = spawn(data.path(), &[]).await?;
        let claim = flarepath::web_client::build(None, |client| client)?
            .post(format!("{url}/api/v1/claim"))
            .header("Content-Type", "application/json")
            .header("Sec-Fetch-Site", "same-origin")
            .body(r#"{"name":"root","password":"three small words"}"#);
        let answer = claim.send().await?;
        ensure!(answer.status().is_success(), "not claimed: {}", answer.text().await?);
        Ok(RunningServer { url, process, data, token: Some(reader) })
    }

    /// A token of an agent, made by the command beside the running server.
    pub(crate) async fn agent_token(&self, selector: &str) -> anyhow::Result<String> {
        make_token(self.data.path(), &["--agent", "profiler", "--selector", selector]).await
    }

    async fn start_on(data: TempDir) -> anyhow::Result<RunningServer> {
        let (process, url) = spawn(data.path(), &["--insecure-no-auth"]).await?;
        Ok(RunningServer { url, process, data, token: None })
    }

    /// `kill -9`, then a new server on the same data folder.
    pub(crate) async fn kill_and_start_again(mut self) -> anyhow::Result<RunningServer> {
        self.kill().await?;
        RunningServer::start_on(self.data).await
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("cannot kill the server")
    }

    /// What `GET path` answers, as JSON.
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

    /// The call tree of a service in the last hour.
    pub(crate) async fn call_tree(&self, service: &str, profile_type: &str) -> anyhow::Result<SeenTree> {
        let selector = format!("{{service_name=\"{service}\"}}");
        let query: String = [("selector", &*selector), ("type", profile_type)]
            .iter()
            .map(|(key, value)| format!("&{key}={}", percent_encoded(value)))
            .collect();
        let answer = self.get(&format!("/api/v1/call-tree?from=now-1h&until=now{query}")).await?;
        SeenTree::read(&answer).with_context(|| format!("unexpected answer: {answer}"))
    }

    /// Waits until a function whose name contains `function` shows in the tree of the service.
    pub(crate) async fn wait_for_function(
        &self,
        service: &str,
        profile_type: &str,
        function: &str,
    ) -> anyhow::Result<SeenTree> {
        let start = Instant::now();
        loop {
            let tree = self.call_tree(service, profile_type).await?;
            if tree.functions.iter().any(|name| name.contains(function)) {
                return Ok(tree);
            }
            if start.elapsed() > PATIENCE {
                let services = self.get("/api/v1/services?from=now-1h&until=now").await?;
                bail!("no {function} in {service} ({profile_type}): {tree:?}; services: {services}");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Values of a label among the profiles of a service.
    pub(crate) async fn label_values(&self, service: &str, label: &str) -> anyhow::Result<Vec<String>> {
        let selector = percent_encoded(&format!("{{service_name=\"{service}\"}}"));
        let path = format!("/api/v1/labels/{label}/values?from=now-1h&until=now&selector={selector}");
        let answer = self.get(&path).await?;
        let values = answer["values"].as_array().context("no values")?;
        Ok(values.iter().filter_map(|v| v["text"].as_str().map(str::to_owned)).collect())
    }
}

/// What a test looks at in a call tree.
#[derive(Debug)]
pub(crate) struct SeenTree {
    /// Names of all functions.
    pub(crate) functions: Vec<String>,
    /// Sum over all nodes.
    pub(crate) total: i64,
    /// Profiles merged.
    pub(crate) profiles: u64,
}

impl SeenTree {
    fn read(answer: &Value) -> Option<SeenTree> {
        let tree = &answer["tree"];
        let strings = tree["strings"].as_array()?;
        let names = tree["frame_name"].as_array()?.iter().filter_map(Value::as_u64);
        let functions = names.filter_map(|n| strings.get(n as usize)?.as_str().map(str::to_owned)).collect();
        let total = tree["node_self"].as_array()?.iter().filter_map(Value::as_i64).sum();
        Some(SeenTree { functions, total, profiles: answer["profiles"].as_u64()? })
    }
}

/// Everything but letters and digits.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}

async fn make_token(data: &Path, args: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    let output = command.args(["token", "create"]).args(args).arg("--data").arg(data).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let token = text.strip_suffix('\n').context("no line")?.to_owned();
    ensure!(!token.contains(char::is_whitespace), "more than a token on standard output: {text}");
    Ok(token)
}

async fn spawn(data: &Path, args: &[&str]) -> anyhow::Result<(Child, String)> {
    let mut process = Command::new(env!("CARGO_BIN_EXE_flarepath"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(args)
        .env("FLAREPATH_SELF_PROFILE", "false")
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
    bail!("the server ended before it was ready; its errors are above")
}

/// What a test that needs something from outside does when that is not there: it fails where `make test` has set
/// everything up (CI), and says loudly that it was skipped elsewhere.
pub(crate) fn missing(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what} is missing: scripts/setup.sh test installs it");
    eprintln!("\n*** SKIPPED: {what} is missing; run `scripts/setup.sh test` ***\n");
}
