//! The embedded store. For now it answers from memory; the files come next.

mod options;

pub use options::{EmbeddedOptions, Retention};

use super::memory::MemoryStore;
use super::{
    MergedTree, NewProfile, ProfileStore, ProfileWriter, Selection, SeriesInfo, StoreError, TotalsSeries,
};
use async_trait::async_trait;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use std::path::Path;
use std::sync::Arc;

/// Profiles in a data folder of this machine.
pub struct EmbeddedStore {
    memory: MemoryStore,
}

impl EmbeddedStore {
    /// Opens the store in `dir`, which is made if it is missing.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Unusable`], [`StoreError::Corrupt`].
    pub async fn open(dir: &Path, options: EmbeddedOptions) -> Result<Arc<EmbeddedStore>, StoreError> {
        let _ = options;
        std::fs::create_dir_all(dir).map_err(|e| StoreError::Unusable(e.to_string()))?;
        Ok(Arc::new(EmbeddedStore { memory: MemoryStore::new() }))
    }

    /// Folds all that can be folded, at once.
    ///
    /// # Errors
    /// As any write.
    pub async fn fold_all(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Stores what is waiting, folds the log into the database file and lets go of the data folder.
    ///
    /// # Errors
    /// As any write.
    pub async fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl ProfileStore for EmbeddedStore {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        self.memory.series(selection).await
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        self.memory.totals(selection, profile_type, step_ns, by).await
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        self.memory.call_tree(selection, profile_type).await
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        self.memory.profile(selection, profile_type).await
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        self.memory.has_service(service).await
    }
}

#[async_trait]
impl ProfileWriter for EmbeddedStore {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        self.memory.append(batch).await
    }
}
