//! Judgements that only some callers may see, or that are of other ranges than the board's: kept for a while, so that the pages and the
//! next requests of the same callers need not repeat them.
//!
//! The key holds the caller's bounds: no caller is shown a judgement that was made within other bounds.

use super::turns::Attempt;
use crate::auth::Bounds;
use crate::store::TimeRange;
use flarepath_profile::selector::Selector;
use moka::future::Cache;
use std::time::Duration;

/// Judgements kept at most, each about a kilobyte.
const MOST: u64 = 20_000;
const TTL: Duration = Duration::from_secs(600);

/// A service within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct OwnKey {
    pub(super) bounds: Bounds,
    pub(super) selector: Selector,
    pub(super) service: String,
    /// `None`: the last hour, whenever that is.
    pub(super) range: Option<TimeRange>,
}

/// Judgements by what they are of.
pub(super) struct OwnJudgements(Cache<OwnKey, Attempt>);

impl OwnJudgements {
    pub(super) fn new() -> OwnJudgements {
        OwnJudgements(Cache::builder().max_capacity(MOST).time_to_live(TTL).build())
    }

    pub(super) async fn get(&self, key: &OwnKey) -> Option<Attempt> {
        self.0.get(key).await
    }

    pub(super) async fn insert(&self, key: OwnKey, attempt: Attempt) {
        self.0.insert(key, attempt).await;
    }
}
