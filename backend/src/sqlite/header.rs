//! Checks the first page and the size of a database file (sqlite.org/fileformat2.html, 1.3). Constant time, before SQLite sees it.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Bytes that are read: the header of the file, and that of the first page.
const LENGTH: usize = 101;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Kinds of the first page, which holds the schema: a leaf or an inner page of a table.
const TABLE_PAGES: [u8; 2] = [0x0d, 0x05];

/// A file that cannot be a sound database, in words that follow the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadFile(pub(crate) String);

/// Checks the file at `path`; a missing or empty one is sound. Its size is compared only where there is no log to complete it.
///
/// Not for a database that this process has open: closing the file ends all locks of the process on it (fcntl), SQLite's among
/// them. See [`check_open`].
///
/// # Errors
/// The outer error when it cannot be read, [`BadFile`] when it is damaged.
pub(crate) fn check(path: &Path) -> std::io::Result<Result<(), BadFile>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Ok(())),
        other => other?,
    };
    check_open(&file, path)
}

/// Checks an open file, which stays open; its log is beside `path`.
///
/// # Errors
/// As [`check`].
pub(crate) fn check_open(file: &File, path: &Path) -> std::io::Result<Result<(), BadFile>> {
    let size = file.metadata()?.len();
    let mut header = vec![0; LENGTH.min(size as usize)];
    file.read_exact_at(&mut header, 0)?;
    let log = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |log| log.len());
    Ok(if size == 0 { Ok(()) } else { examine(&header, size, log > 0) })
}

fn examine(header: &[u8], size: u64, has_log: bool) -> Result<(), BadFile> {
    let bad = |what: String| Err(BadFile(what));
    let Some(header) = header.first_chunk::<LENGTH>() else {
        return bad(format!("has {size} bytes, less than a header"));
    };
    let short = |at: usize| u64::from(u16::from_be_bytes([header[at], header[at + 1]]));
    let long = |at: usize| {
        u64::from(u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]))
    };
    if &header[..16] != MAGIC {
        return bad("does not begin like an SQLite database".to_owned());
    }
    // Both are zero until the first table is in the file itself and not just in the log.
    let is_new = (long(44), long(56)) == (0, 0);
    let page = if short(16) == 1 { 65_536 } else { short(16) };
    let fixed = [
        (16, page.is_power_of_two() && page >= 512),
        (18, (1..=2).contains(&header[18]) && header[18] == header[19]),
        (20, header[20] == 0),
        (21, header[21..24] == [64, 32, 32]),
        (44, is_new || (1..=4).contains(&long(44))),
        (56, is_new || (1..=3).contains(&long(56))),
        (72, header[72..92].iter().all(|&byte| byte == 0)),
        (100, TABLE_PAGES.contains(&header[100])),
    ];
    if let Some((at, _)) = fixed.into_iter().find(|(_, is_sound)| !is_sound) {
        return bad(format!("has a damaged header (byte {at})"));
    }
    // Without a log the file is whole. The count holds if it was written together with the change counter.
    let (pages, counted) = (size / page, long(28));
    if !has_log && long(24) == long(92) && (pages < counted || !size.is_multiple_of(page)) {
        return bad(format!("is cut off: {size} bytes instead of {}", counted * page));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
    use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};

    async fn open(path: &Path) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        options.connect().await.unwrap()
    }

    #[tokio::test]
    async fn a_database_whose_tables_are_all_in_the_log_is_sound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        let mut connection = open(&path).await;
        assert_eq!(check(&path).unwrap(), Ok(()), "no table yet");
        connection.execute("CREATE TABLE t (x BLOB) STRICT").await.unwrap();
        // The connection stays open, as if the process had been killed.
        assert_eq!(std::fs::read(&path).unwrap()[44..48], [0; 4]);
        assert_eq!(check(&path).unwrap(), Ok(()));
    }

    async fn database(path: &Path) -> Vec<u8> {
        let mut connection = open(path).await;
        connection.execute("CREATE TABLE t (x) STRICT").await.unwrap_err();
        connection.execute("CREATE TABLE t (x BLOB) STRICT").await.unwrap();
        connection.execute("INSERT INTO t VALUES (zeroblob(50000))").await.unwrap();
        connection.close().await.unwrap();
        std::fs::read(path).unwrap()
    }

    #[tokio::test]
    async fn finds_each_flip_in_the_fixed_bytes_and_each_cut() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        assert_eq!(check(&path).unwrap(), Ok(()), "no file");
        let sound = database(&path).await;
        assert_eq!(check(&path).unwrap(), Ok(()));
        for at in (0..16).chain(20..24).chain(72..92) {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x20;
            assert!(examine(&bytes, sound.len() as u64, false).is_err(), "byte {at}");
        }
        for size in [1, 99, 4096, sound.len() - 4096, sound.len() - 1] {
            std::fs::write(&path, &sound[..size]).unwrap();
            assert!(check(&path).unwrap().is_err(), "{size} bytes");
        }
        std::fs::write(&path, &sound[..4096]).unwrap();
        std::fs::write(path.with_extension("db-wal"), b"x").unwrap();
        assert_eq!(check(&path).unwrap(), Ok(()), "a log may hold the rest");
    }
}
