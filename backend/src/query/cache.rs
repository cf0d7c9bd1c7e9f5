//! Answers kept in memory, as long as they hold. Questions that are asked twice at once are computed once.

use super::{BinScale, Distribution, QueryError, Question};
use crate::auth::Bounds;
use crate::store::{
    CostsAsked, CostsOverTime, Freshness, Mark, MergedTree, SeriesInfo, TimeRange, TotalsSeries,
};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use std::sync::Arc;
use std::time::Duration;

/// Answers that nobody asked for again are dropped after this time.
const IDLE: Duration = Duration::from_secs(600);

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Series,
    Totals(ProfileType, i64, Vec<String>),
    CallTree(ProfileType),
    Costs(ProfileType, CostsAsked),
    Distribution(ProfileType, i64, BinScale),
}

/// What was answered.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Series(Arc<Vec<SeriesInfo>>),
    Totals(Arc<Vec<TotalsSeries>>),
    CallTree(Arc<MergedTree>),
    Costs(Arc<CostsOverTime>),
    Distribution(Arc<Distribution>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    asked: Asked,
    selector: Selector,
    range: TimeRange,
    spans: Vec<String>,
    bounds: Bounds,
}

#[derive(Clone)]
struct Entry {
    answer: Answer,
    /// State of the store before it was computed.
    mark: Mark,
}

pub(super) struct AnswerCache {
    entries: Cache<Key, Entry>,
    freshness: Arc<dyn Freshness>,
}

impl AnswerCache {
    pub(super) fn new(bytes: u64, freshness: Arc<dyn Freshness>) -> AnswerCache {
        let entries = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, entry: &Entry| u32::try_from(weight(&entry.answer)).unwrap_or(u32::MAX))
            .eviction_policy(moka::policy::EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .build();
        AnswerCache { entries, freshness }
    }

    /// The answer kept, or else the one that `compute` gives, which is then kept.
    pub(super) async fn get<F>(
        &self,
        asked: Asked,
        question: &Question,
        compute: F,
    ) -> Result<Answer, QueryError>
    where
        F: Future<Output = Result<Answer, QueryError>> + Send,
    {
        let holds = |entry: &Entry| self.freshness.holds(entry.mark, question.service(), question.range);
        let key = Key {
            asked,
            selector: question.selector.clone(),
            bounds: question.bounds.clone(),
            range: question.range,
            spans: question.spans.clone(),
        };
        if let Some(entry) = self.entries.get(&key).await.filter(holds) {
            metrics::counter!("flarepath_query_cache_hits_total").increment(1);
            return Ok(entry.answer);
        }
        // One computation a key at a time; who waited finds an answer that may hold already.
        let result = self
            .entries
            .entry(key)
            .and_try_compute_with(|kept| async {
                if kept.is_some_and(|kept| holds(kept.value())) {
                    return Ok::<_, QueryError>(Op::Nop);
                }
                let mark = self.freshness.mark();
                let answer = compute.await?;
                Ok(Op::Put(Entry { answer, mark }))
            })
            .await?;
        match result {
            CompResult::Inserted(entry) | CompResult::ReplacedWith(entry) | CompResult::Unchanged(entry) => {
                Ok(entry.into_value().answer)
            }
            CompResult::Removed(_) | CompResult::StillNone(_) => {
                Err(QueryError::Internal("an answer was computed and not kept".to_owned()))
            }
        }
    }
}

/// Bytes that an answer takes, roughly.
fn weight(answer: &Answer) -> usize {
    match answer {
        Answer::Series(series) => {
            series.iter().map(|s| 200 + 60 * (s.labels.len() + s.profile_types.len())).sum()
        }
        Answer::Totals(groups) => {
            groups.iter().map(|g| 100 + 60 * g.labels.len() + 16 * g.points.len()).sum()
        }
        Answer::Costs(costs) => costs.values().map(|column| 100 + 8 * column.rows.len()).sum(),
        Answer::Distribution(found) => found.columns.values().map(|column| 100 + 40 * column.len()).sum(),
        Answer::CallTree(merged) => {
            let frames = merged.tree.frames();
            // Per node: frame, parent, self, total. Per frame: the frame and a name of usual length.
            merged.tree.len() * 24 + frames.len() * 100 + 200
        }
    }
}
