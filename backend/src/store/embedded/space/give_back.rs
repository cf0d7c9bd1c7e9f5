//! Gives the space of free pages back, in slices that the writer works on between transactions.
//!
//! **Holes are safe** because a slice begins by moving the whole log into the file and truncating it. SQLite does that only when
//! no reader uses the log, so from then on every snapshot is the file itself, and in the file the leaves of the list of free pages
//! are read by nobody: neither by readers, who see the same list, nor by SQLite when it reuses them. A write transaction is held
//! meanwhile, and the log must still be empty, so that nobody changes the list. A crash at any moment leaves free pages of zeros.
//!
//! The file stays open as long as the connections: closing any handle of a file ends all locks that this process has on it
//! (fcntl), SQLite's among them.

use super::super::connection::truncate_log;
use super::super::folder::FILE_NAME;
use super::usage::{Pages, disk_bytes, log_path};
use super::{freelist, holes};
use crate::store::StoreError;
use crate::work::Workers;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// Time that a slice aims at. Pushes wait meanwhile.
const SLICE: Duration = Duration::from_millis(100);
/// Pages that one slice of the incremental vacuum moves.
const PAGES: std::ops::RangeInclusive<u64> = 8..=1024;
const FIRST_PAGES: u64 = 64;
/// Bytes of a log that a reader has kept from being truncated: moving pages would make it even longer.
const LONG_LOG: u64 = 64 << 20;

/// Files in which holes are punched.
static PUNCHERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(2));

/// What came of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Slice {
    /// There is no more to give back.
    Done,
    /// Some space was given back, and there may be more.
    More,
    /// Readers keep the log in use; later.
    Blocked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// SQLite's incremental vacuum.
    Vacuum,
    /// Holes in the file.
    Holes,
    /// Free pages are reused only.
    Neither,
}

/// What is needed to give space back; the writer has it.
pub(in super::super) struct Space {
    dir: PathBuf,
    file: Arc<File>,
    way: Way,
    /// Pages of the next slice of the vacuum.
    pages: u64,
    /// Whether pages were freed that a checkpoint has not cut off yet.
    uncut: bool,
    /// What the file took, and the pages that were kept, when there was nothing to punch.
    punched: Option<(u64, u64)>,
}

impl Space {
    /// For the database in `dir` that `connection` has open, and its file.
    pub(in super::super) async fn new(
        dir: PathBuf,
        file: Arc<File>,
        connection: &mut SqliteConnection,
    ) -> Result<Space, sqlx::Error> {
        let mode: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(connection).await?;
        let way = if mode == 0 { Way::Holes } else { Way::Vacuum };
        Ok(Space { dir, file, way, pages: FIRST_PAGES, uncut: false, punched: None })
    }

    /// Gives some space back while more than `kept` bytes of pages are free. Truncates a long log.
    pub(in super::super) async fn slice(
        &mut self,
        connection: &mut SqliteConnection,
        kept: u64,
    ) -> Result<Slice, sqlx::Error> {
        let pages = Pages::count(connection).await?;
        let kept = kept / pages.bytes.max(1);
        if disk_bytes(&log_path(&self.dir)) > LONG_LOG && !truncate_log(connection).await? {
            return Ok(Slice::Blocked);
        }
        match self.way {
            Way::Vacuum => self.vacuum(connection, pages.free.saturating_sub(kept)).await,
            Way::Holes => self.punch(connection, pages, kept).await,
            Way::Neither => Ok(Slice::Done),
        }
    }

    async fn vacuum(&mut self, connection: &mut SqliteConnection, free: u64) -> Result<Slice, sqlx::Error> {
        if free == 0 {
            let is_cut = !self.uncut || truncate_log(connection).await?;
            self.uncut = !is_cut;
            return Ok(if is_cut { Slice::Done } else { Slice::Blocked });
        }
        let began = Instant::now();
        let vacuum = format!("PRAGMA incremental_vacuum({})", free.min(self.pages));
        // Each page is a row, and is moved when the row is fetched.
        sqlx::query(AssertSqlSafe(vacuum)).fetch_all(connection).await?;
        self.uncut = true;
        self.pages = next_pages(self.pages, began.elapsed());
        Ok(Slice::More)
    }

    async fn punch(
        &mut self,
        connection: &mut SqliteConnection,
        pages: Pages,
        kept: u64,
    ) -> Result<Slice, sqlx::Error> {
        let taken = disk_bytes(&self.dir.join(FILE_NAME));
        let is_done = self.punched.is_some_and(|(least, most)| taken <= least && kept >= most);
        if is_done || pages.free <= kept || taken <= pages.used() + kept * pages.bytes {
            return Ok(Slice::Done);
        }
        if !truncate_log(connection).await? {
            return Ok(Slice::Blocked);
        }
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        let punched = self.punch_within(kept).await;
        sqlx::query("ROLLBACK").execute(connection).await?;
        self.punched = punched.as_ref().is_ok_and(|slice| *slice == Slice::Done).then_some((taken, kept));
        punched
    }

    /// Within a write transaction that has written nothing.
    async fn punch_within(&mut self, kept: u64) -> Result<Slice, sqlx::Error> {
        let (file, log) = (self.file.clone(), log_path(&self.dir));
        let punch = move || {
            if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
                return Ok(None);
            }
            let began = Instant::now();
            let leaves = freelist::read(&file, kept, began + SLICE)?;
            holes::punch(&file, &leaves, began + 2 * SLICE).map(Some)
        };
        let punched = PUNCHERS.run(punch).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        match punched {
            Ok(None) => Ok(Slice::Blocked),
            Ok(Some(0)) => Ok(Slice::Done),
            Ok(Some(_)) => Ok(Slice::More),
            Err(error) => {
                self.way = Way::Neither;
                let folder = self.dir.display();
                let unsupported = error.kind() == ErrorKind::Unsupported;
                let reason =
                    if unsupported { "the file system has no holes".to_owned() } else { error.to_string() };
                tracing::warn!(
                    %folder, reason,
                    "the space of free pages is reused but not given back; to give it back, move the data through \
                     flarepath backup and flarepath restore"
                );
                Ok(Slice::Done)
            }
        }
    }
}

/// More pages after a quick slice, fewer after a slow one.
fn next_pages(pages: u64, took: Duration) -> u64 {
    let next = match took {
        took if took > SLICE => pages / 2,
        took if took < SLICE / 4 => pages * 2,
        _ => pages,
    };
    next.clamp(*PAGES.start(), *PAGES.end())
}

/// Opens the database file in `dir`, which is there.
pub(in super::super) fn open_file(dir: &Path) -> Result<Arc<File>, StoreError> {
    let path = dir.join(FILE_NAME);
    let opened = File::options().read(true).write(true).open(&path);
    opened
        .map(Arc::new)
        .map_err(|error| StoreError::Unusable(format!("{} cannot be opened ({error})", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_adapt_to_the_disk_within_bounds() {
        assert_eq!(next_pages(64, SLICE * 3), 32);
        assert_eq!(next_pages(64, SLICE / 2), 64);
        assert_eq!(next_pages(64, SLICE / 10), 128);
        assert_eq!(next_pages(8, SLICE * 3), 8);
        assert_eq!(next_pages(1024, Duration::ZERO), 1024);
    }
}
