//! Options of the embedded store.

use crate::store::Retention;
use std::time::Duration;

/// How the embedded store works. The default suits a server of its own.
#[derive(Clone, Debug)]
pub struct EmbeddedOptions {
    /// When data is dropped. `None` keeps everything.
    pub retention: Option<Retention>,
    /// Whether profiles are folded into wider blocks in the background. Without it, call
    /// [`fold_all`](super::EmbeddedStore::fold_all).
    pub background_folding: bool,
    /// How long a series' time window must be over, by the time of the data, before it is folded.
    pub fold_delay: Duration,
    /// Bytes of symbol tables kept in memory; those of services in use stay, even above it.
    pub symbol_cache_bytes: usize,
    /// Most pages the database may have (16 KiB each), for tests of a full disk.
    pub max_pages: Option<u32>,
}

impl Default for EmbeddedOptions {
    fn default() -> Self {
        EmbeddedOptions {
            retention: None,
            background_folding: true,
            fold_delay: Duration::from_secs(30),
            symbol_cache_bytes: 64 << 20,
            max_pages: None,
        }
    }
}
