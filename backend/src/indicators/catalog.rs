//! The built-in templates of each indicator, in the order in which they are tried.
//!
//! Names of metrics and labels are those of OpenTelemetry's semantic conventions (as Prometheus stores them, and in UTF-8), of
//! client libraries, cAdvisor, kube-state-metrics and Istio. Classic histograms have series by `le`; native ones have none, so that
//! the same quantile is computed without. Istio measures milliseconds.

use super::indicator::Indicator;
use super::mapping::Family;

/// An indicator with the names, families and queries of its templates.
type Row = (Indicator, &'static [(&'static str, Family, &'static str)]);

use Family::{Application, Mesh, Pods};

macro_rules! classic {
    ($quantile:literal, $metric:literal) => {
        concat!("histogram_quantile(", $quantile, ", sum by (le) (rate(", $metric, "_bucket{$S}[$w])))")
    };
}

macro_rules! native {
    ($quantile:literal, $metric:literal) => {
        concat!("histogram_quantile(", $quantile, ", sum(rate(", $metric, "{$S}[$w])))")
    };
}

macro_rules! latency {
    ($quantile:literal) => {
        &[
            ("otel-http", Application, classic!($quantile, "http_server_request_duration_seconds")),
            ("otel-http-native", Application, native!($quantile, "http_server_request_duration_seconds")),
            (
                "otel-http-utf8",
                Application,
                concat!(
                    "histogram_quantile(",
                    $quantile,
                    ", sum by (le) (rate({\"http.server.request.duration_seconds_bucket\", $S}[$w])))"
                ),
            ),
            ("otel-rpc", Application, classic!($quantile, "rpc_server_call_duration_seconds")),
            ("spring", Application, classic!($quantile, "http_server_requests_seconds")),
            ("http", Application, classic!($quantile, "http_request_duration_seconds")),
            ("http-native", Application, native!($quantile, "http_request_duration_seconds")),
            ("grpc", Application, classic!($quantile, "grpc_server_handling_seconds")),
            (
                "istio",
                Mesh,
                concat!(
                    "histogram_quantile(",
                    $quantile,
                    ", sum by (le) (rate(istio_request_duration_milliseconds_bucket{reporter=\"destination\",$S}[$w]))) / 1000"
                ),
            ),
        ]
    };
}

/// Errors by all. Without errors the ratio is 0, without traffic it is a gap.
macro_rules! ratio {
    ($metric:literal, $errors:literal) => {
        concat!(
            "(sum(rate(",
            $metric,
            "{",
            $errors,
            ",$S}[$w])) or sum(rate(",
            $metric,
            "{$S}[$w])) * 0) / (sum(rate(",
            $metric,
            "{$S}[$w])) > 0)"
        )
    };
}

/// All of them.
pub(super) const TEMPLATES: &[Row] = &[
    (
        Indicator::RequestRate,
        &[
            ("otel-http", Application, "sum(rate(http_server_request_duration_seconds_count{$S}[$w]))"),
            (
                "otel-http-native",
                Application,
                "histogram_count(sum(rate(http_server_request_duration_seconds{$S}[$w])))",
            ),
            (
                "otel-http-utf8",
                Application,
                r#"sum(rate({"http.server.request.duration_seconds_count", $S}[$w]))"#,
            ),
            ("otel-rpc", Application, "sum(rate(rpc_server_call_duration_seconds_count{$S}[$w]))"),
            (
                "otel-rpc-milliseconds",
                Application,
                "sum(rate(rpc_server_duration_milliseconds_count{$S}[$w]))",
            ),
            ("spring", Application, "sum(rate(http_server_requests_seconds_count{$S}[$w]))"),
            ("http", Application, "sum(rate(http_requests_total{$S}[$w]))"),
            ("http-duration", Application, "sum(rate(http_request_duration_seconds_count{$S}[$w]))"),
            ("grpc", Application, "sum(rate(grpc_server_handled_total{$S}[$w]))"),
            ("istio", Mesh, r#"sum(rate(istio_requests_total{reporter="destination",$S}[$w]))"#),
        ],
    ),
    (
        Indicator::ErrorRatio,
        &[
            (
                "otel-http",
                Application,
                ratio!("http_server_request_duration_seconds_count", "http_response_status_code=~\"5..\""),
            ),
            (
                "otel-http-utf8",
                Application,
                r#"(sum(rate({"http.server.request.duration_seconds_count", "http.response.status_code"=~"5..", $S}[$w])) or sum(rate({"http.server.request.duration_seconds_count", $S}[$w])) * 0) / (sum(rate({"http.server.request.duration_seconds_count", $S}[$w])) > 0)"#,
            ),
            ("otel-rpc", Application, ratio!("rpc_server_call_duration_seconds_count", "error_type!=\"\"")),
            ("spring", Application, ratio!("http_server_requests_seconds_count", "status=~\"5..\"")),
            ("http", Application, ratio!("http_requests_total", "code=~\"5..\"")),
            (
                "grpc",
                Application,
                ratio!(
                    "grpc_server_handled_total",
                    "grpc_code=~\"Unknown|Internal|Unavailable|DeadlineExceeded|DataLoss\""
                ),
            ),
            (
                "istio",
                Mesh,
                r#"(sum(rate(istio_requests_total{reporter="destination",response_code=~"5..",$S}[$w])) or sum(rate(istio_requests_total{reporter="destination",$S}[$w])) * 0) / (sum(rate(istio_requests_total{reporter="destination",$S}[$w])) > 0)"#,
            ),
        ],
    ),
    (Indicator::LatencyP50, latency!("0.5")),
    (Indicator::LatencyP95, latency!("0.95")),
    (Indicator::LatencyP99, latency!("0.99")),
    (
        Indicator::CpuCores,
        &[
            (
                "cadvisor",
                Pods,
                r#"sum by ($pod) (rate(container_cpu_usage_seconds_total{container!="",image!="",$S}[$w]))"#,
            ),
            ("process", Application, "sum by ($pod) (rate(process_cpu_seconds_total{$S}[$w]))"),
            ("otel-process", Application, "sum by ($pod) (rate(process_cpu_time_seconds_total{$S}[$w]))"),
            ("otel-jvm", Application, "sum by ($pod) (rate(jvm_cpu_time_seconds_total{$S}[$w]))"),
        ],
    ),
    (
        Indicator::CpuLimit,
        &[("kube-state", Pods, r#"sum by ($pod) (kube_pod_container_resource_limits{resource="cpu",$S})"#)],
    ),
    (
        Indicator::CpuThrottling,
        &[(
            "cadvisor",
            Pods,
            r#"sum by ($pod) (increase(container_cpu_cfs_throttled_periods_total{container!="",$S}[$w])) / sum by ($pod) (increase(container_cpu_cfs_periods_total{container!="",$S}[$w]))"#,
        )],
    ),
    (
        Indicator::Memory,
        &[
            (
                "cadvisor",
                Pods,
                r#"sum by ($pod) (container_memory_working_set_bytes{container!="",image!="",$S})"#,
            ),
            ("process", Application, "sum by ($pod) (process_resident_memory_bytes{$S})"),
            ("otel-process", Application, "sum by ($pod) (process_memory_usage_bytes{$S})"),
        ],
    ),
    (
        Indicator::MemoryLimit,
        &[(
            "kube-state",
            Pods,
            r#"sum by ($pod) (kube_pod_container_resource_limits{resource="memory",$S})"#,
        )],
    ),
    (
        Indicator::Restarts,
        &[
            (
                "kube-state",
                Pods,
                "sum by ($pod) (increase(kube_pod_container_status_restarts_total{$S}[$w]))",
            ),
            ("process", Application, "sum by ($pod) (changes(process_start_time_seconds{$S}[$w]))"),
        ],
    ),
    (
        Indicator::GcTime,
        &[
            ("otel-jvm", Application, "sum by ($pod) (rate(jvm_gc_duration_seconds_sum{$S}[$w]))"),
            ("micrometer", Application, "sum by ($pod) (rate(jvm_gc_pause_seconds_sum{$S}[$w]))"),
            ("client-java", Application, "sum by ($pod) (rate(jvm_gc_collection_seconds_sum{$S}[$w]))"),
            ("node", Application, "sum by ($pod) (rate(nodejs_gc_duration_seconds_sum{$S}[$w]))"),
            ("otel-node", Application, "sum by ($pod) (rate(v8js_gc_duration_seconds_sum{$S}[$w]))"),
            ("go", Application, "sum by ($pod) (rate(go_gc_duration_seconds_sum{$S}[$w]))"),
        ],
    ),
];
