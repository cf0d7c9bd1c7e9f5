//! Where shares are made, opened and managed: the records, the rules, and bounds on how much is done at once.

use super::ShareError;
use crate::clock::Clock;
use crate::config::ShareConfig;
use crate::db::Records;
use crate::work::Workers;
use std::sync::{Arc, Mutex, PoisonError};

/// Trees that are sanitised, compressed and drawn at once; others wait.
const WORKERS: usize = 2;
const DAY_NS: i64 = 86_400_000_000_000;

/// Makes, opens and manages shares.
pub struct Desk {
    /// Our records.
    pub(crate) records: Records,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// What may be shared.
    pub config: ShareConfig,
    workers: Workers,
    /// A day, and the key of that day.
    visitors: Mutex<(i64, [u8; 32])>,
}

impl Desk {
    /// A desk over `records`.
    pub(crate) fn new(records: Records, clock: Arc<dyn Clock>, config: ShareConfig) -> Desk {
        Desk {
            records,
            clock,
            config,
            workers: Workers::new(WORKERS),
            visitors: Mutex::new((i64::MIN, [0; 32])),
        }
    }

    /// Computes what takes long, when it is its turn, on a thread that may wait.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> Result<T, ShareError> + Send + 'static,
    ) -> Result<T, ShareError> {
        self.workers.run(compute).await.map_err(|e| ShareError::Internal(e.to_string()))?
    }

    /// What stands for the address of a visitor who has not signed in: the same all day, and then never again, as the key
    /// is forgotten.
    pub(super) fn visitor(&self, address: &str, now_ns: i64) -> String {
        let day = now_ns.div_euclid(DAY_NS);
        let mut kept = self.visitors.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != day {
            *kept = (day, crate::db::id::random_bytes());
        }
        let hash = blake3::keyed_hash(&kept.1, address.as_bytes());
        format!("visitor-{}", &hash.to_hex()[..16])
    }
}
