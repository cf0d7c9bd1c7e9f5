//! Checks a data directory from outside, whether a server runs on it or not: everything, which takes as long as reading it.

use super::ahead;
use super::change::{self, last_profile};
use super::commits::lacks;
use super::commits::{self, Commits, Found, Missing};
use super::damage;
use super::error::store_error;
use super::folder;
use super::folder::FILE_NAME;
use super::migrations::newest_schema;
use super::verify::{self, Part, Piece, Used};
use crate::sqlite::{self, integrity, schema};
use crate::store::StoreError;
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::sqlite::SqliteConnection;
use std::collections::HashMap;
use std::path::Path;

/// Findings that are listed.
const MOST: usize = 20;

/// What a check found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Damage, one line each, at most [`MOST`].
    pub(crate) damage: Vec<String>,
    /// What is worth knowing and no damage.
    pub(crate) notes: Vec<String>,
    /// Rows that were read: single profiles and blocks.
    pub(crate) rows: u64,
}

impl Report {
    fn add(&mut self, damage: impl IntoIterator<Item = String>) {
        let room = MOST.saturating_sub(self.damage.len());
        self.damage.extend(damage.into_iter().take(room));
    }
}

/// Checks the profiles in `dir` completely.
///
/// # Errors
/// When the database cannot be read at all.
pub(crate) async fn inspect(dir: &Path, now: UnixNanos) -> Result<Report, StoreError> {
    let path = dir.join(FILE_NAME);
    if !path.exists() {
        return Err(StoreError::Unusable(format!("there is no {}", path.display())));
    }
    let mut report = Report::default();
    if let Err(damage) = damage::before_opening(dir) {
        report.add([damage.to_string()]);
        return Ok(report);
    }
    // Before the database is read: a server that runs commits first and records then.
    let recorded = commits::read(dir)?;
    let read = async {
        let mut connection = sqlite::open_to_read(&path).await?;
        all(&mut connection, &mut report, recorded, now).await
    };
    match read.await.map_err(|error| store_error(&error, dir)) {
        Err(StoreError::Corrupt(damage)) => report.add([damage]),
        other => other?,
    }
    Ok(report)
}

async fn all(
    connection: &mut SqliteConnection,
    report: &mut Report,
    recorded: Found,
    now: UnixNanos,
) -> Result<(), sqlx::Error> {
    let Some(version) = schema::version(connection).await? else {
        missing(report, recorded, 0);
        report.notes.push(format!("{FILE_NAME} is empty"));
        return Ok(());
    };
    match version.cmp(&newest_schema()) {
        std::cmp::Ordering::Equal => report.add(damage::schema_damage(connection).await?),
        std::cmp::Ordering::Less => {
            report
                .notes
                .push(format!("{FILE_NAME} has schema version {version}; serve brings it up to date"));
        }
        std::cmp::Ordering::Greater => {
            report.add([format!("{FILE_NAME} is from a newer flarepath (schema version {version})")]);
            return Ok(());
        }
    }
    report.add(integrity::check(connection).await?.into_iter().map(|found| format!("{FILE_NAME}: {found}")));
    read_all(connection, report).await?;
    let found = ahead::list(connection, now).await?;
    report.notes.extend(ahead::summary(&found).map(|text| format!("{text} ({})", ahead::by_service(&found))));
    if version == newest_schema() {
        missing(report, recorded, last_profile(connection).await?);
    }
    Ok(())
}

/// Reads every row and all symbols, and looks for what rows refer to.
async fn read_all(connection: &mut SqliteConnection, report: &mut Report) -> Result<(), sqlx::Error> {
    // Older schemas have no generations.
    let has_generations = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'symbol_generation')";
    let has_generations: bool = sqlx::query_scalar(has_generations).fetch_one(&mut *connection).await?;
    let generations =
        if has_generations { change::generations(&mut *connection).await? } else { HashMap::new() };
    let mut used = rows(connection, report).await?;
    let services: Vec<i64> = sqlx::query_scalar("SELECT id FROM service").fetch_all(&mut *connection).await?;
    for service in services {
        let chunks = match has_generations {
            true => change::chunks(&mut *connection, service).await?,
            false => change::all_chunks(&mut *connection, service).await?,
        };
        let since = generations.get(&service).copied().unwrap_or_default();
        let symbols =
            verify::symbols(service, chunks, used.remove(&service).unwrap_or_default(), since).await;
        let found = [symbols, verify::series(connection, service).await?];
        // A server that runs may have dropped it meanwhile.
        let is_there = "SELECT EXISTS (SELECT 1 FROM service WHERE id = ?)";
        if sqlx::query_scalar(is_there).bind(service).fetch_one(&mut *connection).await? {
            report.add(found.into_iter().filter_map(Result::err).map(|error| error.to_string()));
        }
    }
    Ok(())
}

fn missing(report: &mut Report, recorded: Found, stored: i64) {
    match recorded {
        Found::Record(record) => {
            report.add(record.missing(stored).map(|missing| format!("{FILE_NAME} {}", lacks(missing))));
        }
        Found::Unreadable => report.add([format!("{} is damaged", commits::FILE_NAME)]),
        Found::Absent => report.notes.push(format!(
            "there is no {}: missing acknowledged profiles cannot be detected",
            commits::FILE_NAME
        )),
    }
}

async fn rows(connection: &mut SqliteConnection, report: &mut Report) -> Result<Used, sqlx::Error> {
    let mut used = Used::new();
    for part in [Part::Profiles, Part::Blocks] {
        let mut after = i64::MIN;
        loop {
            let piece = Piece::read(connection, part, after).await?;
            let Some(last) = piece.last()? else { break };
            report.rows += piece.len() as u64;
            report.add(piece.damage(&mut used).iter().map(ToString::to_string));
            after = last;
        }
    }
    Ok(used)
}

/// Records that acknowledged profiles are missing and will stay so; the store opens again. `None` when none are.
///
/// # Errors
/// [`StoreError::Locked`] while a server runs.
pub(crate) async fn accept_loss(dir: &Path) -> Result<Option<Missing>, StoreError> {
    let _lock = folder::take(dir)?;
    damage::before_opening(dir)?;
    let stored = async {
        let mut connection = sqlite::open_to_read(&dir.join(FILE_NAME)).await?;
        match schema::version(&mut connection).await? {
            None => Ok(0),
            Some(_) => last_profile(&mut connection).await,
        }
    };
    let stored = stored.await.map_err(|error| store_error(&error, dir))?;
    let Found::Record(record) = commits::read(dir)? else { return Ok(None) };
    let Some(missing) = record.missing(stored) else { return Ok(None) };
    Commits::open(dir, stored)?;
    Ok(Some(missing))
}
