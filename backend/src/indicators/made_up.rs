//! A made-up source for tests of what asks one.

use super::grid::Grid;
use super::service::Indicators;
use super::source::{MetricSeries, MetricsSource, SourceAnswer, SourceError};
use async_trait::async_trait;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longer than any test takes.
pub(crate) const PATIENT: Duration = Duration::from_secs(60);

/// What it does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    /// It has no data.
    Nothing,
    /// It has data of the metric of this name: 10/s of the pod `a`.
    Data(&'static str),
    /// It has data of each of these metrics from an instant on until another, in seconds since the epoch: 10/s of the pod `a`.
    During(&'static [(&'static str, i64, i64)]),
    Down,
    /// It answers checks, and nothing else.
    Hangs,
}

pub(crate) struct MadeUp {
    reply: Mutex<Reply>,
    queries: Mutex<Vec<String>>,
    grids: Mutex<Vec<Grid>>,
}

impl MadeUp {
    /// A source called `default`, and the indicators over it.
    pub(crate) fn indicators(reply: Reply, timeout: Duration) -> (Arc<MadeUp>, Arc<Indicators>) {
        let source =
            Arc::new(MadeUp { reply: Mutex::new(reply), queries: Mutex::default(), grids: Mutex::default() });
        let indicators = Indicators::over(source.clone(), timeout);
        (source, Arc::new(indicators))
    }

    /// From now on, it does this.
    pub(crate) fn becomes(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    /// All queries since the last call.
    pub(crate) fn queries(&self) -> Vec<String> {
        std::mem::take(&mut *self.queries.lock().unwrap())
    }

    /// The instants of all queries since the last call.
    pub(crate) fn grids(&self) -> Vec<Grid> {
        std::mem::take(&mut *self.grids.lock().unwrap())
    }

    fn reply(&self) -> Reply {
        *self.reply.lock().unwrap()
    }
}

/// 10/s of the pod `a` at the instants within some seconds.
fn pod_a(grid: Grid, secs: Range<i64>) -> SourceAnswer {
    let is_known = |place: &u32| secs.contains(&(grid.start_secs + i64::from(*place) * grid.step_secs));
    let points: Vec<(u32, f64)> =
        (0..grid.points as u32).filter(is_known).map(|place| (place, 10.0)).collect();
    if points.is_empty() {
        return SourceAnswer::default();
    }
    let labels = [("pod".to_owned(), "a".to_owned())].into();
    SourceAnswer { series: vec![MetricSeries { labels, points }], warnings: Vec::new() }
}

fn unreachable() -> SourceError {
    SourceError::Unreachable("made up".to_owned())
}

#[async_trait]
impl MetricsSource for MadeUp {
    async fn range(&self, query: &str, grid: Grid) -> Result<SourceAnswer, SourceError> {
        self.queries.lock().unwrap().push(query.to_owned());
        self.grids.lock().unwrap().push(grid);
        match self.reply() {
            Reply::Down => Err(unreachable()),
            Reply::Hangs => std::future::pending().await,
            Reply::Data(metric) if query.contains(metric) => Ok(pod_a(grid, i64::MIN..i64::MAX)),
            Reply::During(metrics) => {
                let known = metrics.iter().find(|(metric, ..)| query.contains(metric));
                Ok(known.map_or_else(SourceAnswer::default, |(_, from, until)| pod_a(grid, *from..*until)))
            }
            Reply::Data(_) | Reply::Nothing => Ok(SourceAnswer::default()),
        }
    }

    async fn check(&self) -> Result<(), SourceError> {
        match self.reply() {
            Reply::Down => Err(unreachable()),
            _ => Ok(()),
        }
    }
}
