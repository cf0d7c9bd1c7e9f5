//! Drops what no profile and no block refers to any more, in the background, after retention has dropped the last of them.
//!
//! - [`series`]: series, and services without any.
//! - [`symbols`] ([`marks`]): symbols, which become a new table that lacks what is unused.
//!
//! What is unused is found by readers, which takes its time, and dropped by the writer, which first looks at what was stored
//! meanwhile. So no decision is made on an old state, and a crash at any point leaves the one or the other.

pub(super) mod marks;
mod series;
mod symbols;
#[cfg(test)]
mod tests;

use super::registry::Registry;
use super::symbols::cache::SymbolCache;
use super::window::WIDEST;
use super::{EmbeddedStore, blocking};
use crate::store::StoreError;
use series::UnusedSeries;
use sqlx::sqlite::SqliteConnection;
use std::time::{Duration, Instant};
use symbols::NewSymbols;

/// Symbols of a service are read again once they have grown by a quarter and this much since the last time, and retention has
/// dropped all data of some days since.
const GROWN_BYTES: i64 = 64 << 10;
/// One stack in so many has to be unused.
const WORTH: usize = 10;
/// Rest between two pieces, or as long as the piece took.
const REST: Duration = Duration::from_millis(20);

/// What the writer is to drop.
pub(crate) enum Collection {
    /// Series, and their service with its symbols if it has no others.
    Series(UnusedSeries),
    /// The symbols of a service that are not in this table.
    Symbols(Box<NewSymbols>),
}

/// What was dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Collected {
    pub(crate) services: usize,
    pub(crate) series: usize,
    pub(crate) stacks: usize,
}

impl Collection {
    /// Drops it in a transaction, then in memory.
    pub(crate) async fn apply(
        &self,
        connection: &mut SqliteConnection,
        registry: &Registry,
        symbols: &SymbolCache,
    ) -> Result<Result<Collected, StoreError>, sqlx::Error> {
        match self {
            Collection::Series(unused) => unused.drop_rows(connection, registry, symbols).await,
            Collection::Symbols(new) => new.swap(connection, symbols).await,
        }
    }
}

/// Drops the series and services whose data retention has dropped.
pub(super) async fn unused_series(store: &EmbeddedStore) -> Result<(), StoreError> {
    let began = Instant::now();
    let turn = store.upkeep.lock().await;
    let (registry, before_ns) = (store.registry.clone(), store.dropped_before(WIDEST));
    let ended = blocking(move || registry.ended_before(before_ns)).await?;
    let mut collected = Collected::default();
    for (service, series) in ended {
        let dropped = series::collect(store, service, series).await?;
        collected.services += dropped.services;
        collected.series += dropped.series;
    }
    drop(turn);
    if collected != Collected::default() {
        let registry = store.registry.clone();
        blocking(move || registry.shrink()).await?;
        metrics::counter!("flarepath_store_collected_series_total").increment(collected.series as u64);
        metrics::gauge!("flarepath_store_collection_seconds").set(began.elapsed().as_secs_f64());
        tracing::info!(series = collected.series, services = collected.services, "dropped unused series");
    }
    let (services, series) = store.registry.counts();
    metrics::gauge!("flarepath_store_services").set(services as f64);
    metrics::gauge!("flarepath_store_series").set(series as f64);
    Ok(())
}

/// Services whose symbols may be worth a collection.
pub(super) async fn services_due(store: &EmbeddedStore) -> Result<Vec<i64>, StoreError> {
    if store.dropped_before(WIDEST) == i64::MIN {
        return Ok(Vec::new());
    }
    sqlx::query_scalar(
        "SELECT c.service_id FROM (SELECT service_id, sum(length(data)) AS bytes FROM symbol_chunk GROUP BY service_id) c \
         LEFT JOIN symbol_generation g ON g.service_id = c.service_id \
         WHERE c.bytes >= coalesce(g.bytes, 0) * 5 / 4 + ?1 AND coalesce(g.dropped_ns, ?2) < ?3 ORDER BY c.bytes DESC",
    )
    .bind(GROWN_BYTES)
    .bind(i64::MIN)
    .bind(store.dropped_before(WIDEST))
    .fetch_all(&store.readers)
    .await
    .map_err(|e| store.error(e))
}

/// Drops the unused symbols of a service, if there are enough of them. In the background, with rests.
pub(super) async fn unused_symbols(store: &EmbeddedStore, service: i64) -> Result<(), StoreError> {
    collect_symbols(store, service, WORTH, REST).await
}

/// Drops all unused symbols of all services, without rests.
pub(super) async fn all_unused_symbols(store: &EmbeddedStore) -> Result<(), StoreError> {
    for service in store.registry.services() {
        collect_symbols(store, service, usize::MAX, Duration::ZERO).await?;
    }
    Ok(())
}

async fn collect_symbols(
    store: &EmbeddedStore,
    service: i64,
    worth: usize,
    rest: Duration,
) -> Result<(), StoreError> {
    let began = Instant::now();
    let _turn = store.upkeep.lock().await;
    if !store.registry.has_service(service) {
        return Ok(());
    }
    let Some(new) = symbols::prepare(store, service, worth, rest).await? else { return Ok(()) };
    let collected = symbols::swap(store, new).await?;
    metrics::counter!("flarepath_store_collected_stacks_total").increment(collected.stacks as u64);
    metrics::gauge!("flarepath_store_collection_seconds").set(began.elapsed().as_secs_f64());
    tracing::info!(stacks = collected.stacks, "dropped unused symbols of a service");
    Ok(())
}
