//! Options of the embedded store.

use crate::clock::{SettledClock, SystemClock};
use crate::store::Retention;
use std::sync::Arc;
use std::time::Duration;

/// Options of the embedded store.
#[derive(Clone, Debug)]
pub struct EmbeddedOptions {
    /// When data is dropped. `None` keeps everything.
    pub retention: Option<Retention>,
    /// Bytes that database, log and free pages may take together: beyond, the oldest and finest data is dropped, whatever its
    /// age. `None`: no limit.
    pub max_size: Option<u64>,
    /// The time that ages count from.
    pub clock: Arc<SettledClock>,
    /// Whether profiles are folded into wider blocks in the background. Without it, call
    /// [`fold_all`](super::EmbeddedStore::fold_all).
    pub background_folding: bool,
    /// How far a service's data must be past the end of a window before the window is folded.
    pub fold_delay: Duration,
    /// Bytes of symbol tables kept in memory. Tables in use are kept beyond this limit.
    pub symbol_cache_bytes: usize,
    /// Most pages the database may have (16 KiB each), for tests of a full disk.
    pub max_pages: Option<u32>,
}

impl Default for EmbeddedOptions {
    fn default() -> Self {
        EmbeddedOptions {
            retention: None,
            max_size: None,
            clock: Arc::new(SettledClock::unsaved(Arc::new(SystemClock))),
            background_folding: true,
            fold_delay: Duration::from_secs(30),
            symbol_cache_bytes: 64 << 20,
            max_pages: None,
        }
    }
}
