//! [`Cached`]: answers of a source, kept for half a step: a page that is reloaded asks nothing, and no point is missed.
//!
//! Equal questions at the same time are asked once. Failures are not kept.

use super::grid::Grid;
use super::health::Health;
use super::source::{MetricsSource, SourceAnswer, SourceError};
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

/// A source with a cache in front of it. Every request passes through here, so that its health is known.
pub(crate) struct Cached {
    source: Arc<dyn MetricsSource>,
    health: Health,
    answers: Cache<Key, Arc<SourceAnswer>>,
}

impl Cached {
    /// A source of this name.
    pub(crate) fn new(name: &str, source: Arc<dyn MetricsSource>) -> Cached {
        let answers = Cache::builder().max_capacity(MAX_BYTES).weigher(weight).expire_after(HalfStep).build();
        Cached { source, health: Health::new(name), answers }
    }

    /// The answer to a query, at most half a step old.
    ///
    /// # Errors
    /// [`SourceError`].
    pub(crate) async fn range(&self, query: String, grid: Grid) -> Result<Arc<SourceAnswer>, SourceError> {
        let ask = async {
            let answer = self.source.range(&query, grid).await.map(Arc::new);
            answer.inspect_err(|error| self.health.failed(error))
        };
        let found = self.answers.try_get_with((query.clone(), grid), ask).await;
        found.map_err(|error| (*error).clone())
    }

    /// Asks whether the source answers at all; never from the cache.
    pub(crate) async fn check(&self) {
        match self.source.check().await {
            Err(error) if !error.is_of_the_query() => self.health.failed(&error),
            _ => self.health.check_passed(),
        }
    }

    /// Whether the source answers.
    pub(super) fn health(&self) -> &Health {
        &self.health
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
    use async_trait::async_trait;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Counting(AtomicUsize);

    #[async_trait]
    impl MetricsSource for Counting {
        async fn range(&self, query: &str, _: Grid) -> Result<SourceAnswer, SourceError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            match query {
                "bad" => Err(SourceError::BadQuery("x".to_owned())),
                "denied" => Err(SourceError::Denied(401)),
                _ => Ok(SourceAnswer::default()),
            }
        }

        async fn check(&self) -> Result<(), SourceError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn equal_questions_are_asked_once_and_failures_again() {
        let source = Arc::new(Counting::default());
        let cached = Cached::new("prod", source.clone());
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

    #[tokio::test]
    async fn requests_tell_whether_the_source_answers() {
        let cached = Cached::new("prod", Arc::new(Counting::default()));
        let grid = Grid { start_secs: 0, step_secs: 15, points: 2 };
        assert!(cached.range("bad".to_owned(), grid).await.is_err());
        assert_eq!(cached.health().why_not(), None, "it rejects a query, and answers");
        assert!(cached.range("denied".to_owned(), grid).await.is_err());
        assert!(cached.health().why_not().is_some());
        cached.check().await;
        assert_eq!(cached.health().why_not(), None);
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
