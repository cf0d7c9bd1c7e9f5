//! Finds damage before the store is ready, in constant time, and remembers what is found later.
//!
//! Before: the header and the size of the database file; then, with the log moved into it, its schema, the first and last rows
//! along every table and index, and whether all acknowledged profiles are there. [`super::verify`] reads the rest in the background.

use super::change::last_profile;
use super::commits::{Commits, check_acknowledged};
use super::connection::truncate_log;
use super::error::{damaged, store_error};
use super::folder::FILE_NAME;
use super::migrations::migrations;
use super::verify::{self, Part, Used};
use crate::sqlite::{self, header, schema};
use crate::store::StoreError;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;
use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Why an open store is not ready, as far as it is known.
#[derive(Default)]
pub(super) struct Condition(Mutex<State>);

#[derive(Default)]
struct State {
    /// The first damage that was found. It stays until the server is restarted.
    damage: Option<StoreError>,
    /// Why the file of commits cannot be written at present.
    unrecorded: Option<StoreError>,
}

impl Condition {
    /// Remembers the outcome if it is damage.
    pub(super) async fn noting<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        work.await.inspect_err(|error| self.note(error))
    }

    /// Remembers an error if it is damage.
    pub(super) fn note(&self, error: &StoreError) {
        if !matches!(error, StoreError::Corrupt(_)) {
            return;
        }
        let mut state = self.state();
        if state.damage.is_none() {
            tracing::error!(%error, "damage found; not ready from now on");
            state.damage = Some(error.clone());
        }
    }

    /// Remembers whether the file of commits could be written.
    pub(super) fn recording(&self, recorded: Result<(), StoreError>) {
        let mut state = self.state();
        if let (None, Err(error)) = (&state.unrecorded, &recorded) {
            tracing::error!(%error, "acknowledged profiles are stored but cannot be counted");
        }
        state.unrecorded = recorded.err();
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.state().damage.is_some()
    }

    pub(super) fn check(&self) -> Result<(), StoreError> {
        let state = self.state();
        state.damage.clone().or_else(|| state.unrecorded.clone()).map_or(Ok(()), Err)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks the header and the size of the database file.
pub(crate) fn before_opening(dir: &Path) -> Result<(), StoreError> {
    accept(dir, header::check(&dir.join(FILE_NAME)))
}

fn accept(dir: &Path, checked: std::io::Result<Result<(), header::BadFile>>) -> Result<(), StoreError> {
    let path = dir.join(FILE_NAME);
    let checked = checked
        .map_err(|error| StoreError::Unusable(format!("{} cannot be read ({error})", path.display())))?;
    checked.map_err(|bad| damaged(dir, &bad.to_string()))
}

/// Checks a database that was just opened, by its only connection, and opens the file of commits. `file` is the database: it stays
/// open, as closing a file ends all locks of this process on it.
pub(super) async fn after_opening(
    dir: &Path,
    file: &File,
    connection: &mut SqliteConnection,
) -> Result<Commits, StoreError> {
    let sql = |e: sqlx::Error| store_error(&e, dir);
    // At most a few megabytes, unless a reader of another process kept it from being cut.
    truncate_log(connection).await.map_err(sql)?;
    accept(dir, header::check_open(file, &dir.join(FILE_NAME)))?;
    if let Some(what) = schema_damage(connection).await.map_err(sql)? {
        return Err(damaged(dir, &what));
    }
    check_edges(connection).await.map_err(sql)??;
    let stored = last_profile(connection).await.map_err(sql)?;
    check_acknowledged(dir, stored)?;
    Commits::open(dir, stored)
}

/// How the schema differs from the one that our migrations make.
pub(crate) async fn schema_damage(connection: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    let mut ours = sqlite::in_memory().await?;
    migrations().run(&mut ours).await.map_err(|e| sqlx::Error::Migrate(Box::new(e)))?;
    Ok(schema::difference(&schema::read(connection).await?, &schema::read(&mut ours).await?))
}

/// Rows at both ends of every table and index: each statement goes down one edge of a tree.
const EDGES: [&str; 29] = [
    "SELECT * FROM service ORDER BY id LIMIT 1",
    "SELECT * FROM service ORDER BY id DESC LIMIT 1",
    "SELECT * FROM series ORDER BY id LIMIT 1",
    "SELECT * FROM series ORDER BY id DESC LIMIT 1",
    "SELECT name FROM service ORDER BY name LIMIT 1",
    "SELECT name FROM service ORDER BY name DESC LIMIT 1",
    "SELECT labels, kind FROM series ORDER BY labels, kind LIMIT 1",
    "SELECT labels, kind FROM series ORDER BY labels DESC, kind DESC LIMIT 1",
    "SELECT * FROM symbol_chunk ORDER BY service_id, sequence LIMIT 1",
    "SELECT * FROM symbol_chunk ORDER BY service_id DESC, sequence DESC LIMIT 1",
    "SELECT * FROM profile INDEXED BY profile_by_time ORDER BY service_id, start_ns, series_id LIMIT 1",
    "SELECT * FROM profile INDEXED BY profile_by_time ORDER BY service_id DESC, start_ns DESC, series_id DESC LIMIT 1",
    "SELECT * FROM profile INDEXED BY profile_with_details WHERE details IS NOT NULL ORDER BY service_id, start_ns LIMIT 1",
    "SELECT * FROM profile INDEXED BY profile_with_details WHERE details IS NOT NULL \
     ORDER BY service_id DESC, start_ns DESC LIMIT 1",
    "SELECT * FROM unfolded ORDER BY service_id, start_ns, profile_id LIMIT 1",
    "SELECT * FROM unfolded ORDER BY service_id DESC, start_ns DESC, profile_id DESC LIMIT 1",
    "SELECT * FROM block INDEXED BY block_by_window ORDER BY service_id, level, start_ns, series_id LIMIT 1",
    "SELECT * FROM block INDEXED BY block_by_window \
     ORDER BY service_id DESC, level DESC, start_ns DESC, series_id DESC LIMIT 1",
    "SELECT * FROM sealed ORDER BY service_id, level, start_ns LIMIT 1",
    "SELECT * FROM sealed ORDER BY service_id DESC, level DESC, start_ns DESC LIMIT 1",
    "SELECT service_id FROM series ORDER BY service_id LIMIT 1",
    "SELECT service_id FROM series ORDER BY service_id DESC LIMIT 1",
    "SELECT * FROM series_span ORDER BY series_id LIMIT 1",
    "SELECT * FROM series_span ORDER BY series_id DESC LIMIT 1",
    "SELECT * FROM symbol_generation ORDER BY service_id LIMIT 1",
    "SELECT * FROM symbol_generation ORDER BY service_id DESC LIMIT 1",
    "SELECT * FROM registered",
    "SELECT * FROM dropped",
    "SELECT * FROM last_profile",
];
/// Rows of the last commits that are read and decoded, and of the first ones.
const LAST: i64 = 32;

async fn check_edges(connection: &mut SqliteConnection) -> Result<Result<(), StoreError>, sqlx::Error> {
    for sql in EDGES {
        sqlx::query(sql).fetch_all(&mut *connection).await?;
    }
    for part in [Part::Profiles, Part::Blocks] {
        let newest = sqlx::query(part.newest()).bind(LAST).fetch_all(&mut *connection).await?;
        let oldest = sqlx::query(part.rows()).bind(i64::MIN).bind(LAST).fetch_all(&mut *connection).await?;
        for row in newest.iter().chain(&oldest) {
            if let Err(damaged) = verify::decode(part, row, &mut Used::new()) {
                let id: i64 = row.try_get(0)?;
                return Ok(Err(part.damaged(id, damaged)));
            }
        }
    }
    Ok(Ok(()))
}
