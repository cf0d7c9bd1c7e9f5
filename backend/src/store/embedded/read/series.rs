//! The series of a selection.

use super::{begin, get, next, select};
use crate::store::embedded::snapshot::Projection;
use crate::store::embedded::{EmbeddedStore, blocking};
use crate::store::{Selection, SeriesFound, SeriesInfo, StoreError};
use flarepath_profile::unix_nanos::UnixNanos;

/// See [`crate::store::ProfileStore::series`].
pub(in super::super) async fn series(
    store: &EmbeddedStore,
    selection: &Selection,
) -> Result<Vec<SeriesInfo>, StoreError> {
    let mut found = SeriesFound::default();
    for selected in select(store, selection, |_| true).await? {
        let mut snapshot = begin(store, &selected, selection, None).await?;
        for (place, range) in snapshot.places() {
            let mut rows = snapshot.rows(Projection::Newest, place, range);
            while let Some(row) = next(store, &mut rows).await? {
                let (id, newest): (i64, i64) = (get(&row, 0)?, get(&row, 1)?);
                let Some(series) = selected.series.get(&id) else { continue };
                found.add(&series.labels, series.profile_types(), UnixNanos(newest));
            }
        }
    }
    blocking(move || found.finish()).await
}

/// See [`crate::store::ProfileStore::has_service`].
pub(in super::super) async fn has_service(store: &EmbeddedStore, service: &str) -> Result<bool, StoreError> {
    let Some(id) = store.registry.service(service) else { return Ok(false) };
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM profile WHERE service_id = ?1) OR EXISTS (SELECT 1 FROM block WHERE service_id = ?1)",
    )
    .bind(id)
    .fetch_one(&store.readers)
    .await
    .map_err(|e| store.error(e))
}
