//! Stores pushed profiles: encodes them and waits for the writer.

use super::row::Row;
use super::writer::{Job, Outcome};
use super::{EmbeddedStore, shutting_down};
use crate::store::{Growth, Inventory, NewProfile, ProfileWriter, StoreError, Unlimited};
use crate::work::{Workers, cores};
use async_trait::async_trait;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use tokio::sync::oneshot;

/// Rows of pushed profiles and their symbols. Not for queries.
static ENCODERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(cores() + 1));
/// How often profiles are encoded because series or symbols of theirs were collected meanwhile. Twice is usual, as a service is
/// collected once a day; a batch of many services can be overtaken by the collection of one after the other.
const ENCODINGS: usize = 32;

impl EmbeddedStore {
    /// The rows of some profiles, and new series and symbols in memory for what is new in them. Leaves out those at the positions
    /// in `refused`, and adds the positions of those that `growth` refuses now.
    pub(super) async fn encode(
        &self,
        batch: &Arc<[NewProfile]>,
        growth: &Arc<dyn Growth>,
        refused: &mut HashSet<usize>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut places = Vec::with_capacity(batch.len());
        for (at, new) in batch.iter().enumerate().filter(|(at, _)| !refused.contains(at)).collect::<Vec<_>>()
        {
            // A request has up to ten thousand.
            tokio::task::consume_budget().await;
            let Some(series) = self.registry.series_of(new, &**growth) else {
                refused.insert(at);
                continue;
            };
            let symbols = self.condition.noting(self.symbols(series.service)).await?;
            places.push((at, series, symbols));
        }
        let (batch, growth) = (batch.clone(), growth.clone());
        let encode = move || -> std::io::Result<Vec<(usize, Option<Row>)>> {
            let row = |(at, series, symbols): (usize, _, _)| {
                Ok((at, Row::new(&batch[at].profile, series, symbols, &*growth)?))
            };
            places.into_iter().map(row).collect()
        };
        let rows = ENCODERS.run(encode).await.map_err(|_| shutting_down())?;
        let rows = rows.map_err(|e| StoreError::Database(format!("a profile cannot be encoded: {e}")))?;
        refused.extend(rows.iter().filter(|(_, row)| row.is_none()).map(|(at, _)| *at));
        Ok(rows.into_iter().filter_map(|(_, row)| row).collect())
    }
}

#[async_trait]
impl ProfileWriter for EmbeddedStore {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        self.append_within(batch, Arc::new(Unlimited)).await
    }

    async fn append_within(&self, batch: Vec<NewProfile>, growth: Arc<dyn Growth>) -> Result<(), StoreError> {
        let batch: Arc<[NewProfile]> = batch.into();
        let mut refused = HashSet::new();
        for _ in 0..ENCODINGS {
            let rows = self.encode(&batch, &growth, &mut refused).await?;
            if rows.is_empty() {
                return Ok(());
            }
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

    fn inventory(&self, largest: usize) -> Option<Inventory> {
        Some(self.registry.inventory(largest))
    }
}
