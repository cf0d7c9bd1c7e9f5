//! Backups of a data directory: both databases as they are at one moment, while a server runs on them.
//!
//! 1. Changes of the records are held up for some milliseconds. Meanwhile a read transaction begins on the profiles, then one
//!    on the records: the records cannot change in between, so both show the moment at which the first began. Every profile that was
//!    acknowledged before is in it.
//! 2. Both are copied within these transactions, into a temporary folder, then checked and flushed.
//! 3. The folder is renamed. Until then the backup before it is untouched ([`folder`]).
//!
//! [`manifest`] says what a backup holds, with digests; [`restore`] compares them.

mod folder;
mod manifest;
mod restore;

pub(crate) use manifest::Manifest;
pub(crate) use restore::restore;

use crate::db::files as records_files;
use crate::store::profile_files;
use anyhow::Context;
use flarepath_profile::unix_nanos::UnixNanos;
use folder::Target;
use std::path::Path;

/// Backs up the profiles in `data`, and the records at `records` (`None`: in PostgreSQL) into `dir`.
///
/// # Errors
/// When anything fails; an earlier backup in `dir` stays as it is.
pub(crate) async fn back_up(
    data: &Path,
    records: Option<&Path>,
    dir: &Path,
    now: UnixNanos,
) -> anyhow::Result<Manifest> {
    let target = Target::prepare(dir)?;
    let made = copy(data, records, target.folder(), now).await;
    match made {
        Ok(manifest) => {
            target.finish()?;
            Ok(manifest)
        }
        Err(error) => {
            target.discard();
            Err(error.context("no backup was made; the previous one is unchanged"))
        }
    }
}

async fn copy(data: &Path, records: Option<&Path>, into: &Path, now: UnixNanos) -> anyhow::Result<Manifest> {
    let mut profiles = profile_files::source(data, &into.join(profile_files::FILE_NAME)).await?;
    let mut held = None;
    if let Some(path) = records {
        let copy = into.join(records_files::FILE_NAME);
        let source = records_files::source(path, &copy).await?;
        held = Some((records_files::Standstill::of(path).await?, source));
    }
    profiles.hold().await?;
    let records_source = match held {
        Some((standstill, mut source)) => {
            source.hold().await?;
            standstill.release().await?;
            Some(source)
        }
        None => None,
    };
    profiles.copy().await.context("cannot copy the profiles")?;
    let number = profile_files::verify(into).await.context("the copy of the profiles is damaged")?;
    let mut files = vec![profile_files::FILE_NAME];
    if let Some(source) = records_source {
        source.copy().await.context("cannot copy the records")?;
        let copy = into.join(records_files::FILE_NAME);
        records_files::verify(&copy).await.context("the copy of the records is damaged")?;
        files.push(records_files::FILE_NAME);
    }
    let manifest = Manifest::of(into, &files, now, number)?;
    manifest.write(into)?;
    Ok(manifest)
}
