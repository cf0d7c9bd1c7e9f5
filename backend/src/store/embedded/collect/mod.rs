//! Drops what no profile and no block refers to any more, in the background, after retention has dropped the last of them.
//!
//! [`series`]: series, and services without any.
//!
//! What is unused is found by readers, which takes its time, and dropped by the writer, which first looks at what was stored
//! meanwhile. So no decision is made on an old state, and a crash at any point leaves the one or the other.

mod series;

use super::EmbeddedStore;
use super::registry::Registry;
use super::symbols::cache::SymbolCache;
use super::window::WIDEST;
use super::writer::Job;
use crate::store::StoreError;
use series::UnusedSeries;
use sqlx::sqlite::SqliteConnection;
use std::time::Instant;
use tokio::sync::oneshot;

/// What the writer is to drop.
pub(crate) enum Collection {
    /// Series, and their service with its symbols if it has no others.
    Series(UnusedSeries),
}

/// What was dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Collected {
    pub(crate) services: usize,
    pub(crate) series: usize,
}

impl Collection {
    /// Drops it in a transaction, then in memory.
    pub(crate) async fn apply(
        &self,
        connection: &mut SqliteConnection,
        registry: &Registry,
        symbols: &SymbolCache,
    ) -> Result<Collected, sqlx::Error> {
        match self {
            Collection::Series(unused) => unused.drop_rows(connection, registry, symbols).await,
        }
    }
}

/// Drops the series and services whose data retention has dropped.
pub(super) async fn unused_series(store: &EmbeddedStore) -> Result<(), StoreError> {
    let began = Instant::now();
    let turn = store.upkeep.lock().await;
    let ended = store.registry.ended_before(store.dropped_before(WIDEST));
    let mut collected = Collected::default();
    for (service, series) in ended {
        let dropped = series::collect(store, service, series).await?;
        collected.services += dropped.services;
        collected.series += dropped.series;
    }
    drop(turn);
    if collected != Collected::default() {
        store.registry.shrink();
        metrics::counter!("flarepath_store_collected_series_total").increment(collected.series as u64);
        metrics::gauge!("flarepath_store_collection_seconds").set(began.elapsed().as_secs_f64());
        tracing::info!(series = collected.series, services = collected.services, "dropped unused series");
    }
    let (services, series) = store.registry.counts();
    metrics::gauge!("flarepath_store_services").set(services as f64);
    metrics::gauge!("flarepath_store_series").set(series as f64);
    Ok(())
}

async fn send(store: &EmbeddedStore, collection: Collection) -> Result<Collected, StoreError> {
    let (answer, done) = oneshot::channel();
    store.send(Job::Collect(Box::new(collection), answer), done).await
}
