//! A made-up source for tests of what asks one.

use super::grid::Grid;
use super::service::Indicators;
use super::source::{MetricSeries, MetricsSource, SourceAnswer, SourceError};
use async_trait::async_trait;
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
            Reply::Data(metric) if query.contains(metric) => {
                let labels = [("pod".to_owned(), "a".to_owned())].into();
                let points = (0..grid.points as u32).map(|place| (place, 10.0)).collect();
                let series = vec![MetricSeries { labels, points }];
                Ok(SourceAnswer { series, warnings: Vec::new() })
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
