//! Questions about indicators and their answers.

use super::bounds::Inexpressible;
use super::grid::Grid;
use super::indicator::Indicator;
use super::slo::{Budget, Urgency};
use super::source::SourceError;
use crate::store::TimeRange;
use std::time::Duration;

/// What is asked about a service.
#[derive(Clone, Debug)]
pub(crate) struct IndicatorsQuestion {
    pub(crate) service: String,
    pub(crate) range: TimeRange,
    /// Which indicators; all, if there are none.
    pub(crate) indicators: Vec<Indicator>,
}

/// The answer.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// No source is configured.
    NotConfigured,
    /// No source has metrics of the service.
    NoSource,
    /// A source was asked.
    Found {
        /// Name of the source.
        source: String,
        grid: Grid,
        panels: Vec<Panel>,
        slos: Vec<SloPanel>,
    },
}

/// One indicator.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    pub(crate) indicator: Indicator,
    /// Name of the template that had data; empty if none had.
    pub(crate) template: String,
    /// The query that was sent; empty if none had data.
    pub(crate) query: String,
    pub(crate) series: Vec<PanelSeries>,
    pub(crate) warnings: Vec<String>,
    pub(crate) failure: Option<Failure>,
}

/// One series of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PanelSeries {
    /// The pod; empty for a series of the whole service.
    pub(crate) pod: String,
    /// Numbers of instants, ascending, each with its value.
    pub(crate) points: Vec<(u32, f64)>,
}

/// An objective.
#[derive(Clone, Debug)]
pub(crate) struct SloPanel {
    pub(crate) name: String,
    pub(crate) objective: f64,
    pub(crate) window: Duration,
    pub(crate) budget: Budget,
    /// Where it is defined, or that its error ratios are recorded.
    pub(crate) source: String,
    pub(crate) failure: Option<Failure>,
}

/// What the row of a service in a list says. What is not known is `None`, never 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ServiceMetrics {
    pub(crate) service: String,
    pub(crate) requests_per_s: Option<f64>,
    pub(crate) error_ratio: Option<f64>,
    pub(crate) latency_p95_s: Option<f64>,
    pub(crate) latency_p99_s: Option<f64>,
    /// The pod that is nearest to its CPU limit, and its cores as a fraction of that.
    pub(crate) cpu_of_limit: Option<(String, f64)>,
    pub(crate) objective: Option<WorstObjective>,
    /// The first failure; what did not fail is there.
    pub(crate) failure: Option<Failure>,
}

impl ServiceMetrics {
    /// A service of which nothing is known.
    pub(crate) fn of(service: &str) -> ServiceMetrics {
        ServiceMetrics { service: service.to_owned(), ..ServiceMetrics::default() }
    }
}

/// The objective of a service that is worst off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WorstObjective {
    pub(crate) name: String,
    /// As of [`Budget`].
    pub(crate) budget_left: Option<f64>,
    /// Of the long window of its fastest alert.
    pub(crate) burn_rate: Option<f64>,
    /// Of the alert that fires; `None` if none does.
    pub(crate) urgency: Option<Urgency>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// The caller's bounds cannot be expressed in metrics.
    #[error("{0}")]
    Bounds(Inexpressible),
    /// The source failed.
    #[error("{0}")]
    Source(SourceError),
}

impl Failure {
    /// Its stable name.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Failure::Bounds(_) => "bounds",
            Failure::Source(error) => error.kind(),
        }
    }
}
