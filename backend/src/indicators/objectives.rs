//! Objectives of a service: error ratios over several windows, each a query, and what they mean.

use super::bounds::Visible;
use super::grid::Grid;
use super::question::{Failure, SloPanel};
use super::service::{Matched, Source};
use super::slo::{Budget, Slo, budget, windows};
use super::source::SourceError;
use flarepath_profile::selector::Matcher;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::future::join_all;

impl Source {
    /// An objective at present.
    pub(super) async fn slo(
        &self,
        slo: &Slo,
        visible: &Result<Visible, Failure>,
        now: UnixNanos,
    ) -> SloPanel {
        let (ratios, failure) = match visible {
            Ok(Visible::Nothing) => (Vec::new(), None),
            Err(failure) => (Vec::new(), Some(failure.clone())),
            Ok(Visible::Matching(within)) => match self.error_ratios(slo, within, now).await {
                Ok(ratios) => (ratios, None),
                Err(error) => (Vec::new(), Some(Failure::Source(error))),
            },
        };
        let budget: Budget = budget(slo.objective, slo.window, &ratios);
        SloPanel { name: slo.name.clone(), objective: slo.objective, window: slo.window, budget, failure }
    }

    /// The error ratio of each window of an objective, at present.
    async fn error_ratios(
        &self,
        slo: &Slo,
        within: &[Matcher],
        now: UnixNanos,
    ) -> Result<Vec<Option<f64>>, SourceError> {
        let templates = [&slo.error_ratio];
        let asked = windows(slo.window).into_iter().map(|window| {
            let secs = i64::try_from(window.as_secs()).unwrap_or(i64::MAX);
            self.first_with_data(&templates, &slo.service, within, Grid::at(now), secs)
        });
        let answers = join_all(asked.collect::<Vec<_>>()).await;
        let ratio = |found: Option<Matched>| {
            let point = found?.answer.series.first()?.points.first().copied();
            point.map(|(_, ratio)| ratio)
        };
        answers.into_iter().map(|answer| answer.map(ratio)).collect()
    }
}
