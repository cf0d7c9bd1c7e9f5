//! A real Prometheus as the source of metrics: Debian has it as `prometheus`. Here it scrapes itself.

use crate::running_server::{RunningServer, Settings, missing};
use serde_json::Value;
use std::net::TcpListener;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};

const SCRAPE_ITSELF: &str = "
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ['ADDRESS'] }]
";

/// A Prometheus with a configuration; `ADDRESS` in it is its own. Killed when dropped.
pub(crate) struct Prometheus {
    /// Its URL, without a trailing slash.
    pub(crate) url: String,
    _process: Child,
    _data: TempDir,
}

impl Prometheus {
    /// Starts it; `None` where it is not installed, which is reported.
    pub(crate) async fn start(config: &str) -> Option<Prometheus> {
        let version = Command::new("prometheus").arg("--version").output().await;
        let is_installed = version.is_ok_and(|output| output.status.success());
        if !is_installed {
            missing("Prometheus (`prometheus` on PATH)");
            return None;
        }
        let data = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let file = data.path().join("prometheus.yml");
        std::fs::write(&file, config.replace("ADDRESS", &address)).unwrap();
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", data.path().display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--log.level=warn")
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Some(Prometheus { url: format!("http://{address}"), _process: process, _data: data })
    }

    /// Settings of a server that reads from it as the source `name`, which is in upper case. They live as long as the process of a test.
    pub(crate) fn settings(&self, name: &str) -> Settings {
        let of = |key: &str, value: &str| -> (&'static str, &'static str) {
            (format!("FLAREPATH_METRICS__{name}__{key}").leak(), value.to_owned().leak())
        };
        vec![of("URL", &self.url), of("SCRAPE_INTERVAL", "1s")].leak()
    }
}

/// Waits until a service has all these indicators from a source, and returns the answer.
pub(crate) async fn wait_for_indicators(
    server: &RunningServer,
    service: &str,
    source: &str,
    names: &[&str],
) -> Value {
    let path = format!("/api/v1/indicators?service={service}&from=now-5m&until=now");
    loop {
        let answer = server.get(&path).await.unwrap();
        assert_eq!((&answer["state"], &answer["source"]), (&"found".into(), &source.into()));
        let panels = answer["indicators"].as_array().unwrap();
        // Until it listens it is unreachable, and until it has scraped there is nothing.
        let is_starting = |kind: &Value| kind.is_null() || kind == "unreachable";
        assert!(panels.iter().all(|panel| is_starting(&panel["failure"]["failure_kind"])), "{answer}");
        let with_data = |name: &&str| {
            panels
                .iter()
                .any(|panel| panel["indicator"] == **name && panel["series"][0]["amounts"][0].is_f64())
        };
        if names.iter().all(with_data) {
            return answer;
        }
        assert!(server.is_patient(), "{answer}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test]
async fn indicators_are_read_from_prometheus() {
    let Some(prometheus) = Prometheus::start(SCRAPE_ITSELF).await else { return };
    let server = RunningServer::start_with(prometheus.settings("REAL")).await.unwrap();
    wait_for_indicators(&server, "prometheus", "real", &["memory", "cpu-cores", "gc-time"]).await;
}
