//! A second file that counts acknowledged profiles, so that a cut or deleted log is noticed.
//!
//! SQLite takes a log that was cut off for the log of a shorter past: what was acknowledged after the cut is missing, and nothing
//! says so. Profiles are numbered without gaps, in the order of their commits; the number of the last is in the database. The
//! file holds, outside of database and log:
//!
//! - `acknowledged`: all profiles up to this number were committed, and their senders told so;
//! - `begun`: profiles up to this number were in the transaction that was being committed.
//!
//! A group's record is flushed while SQLite flushes the log, and both have ended before anyone is answered, so the second flush
//! costs no time of its own. `acknowledged` follows with the next group, or as soon as the writer has been idle for a moment.
//! After a crash the database has at least `acknowledged`; if it has less, that many are missing for certain, and up
//! to `begun` may be.
//!
//! Layout: two slots of [`SLOT`] bytes, written in turn, so that a torn write leaves the other. A record is `FPCOMMIT`, then
//! sequence number, `acknowledged` and `begun` as little-endian 64-bit integers, then the first 8 bytes of the BLAKE3 of all that.

use super::error::{damaged, disk_full};
use super::folder::FILE_NAME as DATABASE;
use crate::store::StoreError;
use crate::work::Workers;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// Name of the file in the data directory.
pub(crate) const FILE_NAME: &str = "profiles.commits";
const MAGIC: &[u8; 8] = b"FPCOMMIT";
/// Bytes a slot: no sector is part of two.
const SLOT: u64 = 4096;
const RECORD: usize = 40;

/// Each open store flushes one record at a time.
static FLUSHES: LazyLock<Workers> = LazyLock::new(|| Workers::new(16));

/// What the file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    sequence: u64,
    pub(crate) acknowledged: i64,
    pub(crate) begun: i64,
}

/// Acknowledged profiles that the database does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) at_least: i64,
    pub(crate) at_most: i64,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Missing { at_least, at_most } = self;
        if at_least == at_most { write!(f, "{at_least}") } else { write!(f, "{at_least} to {at_most}") }
    }
}

impl Record {
    /// What is missing from a database whose last profile is `stored`.
    pub(crate) fn missing(&self, stored: i64) -> Option<Missing> {
        (stored < self.acknowledged)
            .then(|| Missing { at_least: self.acknowledged - stored, at_most: self.begun - stored })
    }

    fn encode(&self) -> [u8; RECORD] {
        let mut bytes = [0; RECORD];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&self.sequence.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.acknowledged.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.begun.to_le_bytes());
        let hash = blake3::hash(&bytes[..32]);
        bytes[32..].copy_from_slice(&hash.as_bytes()[..8]);
        bytes
    }

    fn decode(bytes: &[u8; RECORD]) -> Option<Record> {
        let hash = blake3::hash(&bytes[..32]);
        if &bytes[..8] != MAGIC || bytes[32..] != hash.as_bytes()[..8] {
            return None;
        }
        let number = |at: usize| bytes[at..at + 8].try_into().map(u64::from_le_bytes).ok();
        let signed = |at: usize| number(at).and_then(|n| i64::try_from(n).ok());
        Some(Record { sequence: number(8)?, acknowledged: signed(16)?, begun: signed(24)? })
    }
}

/// The record in `dir`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No file: the store is new, or from a version that kept none.
    Absent,
    /// A file without a valid record.
    Unreadable,
    /// The newest valid record.
    Record(Record),
}

/// Reads the newest record in `dir`.
pub(crate) fn read(dir: &Path) -> Result<Found, StoreError> {
    let path = dir.join(FILE_NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Absent),
        Err(error) => return Err(unusable(&path, &error)),
    };
    let slot = |index: u64| {
        let mut bytes = [0; RECORD];
        file.read_exact_at(&mut bytes, index * SLOT).ok()?;
        Record::decode(&bytes)
    };
    let newest = [slot(0), slot(1)].into_iter().flatten().max_by_key(|record| record.sequence);
    Ok(newest.map_or(Found::Unreadable, Found::Record))
}

/// Compares the last profile in the database with what was acknowledged.
pub(super) fn check_acknowledged(dir: &Path, stored: i64) -> Result<(), StoreError> {
    match read(dir)? {
        Found::Record(record) => {
            if let Some(missing) = record.missing(stored) {
                return Err(damaged(dir, &lacks(missing)));
            }
        }
        Found::Unreadable => tracing::warn!(
            file = %dir.join(FILE_NAME).display(),
            "damaged, so missing acknowledged profiles cannot be detected; it is rewritten"
        ),
        Found::Absent => {}
    }
    Ok(())
}

/// What the database lacks, and how to go on without it.
pub(crate) fn lacks(missing: Missing) -> String {
    format!(
        "lacks {missing} acknowledged profiles: its log ({DATABASE}-wal) was cut off, deleted or not restored with it. If you have \
         the log, put it back; to go on without these profiles, run flarepath check --accept-loss"
    )
}

/// The file of an open store.
pub(crate) struct Commits {
    path: PathBuf,
    file: Arc<File>,
    record: Record,
    /// Whether the file says so.
    settled: bool,
    /// Whether the last flush failed.
    failed: bool,
}

impl Commits {
    /// Opens the file, made if it is missing, and records that all profiles up to `stored` are acknowledged.
    pub(crate) fn open(dir: &Path, stored: i64) -> Result<Commits, StoreError> {
        let sequence = match read(dir)? {
            Found::Record(record) => record.sequence,
            Found::Absent | Found::Unreadable => 0,
        };
        let path = dir.join(FILE_NAME);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true).mode(0o600);
        let mut record = Record { sequence, acknowledged: stored, begun: stored };
        let prepared = options.open(&path).and_then(|file| {
            // Both slots, so that later writes change no size.
            for _ in 0..2 {
                record.sequence += 1;
                write(&file, &record)?;
            }
            file.sync_all()?;
            File::open(dir)?.sync_all()?;
            Ok(file)
        });
        let file = prepared.map_err(|error| unusable(&path, &error))?;
        Ok(Commits { path, file: Arc::new(file), record, settled: true, failed: false })
    }

    /// The number of the last profile that was committed.
    pub(crate) fn last(&self) -> i64 {
        self.record.begun
    }

    /// Whether the file does not say yet that the last group was acknowledged.
    pub(crate) fn is_behind(&self) -> bool {
        !self.settled
    }

    /// Whether the last flush failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Flushes a record of a group that is being committed, up to profile `begun`. If it is
    /// committed, call [`Commits::committed`].
    pub(crate) async fn begin(&mut self, begun: i64) -> Result<(), StoreError> {
        self.flush(Record { begun, ..self.record }).await
    }

    /// Notes, in memory, that the group up to `begun` was committed.
    pub(crate) fn committed(&mut self, begun: i64) {
        self.record = Record { begun, acknowledged: begun, ..self.record };
        self.settled = false;
    }

    /// Flushes what [`Commits::committed`] has noted.
    pub(crate) async fn settle(&mut self) -> Result<(), StoreError> {
        self.flush(self.record).await?;
        self.settled = true;
        Ok(())
    }

    async fn flush(&mut self, record: Record) -> Result<(), StoreError> {
        self.record.sequence += 1;
        let record = Record { sequence: self.record.sequence, ..record };
        let file = self.file.clone();
        let flushed = FLUSHES.run(move || write(&file, &record).and_then(|()| file.sync_data())).await;
        self.failed = !matches!(flushed, Ok(Ok(())));
        match flushed {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::StorageFull => Err(disk_full(&self.path)),
            Ok(Err(error)) => Err(unusable(&self.path, &error)),
            Err(stopping) => Err(StoreError::Busy(stopping.to_string())),
        }
    }
}

fn write(file: &File, record: &Record) -> std::io::Result<()> {
    let mut slot = [0; SLOT as usize];
    slot[..RECORD].copy_from_slice(&record.encode());
    file.write_all_at(&slot, record.sequence % 2 * SLOT)
}

fn unusable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unusable(format!("{} cannot be read or written ({error}); check the disk", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(dir: &Path) -> (i64, i64) {
        match read(dir).unwrap() {
            Found::Record(record) => (record.acknowledged, record.begun),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn says_what_was_acknowledged_and_what_had_begun() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()).unwrap(), Found::Absent);
        let mut commits = Commits::open(dir.path(), 10).unwrap();
        assert_eq!(record(dir.path()), (10, 10));
        commits.begin(13).await.unwrap();
        assert_eq!(record(dir.path()), (10, 13));
        commits.committed(13);
        commits.begin(20).await.unwrap();
        assert_eq!(record(dir.path()), (13, 20), "the next group's record carries the acknowledgement");
        commits.committed(20);
        assert!(commits.is_behind() && commits.last() == 20);
        commits.settle().await.unwrap();
        assert!(!commits.is_behind());
        assert_eq!(record(dir.path()), (20, 20));
    }

    #[tokio::test]
    async fn a_torn_write_leaves_the_record_before() {
        let dir = tempfile::tempdir().unwrap();
        let mut commits = Commits::open(dir.path(), 10).unwrap();
        commits.begin(13).await.unwrap();
        let file = dir.path().join(FILE_NAME);
        let whole = std::fs::read(&file).unwrap();
        let newest = usize::try_from(commits.record.sequence % 2 * SLOT).unwrap();
        for at in 0..RECORD {
            let mut torn = whole.clone();
            torn[newest + at] ^= 0x40;
            std::fs::write(&file, &torn).unwrap();
            assert_eq!(record(dir.path()), (10, 10), "byte {at}");
        }
        std::fs::write(&file, [0; 100]).unwrap();
        assert_eq!(read(dir.path()).unwrap(), Found::Unreadable);
    }

    #[test]
    fn counts_what_is_missing() {
        let record = Record { sequence: 1, acknowledged: 10, begun: 12 };
        assert_eq!(record.missing(12), None);
        assert_eq!(record.missing(10), None, "the last group may not have been answered");
        assert_eq!(record.missing(7).unwrap().to_string(), "3 to 5");
        assert_eq!(Record { begun: 10, ..record }.missing(7).unwrap().to_string(), "3");
    }
}
