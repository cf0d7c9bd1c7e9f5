//! [`Cached`]: answers of a source, kept for half a step: a page that is reloaded asks nothing, and no point is missed.
//!
//! Equal questions at the same time are asked once. Failures are not kept.

use super::grid::Grid;
use super::source::{MetricsSource, SourceAnswer, SourceError};
use async_trait::async_trait;
use moka::Expiry;
use moka::future::Cache;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bytes of all answers, about.
const MAX_BYTES: u64 = 16 << 20;
/// Answers of very long ranges are not kept for days.
const LONGEST: Duration = Duration::from_secs(300);
/// An entry besides its key and its answer, as in the cache of answers about profiles.
const ENTRY_BYTES: usize = 400;

type Key = (String, Grid);

/// A source with a cache in front of it.
pub(crate) struct Cached {
    source: Arc<dyn MetricsSource>,
    answers: Cache<Key, Arc<SourceAnswer>>,
}

impl Cached {
    pub(crate) fn new(source: Arc<dyn MetricsSource>) -> Cached {
        let answers = Cache::builder().max_capacity(MAX_BYTES).weigher(weight).expire_after(HalfStep).build();
        Cached { source, answers }
    }

    /// The answer to a query, at most half a step old.
    ///
    /// # Errors
    /// [`SourceError`].
    pub(crate) async fn range(&self, query: String, grid: Grid) -> Result<Arc<SourceAnswer>, SourceError> {
        let ask = async { self.source.range(&query, grid).await.map(Arc::new) };
        let found = self.answers.try_get_with((query.clone(), grid), ask).await;
        found.map_err(|error| (*error).clone())
    }

    /// Whether the source answers at all; never from the cache.
    pub(crate) async fn check(&self) -> Result<(), SourceError> {
        self.source.check().await
    }

    /// Drops what has expired; without it, that waits for the next question.
    pub(crate) async fn expire(&self) {
        self.answers.run_pending_tasks().await;
    }
}

fn weight((query, _): &Key, answer: &Arc<SourceAnswer>) -> u32 {
    let series = answer.series.iter().map(|series| {
        let labels = series.labels.iter().map(|(name, value)| 96 + name.len() + value.len());
        128 + labels.sum::<usize>() + 16 * series.points.len()
    });
    let warnings = answer.warnings.iter().map(|text| 24 + text.len());
    let bytes = ENTRY_BYTES + query.len() + series.sum::<usize>() + warnings.sum::<usize>();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

struct HalfStep;

impl Expiry<Key, Arc<SourceAnswer>> for HalfStep {
    fn expire_after_create(&self, (_, grid): &Key, _: &Arc<SourceAnswer>, _: Instant) -> Option<Duration> {
        let half = Duration::from_millis(u64::try_from(grid.step_secs).unwrap_or(0).saturating_mul(500));
        Some(half.min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Counting(AtomicUsize);

    #[async_trait]
    impl MetricsSource for Counting {
        async fn range(&self, query: &str, _: Grid) -> Result<SourceAnswer, SourceError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            if query == "bad" {
                Err(SourceError::BadQuery("x".to_owned()))
            } else {
                Ok(SourceAnswer::default())
            }
        }

        async fn check(&self) -> Result<(), SourceError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn equal_questions_are_asked_once_and_failures_again() {
        let source = Arc::new(Counting::default());
        let cached = Cached::new(source.clone());
        let grid = Grid { start_secs: 0, step_secs: 3600, points: 2 };
        let ask = |query: &str| cached.range(query.to_owned(), grid);
        let (first, second) = tokio::join!(ask("up"), ask("up"));
        assert!(first.is_ok() && second.is_ok() && ask("up").await.is_ok());
        assert_eq!(source.0.load(Ordering::Relaxed), 1);
        assert!(ask("bad").await.is_err() && ask("bad").await.is_err());
        assert_eq!(source.0.load(Ordering::Relaxed), 3);
        let other = Grid { start_secs: 3600, ..grid };
        assert!(cached.range("up".to_owned(), other).await.is_ok());
        assert_eq!(source.0.load(Ordering::Relaxed), 4);
    }

    #[test]
    fn answers_hold_for_half_a_step() {
        let kept = |step_secs| {
            let key = (String::new(), Grid { start_secs: 0, step_secs, points: 1 });
            HalfStep.expire_after_create(&key, &Arc::default(), Instant::now()).unwrap().as_millis()
        };
        assert_eq!([kept(15), kept(120), kept(604_800)], [7500, 60_000, 300_000]);
    }
}
