//! Opens the configured profile storage.

use super::embedded::{EmbeddedOptions, EmbeddedStore};
use super::freshness::{Freshness, LoggedWriter};
use super::{ProfileStore, ProfileWriter, Retention, StoreError};
use crate::clock::SettledClock;
use std::path::Path;
use std::sync::Arc;

/// A profile storage, whatever keeps it.
#[derive(Clone)]
pub struct Storage {
    /// Answers questions.
    pub read: Arc<dyn ProfileStore>,
    /// Takes new profiles; absent where the storage is read-only.
    pub write: Option<Arc<dyn ProfileWriter>>,
    /// Decides how long answers hold.
    pub freshness: Arc<dyn Freshness>,
    /// Its name in cache keys and logs; each storage has another.
    pub name: Arc<str>,
}

impl Storage {
    /// A storage that only this process writes to, through the writer given here.
    pub fn exclusive<S: ProfileStore + ProfileWriter + 'static>(name: &str, store: Arc<S>) -> Storage {
        let log = store.write_log().unwrap_or_default();
        Storage {
            read: store.clone(),
            write: Some(Arc::new(LoggedWriter { inner: store, log: log.clone() })),
            freshness: log,
            name: name.into(),
        }
    }
}

/// Opens the embedded store in `dir`, which is made if it is missing. Without `retention` nothing is dropped because of its age;
/// ages count from `clock`. Without `max_size` (bytes) it grows without limit.
///
/// # Errors
/// As [`EmbeddedStore::open`].
pub(crate) async fn open(
    dir: &Path,
    retention: Option<Retention>,
    max_size: Option<u64>,
    clock: Arc<SettledClock>,
) -> Result<Storage, StoreError> {
    let options = EmbeddedOptions { retention, max_size, clock, ..EmbeddedOptions::default() };
    Ok(Storage::exclusive("embedded", EmbeddedStore::open(dir, options).await?))
}
