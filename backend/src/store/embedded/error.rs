//! Maps database errors to `StoreError`.

use super::folder::FILE_NAME;
use crate::store::StoreError;
use std::path::Path;

/// SQLite's primary result codes that an operator can act on (sqlite.org/rescode.html).
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const NOTADB: i32 = 26;

/// Less free space than this makes a failed write a full disk, whatever the database calls it.
const FULL_BELOW: u64 = 1 << 20;

/// Maps a database error. `dir` is the data directory, for advice and to see whether the disk is full.
pub(crate) fn store_error(error: &sqlx::Error, dir: &Path) -> StoreError {
    let shown = dir.display();
    // Every column has a type that SQLite enforces, so another one is damage.
    if matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) {
        return damaged(dir, &format!("is damaged ({error})"));
    }
    match primary_code(error) {
        Some(FULL) => disk_full(dir),
        Some(IOERR) if fs4::available_space(dir).is_ok_and(|free| free < FULL_BELOW) => disk_full(dir),
        Some(IOERR) => {
            StoreError::Unusable(format!("reading or writing {shown} failed ({error}); check the disk"))
        }
        Some(READONLY | CANTOPEN) => StoreError::Unusable(format!(
            "{shown} cannot be written ({error}); give the user that runs flarepath write access to the folder and its files"
        )),
        Some(CORRUPT | NOTADB) => damaged(dir, &format!("is damaged ({error})")),
        Some(BUSY | LOCKED) => StoreError::Busy("another connection holds the database".to_owned()),
        _ => StoreError::Database(error.to_string()),
    }
}

/// Whether another connection holds a lock.
pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(BUSY | LOCKED))
}

fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?.parse::<i32>().ok()?;
    Some(code & 0xff)
}

pub(super) fn disk_full(dir: &Path) -> StoreError {
    StoreError::DiskFull(format!("no space left for {}; free some, then send again", dir.display()))
}

/// Damage of the database file in `dir`, with the way out.
pub(crate) fn damaged(dir: &Path, what: &str) -> StoreError {
    StoreError::Corrupt(format!(
        "{} {what}. It was left as it is. Restore a backup into an empty folder (flarepath restore), or move the data directory away \
         to start empty; flarepath check lists all damage",
        dir.join(FILE_NAME).display()
    ))
}
