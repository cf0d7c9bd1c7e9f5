//! [`MetricsSource`]: what every source of metrics offers, and how it fails.

use super::grid::Grid;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::time::Duration;

/// A source of metrics. Queries are PromQL; they have the caller's bounds in them.
#[async_trait]
pub(crate) trait MetricsSource: Send + Sync {
    /// The series of a query at the instants of `grid`.
    ///
    /// # Errors
    /// [`SourceError`].
    async fn range(&self, query: &str, grid: Grid) -> Result<SourceAnswer, SourceError>;

    /// Whether it answers at all.
    ///
    /// # Errors
    /// [`SourceError`].
    async fn check(&self) -> Result<(), SourceError>;
}

/// The answer to one query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SourceAnswer {
    pub(crate) series: Vec<MetricSeries>,
    /// What the source, or its translation, says about the answer: that it is partial, for instance.
    pub(crate) warnings: Vec<String>,
}

impl SourceAnswer {
    /// Whether no series has a value.
    pub(crate) fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.points.is_empty())
    }
}

/// One series.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MetricSeries {
    pub(crate) labels: BTreeMap<String, String>,
    /// Numbers of instants of the grid, ascending, each with its value. What is missing is a gap, not 0.
    pub(crate) points: Vec<(u32, f64)>,
}

/// A question to a source failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SourceError {
    /// No connection, or a proxy in front of it says so.
    #[error("the metrics source is unreachable ({0}): check `url`, and whether it is running")]
    Unreachable(String),
    /// It wants other credentials.
    #[error("the metrics source refused access (status {0}): check the credentials and the tenant's header")]
    Denied(u16),
    /// It took too long.
    #[error("the metrics source did not answer within {} s: choose a shorter range, or raise `timeout`", .0.as_secs())]
    Timeout(Duration),
    /// Something else answers at this address.
    #[error(
        "the address of the metrics source does not answer as Prometheus does ({0}): check `url` and its path"
    )]
    NotPrometheus(String),
    /// It does not understand the query, or cannot compute it.
    #[error("the metrics source rejected the query: {0}")]
    BadQuery(String),
    /// The answer exceeds a limit, ours or its own.
    #[error("the answer of the metrics source is too large ({0}): choose a shorter range or fewer series")]
    TooLarge(String),
    /// It failed, or we could not ask it.
    #[error("the metrics source failed ({0}); try again")]
    Failed(String),
    /// This server has too much to do to read its answer.
    #[error("the answer of the metrics source could not be read ({0}); try again")]
    Unread(String),
    /// A file with a secret cannot be read. The operator's fault; which file is in the log.
    #[error("a secret of the metrics source cannot be read: see the server's log")]
    Secret,
}

impl SourceError {
    /// Its stable name.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            SourceError::Unreachable(_) => "unreachable",
            SourceError::Denied(_) => "denied",
            SourceError::Timeout(_) => "timeout",
            SourceError::NotPrometheus(_) => "not-prometheus",
            SourceError::BadQuery(_) => "bad-query",
            SourceError::TooLarge(_) => "too-large",
            SourceError::Failed(_) | SourceError::Unread(_) => "failed",
            SourceError::Secret => "secret",
        }
    }

    /// Whether the source works, and only this question failed.
    pub(crate) fn is_of_the_query(&self) -> bool {
        matches!(self, SourceError::BadQuery(_) | SourceError::TooLarge(_) | SourceError::Unread(_))
    }
}
