//! [`RequestMetrics`]: requests of a replica by their status, and CPU time and memory of its process, in Prometheus' text format.
//!
//! The names are those of OpenTelemetry's semantic conventions for HTTP servers, as Prometheus stores them, and of Prometheus' client
//! libraries for processes. Labels have the values of [`Answer::status`] and one route each.

use crate::clock::{Clock, SystemClock};
use crate::demo::answer::Answer;
use flarepath_profile::unix_nanos::UnixNanos;
use metrics::Histogram;
use metrics_exporter_prometheus::formatting::{write_help_line, write_type_line};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use rustix::time::{ClockId, clock_gettime};
use std::fmt::Write as _;
use std::time::Duration;

const REQUEST_DURATION: &str = "http_server_request_duration_seconds";

/// Upper bounds of the buckets, in seconds. Requests of the demo take from some tenths of a millisecond to some ten.
const BOUNDS: [f64; 13] =
    [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0];

/// The registry keeps single durations until it adds them to buckets: when it is read, and at least this often.
const UPKEEP: Duration = Duration::from_secs(5);

/// Metrics of a replica.
pub(in crate::demo) struct RequestMetrics {
    registry: PrometheusHandle,
    served: Histogram,
    refused: Histogram,
    failed: Histogram,
    started: UnixNanos,
}

impl RequestMetrics {
    /// Metrics of requests with one method and route.
    pub(in crate::demo) fn new(method: &'static str, route: &'static str) -> RequestMetrics {
        let recorder = builder().build_recorder();
        let of = |answer: Answer| {
            let status = answer.status();
            metrics::with_local_recorder(&recorder, || {
                metrics::histogram!(
                    "http_server_request_duration_seconds",
                    "http_request_method" => method,
                    "http_route" => route,
                    "http_response_status_code" => status
                )
            })
        };
        RequestMetrics {
            registry: recorder.handle(),
            served: of(Answer::Served(0)),
            refused: of(Answer::Refused),
            failed: of(Answer::Failed),
            started: SystemClock.now(),
        }
    }

    /// Counts a request that took so long.
    pub(in crate::demo) fn count(&self, answer: Answer, took: Duration) {
        let histogram = match answer {
            Answer::Served(_) => &self.served,
            Answer::Refused => &self.refused,
            Answer::Failed => &self.failed,
        };
        histogram.record(took.as_secs_f64());
    }

    /// Keeps the registry small until it is cancelled.
    pub(in crate::demo) async fn keep_up(&self) {
        let mut interval = tokio::time::interval(UPKEEP);
        loop {
            interval.tick().await;
            self.registry.run_upkeep();
        }
    }

    /// All metrics of now.
    pub(in crate::demo) fn text(&self) -> String {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let process = Process {
            cpu: Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default(),
            resident_bytes: resident_bytes(&status),
            started: self.started,
        };
        let mut text = self.registry.render();
        process.write(&mut text);
        text
    }
}

fn builder() -> PrometheusBuilder {
    let durations = Matcher::Full(REQUEST_DURATION.to_owned());
    match PrometheusBuilder::new().set_buckets_for_metric(durations, &BOUNDS) {
        Ok(builder) => builder,
        // Only an empty list of bounds is an error.
        Err(_) => PrometheusBuilder::new(),
    }
}

/// Facts about a process.
struct Process {
    cpu: Duration,
    /// `None` where the system does not say.
    resident_bytes: Option<u64>,
    started: UnixNanos,
}

impl Process {
    /// Adds its metrics. Written here because counters of the registry are whole numbers.
    fn write(&self, text: &mut String) {
        let cpu = self.cpu.as_secs_f64();
        add(text, "process_cpu_seconds_total", "counter", "CPU time in seconds, user and system.", cpu);
        if let Some(bytes) = self.resident_bytes {
            let bytes = bytes as f64;
            add(text, "process_resident_memory_bytes", "gauge", "Resident memory in bytes.", bytes);
        }
        let started = Duration::from_nanos(self.started.0.unsigned_abs()).as_secs_f64();
        add(text, "process_start_time_seconds", "gauge", "Start time, as Unix time in seconds.", started);
    }
}

fn add(text: &mut String, name: &str, kind: &str, help: &str, value: f64) {
    write_help_line(text, name, None, None, help);
    write_type_line(text, name, None, None, kind);
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{name} {value}");
}

/// `VmRSS` of `/proc/self/status` (proc_pid_status(5)), which is in units of 1024 bytes.
fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value of a series.
    fn value(text: &str, series: &str) -> Option<f64> {
        text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
    }

    const SERIES: &str = r#"http_request_method="POST",http_route="/orders",http_response_status_code="#;

    #[test]
    fn requests_are_counted_by_status_and_duration() {
        let metrics = RequestMetrics::new("POST", "/orders");
        metrics.count(Answer::Served(10), Duration::from_millis(2));
        metrics.count(Answer::Served(10), Duration::from_millis(40));
        metrics.count(Answer::Refused, Duration::from_micros(100));
        let text = metrics.text();
        assert!(text.contains("# TYPE http_server_request_duration_seconds histogram\n"), "{text}");
        let of = |suffix: &str, status: &str, le: &str| {
            value(&text, &format!("{REQUEST_DURATION}_{suffix}{{{SERIES}\"{status}\"{le}}}"))
        };
        assert_eq!(of("count", "200", ""), Some(2.0), "{text}");
        assert_eq!(of("count", "422", ""), Some(1.0));
        assert_eq!(of("count", "500", ""), Some(0.0), "what has not happened is known to be none");
        assert_eq!(of("bucket", "200", ",le=\"0.001\""), Some(0.0));
        assert_eq!(of("bucket", "200", ",le=\"0.0025\""), Some(1.0));
        assert_eq!(of("bucket", "200", ",le=\"+Inf\""), Some(2.0));
        assert!((of("sum", "200", "").unwrap() - 0.042).abs() < 1e-9);
    }

    #[test]
    fn a_process_has_cpu_time_memory_and_a_start() {
        let mut text = String::new();
        let facts = Process {
            cpu: Duration::from_millis(1250),
            resident_bytes: resident_bytes("Name:\tx\nVmRSS:\t   2048 kB\nThreads:\t3\n"),
            started: UnixNanos(1_500_000_000),
        };
        facts.write(&mut text);
        assert!(text.contains("# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 1.25\n"));
        assert_eq!(value(&text, "process_resident_memory_bytes"), Some(2_097_152.0));
        assert_eq!(value(&text, "process_start_time_seconds"), Some(1.5));
        assert_eq!(resident_bytes("Name:\tx\n"), None);
    }

    #[test]
    fn this_process_is_described() {
        let text = RequestMetrics::new("GET", "/").text();
        assert!(value(&text, "process_cpu_seconds_total").is_some_and(|secs| secs > 0.0), "{text}");
        assert!(value(&text, "process_start_time_seconds").is_some_and(|secs| secs > 1e9), "{text}");
    }
}
