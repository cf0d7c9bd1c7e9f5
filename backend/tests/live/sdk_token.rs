//! Pushing with an API token: as Basic (Python SDK), as Bearer (Node SDK), and by the demo.

use crate::running_server::{CPU, RunningServer, missing};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Command;

fn python() -> Option<Command> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("SDK_PYTHON")
        .map_or_else(|| here.join("../.tools/python/bin/python"), PathBuf::from);
    let mut command = Command::new(&python);
    command.arg(here.join("tests/sdk/program.py")).kill_on_drop(true);
    python.exists().then_some(command)
}

#[tokio::test]
async fn python_sdk_pushes_with_a_token_as_password() {
    let Some(mut program) = python() else { return missing("the Python SDK (.tools/python)") };
    let server = RunningServer::start_with_sign_in().await.unwrap();
    let token = server.agent_token(r#"{service_name="python-bakery"}"#).await.unwrap();
    let mut program = program.arg(&server.url).env("TOKEN", token).stdout(Stdio::null()).spawn().unwrap();
    let tree = server.wait_for_function("python-bakery", CPU, "knead_dough").await.unwrap();
    assert!(tree.total > 0);
    program.kill().await.unwrap();
}

#[tokio::test]
async fn python_sdk_reports_a_rejected_token() {
    let Some(mut program) = python() else { return missing("the Python SDK (.tools/python)") };
    let server = RunningServer::start_with_sign_in().await.unwrap();
    program.arg(&server.url).env("TOKEN", "fp_agt_wrong_token");
    let mut program = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (out, err) = (program.stdout.take().unwrap(), program.stderr.take().unwrap());
    let reported = async {
        tokio::select! {
            () = line_with(out, "401") => {}
            () = line_with(err, "401") => {}
        }
    };
    tokio::time::timeout(Duration::from_secs(300), reported).await.expect("no line reports 401");
    program.kill().await.unwrap();
}

/// Waits for a line that contains `text`, without a time limit.
async fn line_with(output: impl AsyncRead + Unpin, text: &str) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.contains(text) {
            return;
        }
    }
    std::future::pending().await
}

#[tokio::test]
async fn node_sdk_pushes_with_a_bearer_token() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    if !folder.join("node_modules/@pyroscope/nodejs").exists() {
        return missing("the Node SDK (backend/tests/sdk/node_modules)");
    }
    let server = RunningServer::start_with_sign_in().await.unwrap();
    let token = server.agent_token(r#"{service_name="node-bakery"}"#).await.unwrap();
    let mut program = Command::new("node")
        .arg("program.mjs")
        .arg(&server.url)
        .env("TOKEN", token)
        .current_dir(&folder)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let wall = "wall:wall:nanoseconds:wall:nanoseconds";
    server.wait_for_function("node-bakery", wall, "kneadDough").await.unwrap();
    program.kill().await.unwrap();
}

#[tokio::test]
async fn demo_pushes_with_a_token_and_reports_a_missing_or_invalid_one() {
    let server = RunningServer::start_with_sign_in().await.unwrap();
    let demo = |token: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
        command.args(["demo", "--url", &server.url, "--push-every", "1s"]).env("FLAREPATH_TOKEN", token);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().unwrap()
    };
    for (token, says) in
        [("", "requires an API token"), ("fp_agt_wrong_token", "is unknown, expired or revoked")]
    {
        let refused = demo(token).wait_with_output().await.unwrap();
        let text = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && text.contains(says), "{text}");
        assert!(!text.contains("wrong_token"), "{text}");
    }
    let token = server.agent_token("").await.unwrap();
    let mut running = demo(&token);
    server.wait_for_function("checkout", CPU, "handle_order").await.unwrap();
    running.kill().await.unwrap();
}
