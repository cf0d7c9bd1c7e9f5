//! What whoever opens the store may choose.

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
            retention: Some(Retention::default()),
            background_folding: true,
            fold_delay: Duration::from_secs(30),
            symbol_cache_bytes: 64 << 20,
            max_pages: None,
        }
    }
}

/// Ages at which data is dropped. What is older than `raw` is answered from 5-minute blocks, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Single profiles, with their spans and sample labels.
    pub raw: Duration,
    /// 5-minute blocks.
    pub five_minutes: Duration,
    /// 1-hour blocks.
    pub hours: Duration,
    /// 1-day blocks: the end of all data.
    pub days: Duration,
}

const DAY: u64 = 24 * 3600;

impl Default for Retention {
    fn default() -> Self {
        Retention {
            raw: Duration::from_secs(14 * DAY),
            five_minutes: Duration::from_secs(60 * DAY),
            hours: Duration::from_secs(400 * DAY),
            days: Duration::from_secs(400 * DAY),
        }
    }
}
