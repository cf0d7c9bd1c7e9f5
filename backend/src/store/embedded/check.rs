//! Readiness of the embedded store, cheap enough to be asked every second.
//!
//! The writer must be alive, the database file the one that was opened, the disk not full, the newest profile readable, and no
//! damage known. Damage is found at the start, by questions, and by the check in the background ([`super::verify`]).

use super::EmbeddedStore;
use super::error::disk_full;
use super::folder::FILE_NAME;
use crate::opened_file::{FileLost, OpenedFile};
use crate::store::StoreError;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A writer that works on one transaction for longer is stuck. SQLite itself waits up to 10 s for a lock.
const STALLED_AFTER: Duration = Duration::from_secs(20);
/// With less free space, pushes are about to fail: a transaction holds up to 4 MiB of rows, the log as much again.
const LEAST_FREE_BYTES: u64 = 16 << 20;

/// Since when the writer has been at work on the present transaction.
#[derive(Default)]
pub(super) struct Heartbeat(Mutex<Option<Instant>>);

impl Heartbeat {
    pub(super) fn begin(&self) {
        self.set(Some(Instant::now()));
    }

    pub(super) fn end(&self) {
        self.set(None);
    }

    fn set(&self, at: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    fn busy_for(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// The database file in `dir`.
pub(super) fn opened(dir: &Path) -> Result<OpenedFile, StoreError> {
    OpenedFile::at(&dir.join(FILE_NAME)).map_err(unusable)
}

fn unusable(error: FileLost) -> StoreError {
    StoreError::Unusable(error.to_string())
}

/// See [`crate::store::ProfileStore::check`].
pub(super) async fn check(store: &EmbeddedStore) -> Result<(), StoreError> {
    if store.queue.is_closed() {
        return Err(StoreError::Unusable("the writer has stopped; restart the server".to_owned()));
    }
    store.condition.check()?;
    if store.heartbeat.busy_for() > STALLED_AFTER {
        let seconds = STALLED_AFTER.as_secs();
        return Err(StoreError::Busy(format!("the writer has not finished a transaction for {seconds} s")));
    }
    store.file.check().map_err(unusable)?;
    if fs4::available_space(&store.dir).is_ok_and(|free| free < LEAST_FREE_BYTES) {
        return Err(disk_full(&store.dir));
    }
    // Without cached pages, so that the row is read from the file. In one message to the connection's thread: each costs a turn on a
    // processor, and under load turns are long.
    let newest = sqlx::raw_sql("PRAGMA shrink_memory; SELECT head FROM profile ORDER BY id DESC LIMIT 1");
    newest.fetch_optional(&store.checker).await.map_err(|e| store.error(e))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writer_is_busy_between_begin_and_end_only() {
        let heartbeat = Heartbeat::default();
        assert_eq!(heartbeat.busy_for(), Duration::ZERO);
        // The clock may have begun only when the machine did.
        let before = Duration::from_millis(30);
        heartbeat.set(Some(Instant::now().checked_sub(before).unwrap()));
        assert!(heartbeat.busy_for() >= before);
        heartbeat.end();
        assert_eq!(heartbeat.busy_for(), Duration::ZERO);
    }
}
