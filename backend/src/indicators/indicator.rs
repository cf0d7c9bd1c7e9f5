//! [`Indicator`]: what is asked about a service, with its unit.

/// A number over time that tells how a service fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Indicator {
    RequestRate,
    ErrorRatio,
    LatencyP50,
    LatencyP95,
    LatencyP99,
    CpuCores,
    CpuLimit,
    CpuThrottling,
    Memory,
    MemoryLimit,
    Restarts,
    GcTime,
}

impl Indicator {
    /// All, in the order in which they are shown.
    pub(crate) const ALL: [Indicator; 12] = [
        Indicator::RequestRate,
        Indicator::ErrorRatio,
        Indicator::LatencyP50,
        Indicator::LatencyP95,
        Indicator::LatencyP99,
        Indicator::CpuCores,
        Indicator::CpuLimit,
        Indicator::CpuThrottling,
        Indicator::Memory,
        Indicator::MemoryLimit,
        Indicator::Restarts,
        Indicator::GcTime,
    ];

    /// Its stable name in configuration and messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Indicator::RequestRate => "request-rate",
            Indicator::ErrorRatio => "error-ratio",
            Indicator::LatencyP50 => "latency-p50",
            Indicator::LatencyP95 => "latency-p95",
            Indicator::LatencyP99 => "latency-p99",
            Indicator::CpuCores => "cpu-cores",
            Indicator::CpuLimit => "cpu-limit",
            Indicator::CpuThrottling => "cpu-throttling",
            Indicator::Memory => "memory",
            Indicator::MemoryLimit => "memory-limit",
            Indicator::Restarts => "restarts",
            Indicator::GcTime => "gc-time",
        }
    }

    /// Unit of its values: of ratios 1 is everything; time in garbage collection is seconds per second.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Indicator::RequestRate => "requests/s",
            Indicator::ErrorRatio | Indicator::CpuThrottling | Indicator::GcTime => "ratio",
            Indicator::LatencyP50 | Indicator::LatencyP95 | Indicator::LatencyP99 => "seconds",
            Indicator::CpuCores | Indicator::CpuLimit => "cores",
            Indicator::Memory | Indicator::MemoryLimit => "bytes",
            Indicator::Restarts => "restarts",
        }
    }

    /// The indicator of a name.
    pub(crate) fn named(name: &str) -> Option<Indicator> {
        Indicator::ALL.into_iter().find(|indicator| indicator.name() == name)
    }
}
