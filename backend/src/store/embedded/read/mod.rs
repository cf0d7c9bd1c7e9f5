//! Computes answers from stored rows: [`Query`], with one file for each kind of answer.

mod costs;
mod merged;
mod series;
mod times;
mod totals;

pub(super) use series::{has_service, series};

use super::registry::{Selected, Series};
use super::snapshot::Snapshot;
use super::symbols::cache::ServiceSymbols;
use super::{EmbeddedStore, blocking};
use crate::store::{Selection, StoreError};
use flarepath_profile::profile_type::ProfileType;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::sync::Arc;

/// A query for profiles of one type. Each method answers the one of [`crate::store::ProfileStore`] that has its name.
#[derive(Clone, Copy)]
pub(super) struct Query<'a> {
    pub(super) store: &'a EmbeddedStore,
    pub(super) selection: &'a Selection,
    pub(super) profile_type: &'a ProfileType,
}

impl Query<'_> {
    /// The matching series that have the type, by service.
    async fn selected(&self) -> Result<Vec<Selected>, StoreError> {
        let wanted = self.profile_type.clone();
        select(self.store, self.selection, move |series| series.column(&wanted).is_some()).await
    }

    /// The series of a row and the column of the type in it; `None` for series that are not selected.
    fn column_of<'s>(
        &self,
        selected: &'s Selected,
        row: &SqliteRow,
    ) -> Result<Option<(&'s Series, usize)>, StoreError> {
        let series = selected.series.get(&get::<i64>(row, 0)?);
        Ok(series.and_then(|series| Some((&**series, series.column(self.profile_type)?))))
    }
}

/// Begins to read what the selection holds of one service. With a step, windows fall between multiples of it; see
/// [`Snapshot::begin`].
async fn begin<'a>(
    store: &EmbeddedStore,
    selected: &'a Selected,
    selection: &Selection,
    step_ns: Option<i64>,
) -> Result<Snapshot<'a>, StoreError> {
    let snapshot =
        Snapshot::begin(&store.readers, selected, selection.range, step_ns, &selection.cancel).await;
    snapshot.map_err(|e| store.error(e))
}

/// Begins to read with the symbols that the rows refer to: those which are current once the transaction has begun.
async fn begin_with_symbols<'a>(
    store: &EmbeddedStore,
    selected: &'a Selected,
    selection: &Selection,
    step_ns: Option<i64>,
) -> Result<(Arc<ServiceSymbols>, Snapshot<'a>), StoreError> {
    loop {
        let symbols = store.symbols(selected.service).await?;
        let snapshot = begin(store, selected, selection, step_ns).await?;
        // Collection replaces symbols at most once a day.
        if !symbols.is_retired() {
            return Ok((symbols, snapshot));
        }
    }
}

/// The matching series, by service; `also` narrows further. Matching may take long, so it runs off the async threads.
async fn select(
    store: &EmbeddedStore,
    selection: &Selection,
    also: impl Fn(&Series) -> bool + Send + 'static,
) -> Result<Vec<Selected>, StoreError> {
    let (registry, selection) = (store.registry.clone(), selection.clone());
    Ok(blocking(move || registry.select(&selection, also)).await??)
}

/// The next row. Yields to other tasks now and then, even when rows arrive as fast as they are read.
async fn next(
    store: &EmbeddedStore,
    rows: &mut BoxStream<'_, Result<SqliteRow, sqlx::Error>>,
) -> Result<Option<SqliteRow>, StoreError> {
    tokio::task::consume_budget().await;
    rows.try_next().await.map_err(|e| store.error(e))
}

fn get<'r, T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>>(
    row: &'r SqliteRow,
    column: usize,
) -> Result<T, StoreError> {
    row.try_get(column).map_err(|e| StoreError::Corrupt(format!("a row cannot be decoded: {e}")))
}
