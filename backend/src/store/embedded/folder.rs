//! The data directory: created if missing, locked for one process.

use crate::store::StoreError;
use fs4::{FileExt, TryLockError};
use std::fs::{File, OpenOptions};
use std::path::Path;

/// Name of the database file in the data directory.
pub(crate) const FILE_NAME: &str = "profiles.db";
/// Name of the lock file. The file remains after the lock is released.
const LOCK_FILE: &str = "flarepath.lock";

/// Locks the folder until dropped; the operating system releases the lock when the process dies.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

/// Locks the folder for this process.
///
/// # Errors
/// [`StoreError::Locked`] when another process holds the lock, [`StoreError::Unusable`] when the folder cannot be created or
/// written.
pub(crate) fn take(dir: &Path) -> Result<FolderLock, StoreError> {
    let unusable = |what: &str, error: std::io::Error| {
        StoreError::Unusable(format!(
            "{} cannot be {what} ({error}); give the user that runs flarepath write access, or choose another folder with --data",
            dir.display()
        ))
    };
    std::fs::create_dir_all(dir).map_err(|e| unusable("created", e))?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join(LOCK_FILE))
        .map_err(|e| unusable("written", e))?;
    match FileExt::try_lock(&file) {
        Ok(()) => Ok(FolderLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked(dir.display().to_string())),
        Err(TryLockError::Error(e)) => Err(unusable("locked", e)),
    }
}
