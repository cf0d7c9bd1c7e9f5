//! Drops series that nothing refers to. The candidates are those whose newest profile is older than anything retention has kept.
//!
//! Their service's indexes are read for profiles and blocks that refer to them all the same, such as profiles that were never
//! folded. The writer then looks at the profiles that were stored since. Blocks cannot be new: folding waits.

use super::{Collected, Collection};
use crate::store::StoreError;
use crate::store::embedded::EmbeddedStore;
use crate::store::embedded::change::last_profile;
use crate::store::embedded::registry::{Registry, Series};
use crate::store::embedded::symbols::cache::SymbolCache;
use sqlx::sqlite::SqliteConnection;
use std::collections::HashSet;
use std::sync::Arc;

/// Series dropped in one transaction: some ten milliseconds.
const AT_ONCE: usize = 256;

/// Which series of `?1` among the list `?2` some row refers to.
const REFERRED: &str = "SELECT series_id FROM profile INDEXED BY profile_by_time \
     WHERE service_id = ?1 AND series_id IN (SELECT value FROM json_each(?2)) \
     UNION SELECT series_id FROM block INDEXED BY block_by_window \
     WHERE service_id = ?1 AND level IN (1, 2, 3) AND series_id IN (SELECT value FROM json_each(?2))";

/// Series of a service to which nothing referred when a profile was the last one.
pub(crate) struct UnusedSeries {
    service: i64,
    series: Vec<Arc<Series>>,
    /// Number of that profile.
    last_profile: i64,
}

/// Drops those of some series of a service that nothing refers to.
pub(super) async fn collect(
    store: &EmbeddedStore,
    service: i64,
    mut series: Vec<Arc<Series>>,
) -> Result<Collected, StoreError> {
    let look = async {
        let mut connection = store.readers.acquire().await?;
        let last_profile = last_profile(&mut connection).await?;
        let referred = sqlx::query_scalar(REFERRED).bind(service).bind(list(&series));
        let referred: Vec<i64> = referred.fetch_all(&mut *connection).await?;
        Ok((last_profile, referred.into_iter().collect::<HashSet<i64>>()))
    };
    let (last_profile, referred) = look.await.map_err(|e| store.error(e))?;
    series.retain(|series| !referred.contains(&series.id));
    let mut collected = Collected::default();
    for some in series.chunks(AT_ONCE) {
        // Nobody may be reading the symbols of a service from the database while they are dropped.
        let loading = store.loading.of(service);
        let _none = loading.lock().await;
        let unused = UnusedSeries { service, series: some.to_vec(), last_profile };
        let dropped = store.drop_unused(Collection::Series(unused)).await?;
        collected.services += dropped.services;
        collected.series += dropped.series;
    }
    if collected.services > 0 {
        store.activity.forget(service);
    }
    Ok(collected)
}

impl UnusedSeries {
    /// Drops their rows, then forgets them. Within the writer, so nothing is stored meanwhile.
    pub(super) async fn drop_rows(
        &self,
        connection: &mut SqliteConnection,
        registry: &Registry,
        symbols: &SymbolCache,
    ) -> Result<Result<Collected, StoreError>, sqlx::Error> {
        let since = "SELECT DISTINCT series_id FROM profile WHERE id > ?";
        let since: Vec<i64> =
            sqlx::query_scalar(since).bind(self.last_profile).fetch_all(&mut *connection).await?;
        let since: HashSet<i64> = since.into_iter().collect();
        let unused: Vec<Arc<Series>> =
            self.series.iter().filter(|series| !since.contains(&series.id)).cloned().collect();
        let with_service = registry.are_all(self.service, &unused);
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        for sql in [
            "DELETE FROM series WHERE id IN (SELECT value FROM json_each(?))",
            "DELETE FROM series_span WHERE series_id IN (SELECT value FROM json_each(?))",
        ] {
            sqlx::query(sql).bind(list(&unused)).execute(&mut *connection).await?;
        }
        if with_service {
            for sql in [
                "DELETE FROM symbol_chunk WHERE service_id = ?",
                "DELETE FROM symbol_generation WHERE service_id = ?",
                "DELETE FROM sealed WHERE service_id = ?",
                "DELETE FROM service WHERE id = ?",
            ] {
                sqlx::query(sql).bind(self.service).execute(&mut *connection).await?;
            }
        }
        sqlx::query("COMMIT").execute(connection).await?;
        registry.retire(self.service, &unused, with_service);
        if with_service {
            symbols.retire(self.service);
        }
        let services = usize::from(with_service);
        Ok(Ok(Collected { services, series: unused.len(), ..Collected::default() }))
    }
}

fn list(series: &[Arc<Series>]) -> String {
    format!("[{}]", series.iter().map(|series| series.id.to_string()).collect::<Vec<_>>().join(","))
}
