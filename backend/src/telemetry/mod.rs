//! Telemetry of the server: log lines on standard error, metrics for `/metrics`.

mod line_limit;

pub(crate) use line_limit::report as report_left_out;

use crate::config::{LogConfig, LogFormat};
use line_limit::LineLimit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, reload};

/// Bucket bounds of durations, in seconds; the latency targets are among them.
const SECONDS: [f64; 12] = [0.001, 0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.5, 1.0, 3.0, 10.0, 30.0];

/// Changes the log level at run time.
pub(crate) struct LogLevel(Box<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>);

impl LogLevel {
    fn of<S: 'static>(handle: reload::Handle<EnvFilter, S>) -> LogLevel {
        LogLevel(Box::new(move |filter| handle.reload(filter)))
    }

    /// Changes the level to one that [`LogConfig`] has validated.
    pub(crate) fn set(&self, level: &str) {
        if let Err(error) = (self.0)(EnvFilter::new(level)) {
            tracing::warn!(%error, "cannot change the log level");
        }
    }
}

/// Starts logging. A second call changes nothing.
pub(crate) fn start_logging(config: &LogConfig) -> LogLevel {
    let filter = EnvFilter::new(&config.level);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let (started, level) = match config.format {
        LogFormat::Text => {
            let lines = lines.with_target(false).with_filter_reloading();
            let level = LogLevel::of(lines.reload_handle());
            (lines.finish().with(LineLimit::default()).try_init(), level)
        }
        LogFormat::Json => {
            let lines = lines.json().with_filter_reloading();
            let level = LogLevel::of(lines.reload_handle());
            (lines.finish().with(LineLimit::default()).try_init(), level)
        }
    };
    if let Err(error) = started {
        tracing::debug!(%error, "logging has already been started");
    }
    level
}

/// Installs the metrics recorder of the process. Where there is one already, such as in a process that runs many tests,
/// the handle renders nothing.
pub(crate) fn start_metrics() -> PrometheusHandle {
    let recorder = builder().build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::debug!("metrics have already been started");
    }
    handle
}

/// A handle of a recorder that is not installed: for tests.
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
