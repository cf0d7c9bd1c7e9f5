//! What the server says about itself: log lines on standard error, numbers for `/metrics`.

use crate::config::{LogConfig, LogFormat};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Seconds that requests are counted into; the bounds of DESIGN's latency targets are among them.
const SECONDS: [f64; 12] = [0.001, 0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.5, 1.0, 3.0, 10.0, 30.0];

/// Starts logging. A second call changes nothing.
pub(crate) fn start_logging(config: &LogConfig) {
    let filter = EnvFilter::new(&config.level);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "logging was already started");
    }
}

/// Collects the numbers of the whole process from now on. In a process that already does, such as one that
/// runs many tests, the handle shows nothing.
pub(crate) fn start_metrics() -> PrometheusHandle {
    let recorder = builder().build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::debug!("metrics were already started");
    }
    handle
}

/// A handle that is not the process's: for apps made in tests.
pub(crate) fn detached_metrics() -> PrometheusHandle {
    builder().build_recorder().handle()
}

fn builder() -> PrometheusBuilder {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    match PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS) {
        Ok(builder) => builder,
        // Only an empty list of buckets is an error.
        Err(_) => PrometheusBuilder::new(),
    }
}
