//! A real Prometheus that scrapes itself, as the source of metrics. Skipped where there is none: Debian has it as `prometheus`.

use crate::running_server::{RunningServer, Settings};
use std::net::TcpListener;
use std::path::Path;
use tokio::process::{Child, Command};

const SCRAPE_ITSELF: &str = "
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ['ADDRESS'] }]
";

/// Prometheus at an address; `None` where it is not installed.
async fn start(data: &Path, address: &str) -> Option<Child> {
    let version = Command::new("prometheus").arg("--version").output().await;
    version.ok().filter(|output| output.status.success())?;
    let config = data.join("prometheus.yml");
    std::fs::write(&config, SCRAPE_ITSELF.replace("ADDRESS", address)).unwrap();
    let started = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", data.display()))
        .arg(format!("--web.listen-address={address}"))
        .kill_on_drop(true)
        .spawn();
    Some(started.unwrap())
}

#[tokio::test]
async fn indicators_are_read_from_prometheus() {
    let data = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let Some(_prometheus) = start(data.path(), &address).await else {
        eprintln!("\n*** SKIPPED: there is no `prometheus` ***\n");
        return;
    };
    // Settings live as long as the process of a test.
    let url: &'static str = format!("http://{address}").leak();
    let settings: Settings =
        vec![("FLAREPATH_METRICS__REAL__URL", url), ("FLAREPATH_METRICS__REAL__SCRAPE_INTERVAL", "1s")]
            .leak();
    let server = RunningServer::start_with(settings).await.unwrap();
    let path = "/api/v1/indicators?service=prometheus&from=now-5m&until=now";
    loop {
        let answer = server.get(path).await.unwrap();
        assert_eq!((&answer["state"], &answer["source"]), (&"found".into(), &"real".into()));
        let panels = answer["indicators"].as_array().unwrap();
        // Until it listens it is unreachable, and until it has scraped there is nothing.
        let is_starting = |kind: &serde_json::Value| kind.is_null() || kind == "unreachable";
        assert!(panels.iter().all(|panel| is_starting(&panel["failure"]["failure_kind"])), "{answer}");
        let with_data = |name: &str| {
            panels.iter().any(|panel| panel["indicator"] == name && panel["series"][0]["amounts"][0].is_f64())
        };
        if ["memory", "cpu-cores", "gc-time"].into_iter().all(with_data) {
            break;
        }
        assert!(server.is_patient(), "{answer}");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}
