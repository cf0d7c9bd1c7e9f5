//! The database file of profiles, for backup and restore.

use super::change::last_profile;
use super::error::store_error;
use super::migrations::newest_schema;
use crate::sqlite::copy::Source;
use crate::sqlite::{self, integrity, schema};
use crate::store::StoreError;
use std::path::Path;

pub(crate) use super::folder::FILE_NAME;

/// Profiles in `dir`, to be copied to the new file `to`.
pub(crate) async fn source(dir: &Path, to: &Path) -> Result<Source, StoreError> {
    let path = dir.join(FILE_NAME);
    if !path.exists() {
        return Err(StoreError::Unusable(format!("there is no {}", path.display())));
    }
    Source::open(&path, to).await.map_err(|error| store_error(&error, dir))
}

/// Checks the copy in `dir`, and tells the number of its last profile.
pub(crate) async fn verify(dir: &Path) -> Result<i64, StoreError> {
    let check = async {
        let mut copy = sqlite::open_to_read(&dir.join(FILE_NAME)).await?;
        let version = schema::version(&mut copy).await?.unwrap_or_default();
        let found = integrity::check(&mut copy).await?;
        // Older schemas do not have all tables.
        let last = if version == newest_schema() { last_profile(&mut copy).await? } else { 0 };
        Ok((version, found, last))
    };
    let (version, found, last) = check.await.map_err(|error| store_error(&error, dir))?;
    let shown = dir.join(FILE_NAME);
    if version > newest_schema() {
        return Err(StoreError::Unusable(format!(
            "{} is from a newer flarepath (schema version {version}); use that version or a newer one",
            shown.display()
        )));
    }
    match found.first() {
        Some(what) => Err(StoreError::Corrupt(format!("{}: {what}", shown.display()))),
        None => Ok(last),
    }
}
