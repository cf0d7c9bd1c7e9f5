//! Reads all services and series at the start.

use super::Registry;
use super::series::{Kind, SharedKind};
use super::state::{LastIds, State};
use crate::store::StoreError;
use crate::store::embedded::varint::Damaged;
use flarepath_profile::labels::Labels;
use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection, Row};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

type Loaded<T> = Result<Result<T, StoreError>, sqlx::Error>;

/// Every series with the span of its folded profiles.
const SERIES: &str = "SELECT s.id, s.service_id, s.labels, s.kind, t.oldest_ns, t.newest_ns FROM series s \
     LEFT JOIN series_span t ON t.series_id = s.id ORDER BY s.id";
/// Spans of the profiles that no block contains.
const UNFOLDED: &str = "SELECT series_id, min(start_ns), max(start_ns) FROM unfolded GROUP BY series_id";

/// Reads all services and series, in one pass over each of their tables: there may be a hundred thousand.
pub(super) async fn load(connection: &mut SqliteConnection) -> Loaded<Registry> {
    let mut snapshot = connection.begin().await?;
    let mut state = State::default();
    let ids: Option<(i64, i64, i64, i64)> =
        sqlx::query_as("SELECT last_service, last_series, services, series FROM registered")
            .fetch_optional(&mut *snapshot)
            .await?;
    let Some((service, series, services, expected)) = ids else {
        return Ok(Err(Damaged("the number of services is missing from the database").into()));
    };
    state.last = LastIds { service, series };
    let names: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, name FROM service ORDER BY id").fetch_all(&mut *snapshot).await?;
    if names.len() as i64 != services || names.last().is_some_and(|(id, _)| *id > service) {
        return Ok(Err(Damaged("services are missing from the database").into()));
    }
    names.into_iter().for_each(|(id, name)| state.add_service(id, name.into()));
    let mut spans: HashMap<i64, (i64, i64)> = HashMap::new();
    {
        let mut rows = sqlx::query(UNFOLDED).fetch(&mut *snapshot);
        while let Some(row) = rows.try_next().await? {
            spans.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
        }
    }
    let mut kinds = HashMap::new();
    let mut rows = sqlx::query(SERIES).fetch(&mut *snapshot);
    while let Some(row) = rows.try_next().await? {
        if let Err(damaged) = add(&mut state, &mut kinds, &mut spans, &row)? {
            return Ok(Err(damaged.into()));
        }
    }
    drop(rows);
    if state.series_count() as i64 != expected || !spans.is_empty() {
        return Ok(Err(Damaged("series are missing from the database").into()));
    }
    Ok(Ok(Registry { state: RwLock::new(state) }))
}

/// Adds the series of a row. `kinds` holds those parsed before, as nearly all series have one of a few.
fn add(
    state: &mut State,
    kinds: &mut HashMap<String, Arc<SharedKind>>,
    spans: &mut HashMap<i64, (i64, i64)>,
    row: &SqliteRow,
) -> Result<Result<(), Damaged>, sqlx::Error> {
    let (id, service, kind): (i64, i64, &str) = (row.try_get(0)?, row.try_get(1)?, row.try_get(3)?);
    let unparsed = Damaged("the labels of a series cannot be parsed");
    let Ok(labels) = serde_json::from_str::<Labels>(row.try_get(2)?) else { return Ok(Err(unparsed)) };
    let kind = match kinds.get(kind) {
        Some(known) => known.clone(),
        None => {
            let Ok(parsed) = serde_json::from_str::<Kind>(kind) else { return Ok(Err(unparsed)) };
            let shared = state.shared_kind(parsed);
            kinds.insert(kind.to_owned(), shared.clone());
            shared
        }
    };
    if state.services.get(&service).is_none_or(|known| *known.name != *labels.service()) {
        return Ok(Err(Damaged("a series and its service do not match")));
    }
    if id > state.last.series || state.find(&labels, &kind).is_some() {
        return Ok(Err(Damaged("series are stored twice or missing from the database")));
    }
    let series = state.add_series(id, service, &labels, kind);
    let folded: (Option<i64>, Option<i64>) = (row.try_get(4)?, row.try_get(5)?);
    if let (Some(oldest_ns), Some(newest_ns)) = folded {
        series.note(oldest_ns, newest_ns);
    }
    if let Some((oldest_ns, newest_ns)) = spans.remove(&id) {
        series.note(oldest_ns, newest_ns);
    }
    Ok(Ok(()))
}
