//! The demo, scraped by a real Prometheus, which the server reads: with the files of `deploy`, as docs/metrics.md says.

use crate::prometheus::{Prometheus, wait_for_indicators};
use crate::running_server::{CPU, RunningServer};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

const SCRAPE_CONFIG: &str = include_str!("../../../deploy/prometheus-demo.yml");

/// A server with the configuration in `deploy`, whose source is this one.
async fn server_of(prometheus: &Prometheus) -> RunningServer {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/flarepath-demo.toml");
    let settings = prometheus.settings("DEMO");
    RunningServer::start_with_file(config.to_str().unwrap(), settings).await.unwrap()
}

fn demo(server: &RunningServer, targets: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_flarepath"))
        .args(["demo", "--url", &server.url, "--push-every", "1s", "--deploy-after", "never"])
        .args(["--node-modules", "none", "--metrics-targets"])
        .arg(targets)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Amounts of all series of an indicator.
fn amounts(answer: &Value, indicator: &str) -> Vec<f64> {
    let panel = answer["indicators"].as_array().unwrap().iter().find(|panel| panel["indicator"] == indicator);
    let series = panel.unwrap()["series"].as_array().unwrap();
    series.iter().flat_map(|one| one["amounts"].as_array().unwrap()).filter_map(Value::as_f64).collect()
}

/// A verdict on two successive parts of the last minute: too little to decide, but enough to know what costs are divided by.
async fn verdict(server: &RunningServer) -> Value {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    // Not the selector of the overview, which asks before there are metrics.
    let selector = r#"{service_name="checkout",region=~".+"}"#;
    let (profile_type, selector) = (encoded(CPU), encoded(selector));
    let ranges = "from=now-40s&until=now-20s&baseline_from=now-60s&baseline_until=now-40s";
    server.get(&format!("/api/v1/verdict?type={profile_type}&selector={selector}&{ranges}")).await.unwrap()
}

#[tokio::test]
async fn requests_and_limits_of_the_demo_are_known() {
    let dir = tempfile::tempdir().unwrap();
    let targets = dir.path().join("targets.json");
    let config = SCRAPE_CONFIG
        .replace("scrape_interval: 5s", "scrape_interval: 1s")
        .replace("../target/demo-targets.json", targets.to_str().unwrap());
    assert!(config.contains("interval: 1s") && config.contains("/targets.json"), "{config}");
    let Some(prometheus) = Prometheus::start(&config).await else { return };
    let server = server_of(&prometheus).await;
    let mut demo = demo(&server, &targets);

    let names =
        ["request-rate", "error-ratio", "latency-p95", "cpu-cores", "cpu-limit", "memory", "memory-limit"];
    let answer = wait_for_indicators(&server, "checkout", "demo", &names).await;
    assert!(amounts(&answer, "request-rate").iter().all(|rate| *rate >= 0.0), "{answer}");
    assert!(
        amounts(&answer, "error-ratio").iter().all(|ratio| *ratio == 0.0),
        "refused is no failure: {answer}"
    );
    let limits = amounts(&answer, "cpu-limit");
    assert!(limits.iter().all(|cores| *cores == 0.2), "{answer}");

    // Both sides of the verdict: the first one that finds no requests is believed for ten minutes.
    while amounts(&wait_for_indicators(&server, "checkout", "demo", &["request-rate"]).await, "request-rate")
        .len()
        < 7
    {
        assert!(server.is_patient(), "requests are not known for long enough");
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    loop {
        let verdict = verdict(&server).await;
        if verdict["per"] == "work" {
            break;
        }
        assert!(server.is_patient(), "requests are not known: {verdict}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }

    let id = demo.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert!(demo.wait().await.unwrap().success());
    assert_eq!(std::fs::read_to_string(&targets).unwrap(), "[]\n", "nothing is left to scrape");
}
