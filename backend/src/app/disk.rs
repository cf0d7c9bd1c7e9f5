//! Disk usage of the profile storage.
//!
//! A report measures files and asks the database for three numbers and the oldest row of each service; it needs no turn in the queue of
//! queries. Reports are made one at a time.

use crate::store::{DiskReport, ProfileStore, StoreError};
use std::sync::Arc;

/// Reports about the disk of an app's profile storage.
pub(crate) struct Disk {
    store: Arc<dyn ProfileStore>,
    turn: tokio::sync::Mutex<()>,
}

impl Disk {
    pub(super) fn new(store: Arc<dyn ProfileStore>) -> Disk {
        Disk { store, turn: tokio::sync::Mutex::default() }
    }

    /// At present; `None` where the profiles are not on a disk of this server.
    pub(crate) async fn report(&self) -> Result<Option<DiskReport>, StoreError> {
        let _turn = self.turn.lock().await;
        self.store.disk().await
    }
}
