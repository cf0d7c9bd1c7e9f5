//! Sources with the HTTP API of Prometheus: Prometheus itself, Thanos, Mimir and Cortex, VictoriaMetrics, Grafana's proxy.
//!
//! [`client`] does the I/O, [`translate`] is pure: our question → form, their answer → series.

mod client;
mod translate;

use super::grid::Grid;
use super::source::{MetricsSource, SourceAnswer, SourceError};
use crate::config::MetricsConfig;
use crate::work::ANSWERS;
use async_trait::async_trait;
use client::{Client, Reply};

/// A query that every source answers, without reading a series.
const CHECK: &str = "vector(1)";

/// A source.
pub(crate) struct Prometheus {
    name: String,
    client: Client,
    parameters: Vec<(String, String)>,
}

impl Prometheus {
    /// A source as it is configured.
    ///
    /// # Errors
    /// The text of what is wrong with its certificates.
    pub(crate) fn new(config: &MetricsConfig) -> Result<Prometheus, String> {
        Ok(Prometheus {
            name: config.name.clone(),
            client: Client::new(config)?,
            parameters: config.parameters.clone(),
        })
    }

    async fn ask(&self, query: &str, grid: Grid) -> Result<SourceAnswer, SourceError> {
        let form = translate::form(query, grid, &self.parameters)?;
        let Reply { status, content_type, body } = self.client.post("/api/v1/query_range", form).await?;
        // Megabytes of JSON take longer than an async thread may.
        let read = ANSWERS.run(move || translate::answer(status, &content_type, &body, grid));
        let (answer, notes) = read.await.map_err(|refused| SourceError::Unread(refused.to_string()))??;
        for note in notes {
            tracing::debug!(source = self.name, note, "note of a metrics source");
        }
        Ok(answer)
    }
}

#[async_trait]
impl MetricsSource for Prometheus {
    async fn range(&self, query: &str, grid: Grid) -> Result<SourceAnswer, SourceError> {
        self.ask(query, grid).await
    }

    async fn check(&self) -> Result<(), SourceError> {
        let grid = Grid { start_secs: 0, step_secs: 15, points: 1 };
        self.ask(CHECK, grid).await.map(drop)
    }
}

#[cfg(test)]
mod tests;
