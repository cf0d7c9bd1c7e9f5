//! Context of all share operations: records, clock, configuration, and a bound on concurrent work.

use super::ShareError;
use crate::clock::Clock;
use crate::config::ShareConfig;
use crate::db::Records;
use crate::work::Workers;
use flarepath_profile::unix_nanos::{DAY_NS, UnixNanos};
use std::sync::{Arc, Mutex, PoisonError};

/// Snapshots that are sanitized, compressed and drawn at a time; others wait.
const WORKERS: usize = 2;

/// Context for creating, opening and managing shares.
pub struct ShareService {
    pub(crate) records: Records,
    pub(crate) clock: Arc<dyn Clock>,
    /// What may be shared, and for how long.
    pub config: ShareConfig,
    workers: Workers,
    /// A day since the epoch, and the key of that day.
    visitors: Mutex<(i64, [u8; 32])>,
}

impl ShareService {
    /// A service over `records`.
    pub(crate) fn new(records: Records, clock: Arc<dyn Clock>, config: ShareConfig) -> ShareService {
        ShareService {
            records,
            clock,
            config,
            workers: Workers::new(WORKERS),
            visitors: Mutex::new((i64::MIN, [0; 32])),
        }
    }

    /// Runs a long computation on a blocking thread, at most [`WORKERS`] at a time.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> Result<T, ShareError> + Send + 'static,
    ) -> Result<T, ShareError> {
        self.workers.run(compute).await.map_err(|e| ShareError::Internal(e.to_string()))?
    }

    /// A pseudonym for the address of an anonymous visitor: the same all day, and unlinkable afterwards, as the key is
    /// discarded.
    pub(super) fn visitor(&self, address: &str, now: UnixNanos) -> String {
        let day = now.0.div_euclid(DAY_NS);
        let mut current = self.visitors.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 != day {
            *current = (day, crate::db::id::random_bytes());
        }
        let hash = blake3::keyed_hash(&current.1, address.as_bytes());
        format!("visitor-{}", &hash.to_hex()[..16])
    }
}
