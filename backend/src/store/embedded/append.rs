//! Stores pushed profiles: encodes them and waits for the writer.

use super::row::Row;
use super::writer::{Job, Outcome};
use super::{EmbeddedStore, shutting_down};
use crate::store::{NewProfile, ProfileWriter, StoreError};
use crate::work::{Workers, cores};
use async_trait::async_trait;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::{Arc, LazyLock};
use tokio::sync::oneshot;

/// Rows of pushed profiles and their symbols. Not for queries.
static ENCODERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(cores() + 1));
/// How often profiles are encoded because series or symbols of theirs were collected meanwhile. Twice is usual, as a service is
/// collected once a day; a batch of many services can be overtaken by the collection of one after the other.
const ENCODINGS: usize = 32;

impl EmbeddedStore {
    /// The rows of some profiles, and new series and symbols in memory for what is new in them.
    pub(super) async fn encode(&self, batch: &Arc<[NewProfile]>) -> Result<Vec<Row>, StoreError> {
        let mut places = Vec::with_capacity(batch.len());
        for new in batch.iter() {
            let series = self.registry.series_of(new);
            let symbols = self.condition.noting(self.symbols(series.service)).await?;
            places.push((series, symbols));
        }
        let batch = batch.clone();
        let encode = move || -> std::io::Result<Vec<Row>> {
            let placed = batch.iter().zip(places);
            placed.map(|(new, (series, symbols))| Row::new(&new.profile, series, symbols)).collect()
        };
        let rows = ENCODERS.run(encode).await.map_err(|_| shutting_down())?;
        rows.map_err(|e| StoreError::Database(format!("a profile cannot be encoded: {e}")))
    }
}

#[async_trait]
impl ProfileWriter for EmbeddedStore {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let batch: Arc<[NewProfile]> = batch.into();
        for _ in 0..ENCODINGS {
            let rows = self.encode(&batch).await?;
            let stored: Vec<(i64, i64)> = rows.iter().map(|r| (r.series.service, r.start_ns)).collect();
            let (answer, done) = oneshot::channel();
            if self.send(Job::Append(rows, answer), done).await? == Outcome::Done {
                stored
                    .into_iter()
                    .for_each(|(service, start_ns)| self.activity.note(service, UnixNanos(start_ns)));
                return Ok(());
            }
        }
        Err(StoreError::Busy("symbols of these profiles are being collected".to_owned()))
    }
}
