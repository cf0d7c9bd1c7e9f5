//! The service of the demo that Node runs: profiled, scraped, and ended at the limit of its heap.

use crate::running_server::{RunningServer, missing};
use std::path::PathBuf;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const WALL: &str = "wall:wall:nanoseconds:wall:nanoseconds";

/// Its packages; `None` where they are not installed, which is reported.
fn node_modules() -> Option<PathBuf> {
    let modules = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("demo-node/node_modules");
    if modules.join("@pyroscope/nodejs").exists() {
        return Some(modules);
    }
    missing("the Node SDK (backend/demo-node/node_modules)");
    None
}

/// One replica, with the lines that it writes. It ends when its input closes.
fn replica(
    modules: PathBuf,
    server: &RunningServer,
    heap_limit_mb: &str,
) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut process = Command::new("node")
        .arg(modules.with_file_name("sessions.mjs"))
        .args(["--version", "v1", "--region", "eu-west", "--pod", "sessions-0", "--every", "1"])
        .args(["--url", &server.url, "--heap-limit-mb", heap_limit_mb])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    (process, lines)
}

#[tokio::test]
async fn the_demo_runs_and_profiles_it() {
    let Some(modules) = node_modules() else { return };
    let server = RunningServer::start().await.unwrap();
    let mut demo = Command::new(env!("CARGO_BIN_EXE_flarepath"))
        .args([
            "demo",
            "--url",
            &server.url,
            "--push-every",
            "1s",
            "--deploy-after",
            "never",
            "--node-modules",
        ])
        .arg(&modules)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines();
    let first = lines.next_line().await.unwrap().unwrap();
    assert!(first.starts_with("12 processes of a small shop are running"), "{first}");
    server.wait_for_function("sessions", WALL, "handleRequest").await.unwrap();
    server.wait_for_label_values("sessions", "region", &["eu-west", "us-east"]).await.unwrap();
    assert_eq!(server.label_values("sessions", "version").await.unwrap(), ["v1"]);
    demo.kill().await.unwrap();
}

#[tokio::test]
async fn a_replica_serves_metrics_until_its_input_closes() {
    let Some(modules) = node_modules() else { return };
    let server = RunningServer::start().await.unwrap();
    let (mut process, mut lines) = replica(modules, &server, "200");
    let line = lines.next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("metrics at ").unwrap();
    let client = flarepath::web_client::build(None, |client| client).unwrap();
    let counted = r#"http_server_request_duration_seconds_count{http_request_method="POST",http_route="/sessions",http_response_status_code="201"} "#;
    loop {
        let text = client.get(url).send().await.unwrap().text().await.unwrap();
        for name in
            ["nodejs_heap_size_used_bytes ", "nodejs_gc_duration_seconds_sum{", "process_cpu_seconds_total "]
        {
            assert!(text.contains(&format!("\n{name}")), "{name}: {text}");
        }
        let count = text.lines().find_map(|line| line.strip_prefix(counted)?.parse::<u64>().ok());
        if count.unwrap() > 0 {
            break;
        }
        assert!(server.is_patient(), "{text}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let other = client.get(url.replace("/metrics", "/other")).send().await.unwrap();
    assert_eq!(other.status(), 404);
    drop(process.stdin.take());
    assert!(process.wait().await.unwrap().success());
}

#[tokio::test]
async fn a_replica_ends_itself_at_the_limit_of_its_heap() {
    let Some(modules) = node_modules() else { return };
    let server = RunningServer::start().await.unwrap();
    let (mut process, mut lines) = replica(modules, &server, "25");
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("metrics at "));
    let said = lines.next_line().await.unwrap().unwrap();
    assert!(said.ends_with("; the limit is 25 MB, so it restarts"), "{said}");
    assert_eq!(process.wait().await.unwrap().code(), Some(1));
    // What it pushed before.
    server.wait_for_function("sessions", WALL, "handleRequest").await.unwrap();
}
