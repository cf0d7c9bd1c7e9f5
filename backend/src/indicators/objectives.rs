//! Objectives of a service: error ratios over several windows, each a query, and what they mean.
//!
//! Ratios that are recorded are read if there is one of the period, and all of them are then; else all are computed. So the numbers of
//! an objective are of one kind.

use super::bounds::Visible;
use super::grid::Grid;
use super::question::{Failure, SloPanel};
use super::service::Source;
use super::slo::{Budget, Slo, budget, windows};
use super::source::SourceError;
use super::template::Template;
use flarepath_profile::selector::Matcher;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::future::join_all;
use std::time::Duration;

/// The source of objectives whose ratios are recorded.
const RECORDED: &str = "recorded by Sloth";

/// An objective, with the bounds and the time of the question.
struct ObjectiveQuestion<'q> {
    slo: &'q Slo,
    within: &'q [Matcher],
    now: UnixNanos,
}

/// Error ratios of the windows of an objective.
#[derive(Default)]
struct Ratios {
    of_windows: Vec<Option<f64>>,
    are_recorded: bool,
}

impl Source {
    /// An objective at present.
    pub(super) async fn slo(
        &self,
        slo: &Slo,
        visible: &Result<Visible, Failure>,
        now: UnixNanos,
    ) -> SloPanel {
        let (ratios, failure) = match visible {
            Ok(Visible::Nothing) => (Ratios::default(), None),
            Err(failure) => (Ratios::default(), Some(failure.clone())),
            Ok(Visible::Matching(within)) => {
                match self.error_ratios(&ObjectiveQuestion { slo, within, now }).await {
                    Ok(ratios) => (ratios, None),
                    Err(error) => (Ratios::default(), Some(Failure::Source(error))),
                }
            }
        };
        let budget: Budget = budget(slo.objective, slo.window, &ratios.of_windows);
        let source = if ratios.are_recorded { RECORDED } else { slo.source.as_str() };
        SloPanel {
            name: slo.name.clone(),
            objective: slo.objective,
            window: slo.window,
            budget,
            source: source.to_owned(),
            failure,
        }
    }

    /// The error ratio of each window of an objective, at present.
    async fn error_ratios(&self, question: &ObjectiveQuestion<'_>) -> Result<Ratios, SourceError> {
        let windows = windows(question.slo.window);
        if let Some(of_windows) = self.recorded_ratios(question, &windows).await? {
            return Ok(Ratios { of_windows, are_recorded: true });
        }
        let computed = windows.iter().map(|window| self.ratio(question, &question.slo.error_ratio, *window));
        let answers = join_all(computed.collect::<Vec<_>>()).await;
        let of_windows = answers.into_iter().collect::<Result<_, _>>()?;
        Ok(Ratios { of_windows, are_recorded: false })
    }

    /// The same as they are recorded; `None` if that of the period is not.
    async fn recorded_ratios(
        &self,
        question: &ObjectiveQuestion<'_>,
        windows: &[Duration],
    ) -> Result<Option<Vec<Option<f64>>>, SourceError> {
        let (Some((period, others)), Some((of_period, of_others))) =
            (windows.split_first(), question.slo.recorded.split_first())
        else {
            return Ok(None);
        };
        let Some(first) = self.ratio(question, of_period, *period).await? else { return Ok(None) };
        let others =
            others.iter().zip(of_others).map(|(window, template)| self.ratio(question, template, *window));
        let answers = join_all(others.collect::<Vec<_>>()).await;
        let ratios = std::iter::once(Ok(Some(first))).chain(answers);
        ratios.collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// The error ratio of a template over a window.
    async fn ratio(
        &self,
        question: &ObjectiveQuestion<'_>,
        template: &Template,
        window: Duration,
    ) -> Result<Option<f64>, SourceError> {
        let secs = i64::try_from(window.as_secs()).unwrap_or(i64::MAX);
        let grid = Grid::at(question.now);
        let found =
            self.first_with_data(&[template], &question.slo.service, question.within, grid, secs).await?;
        let point = found.and_then(|found| found.answer.series.first()?.points.first().copied());
        Ok(point.map(|(_, ratio)| ratio))
    }
}
