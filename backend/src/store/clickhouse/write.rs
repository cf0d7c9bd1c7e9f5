//! Stores pushed profiles: the rows of a batch table by table, what they refer to first.
//!
//! ClickHouse has no transaction over several tables. A batch that fails midway leaves symbols that nothing refers to, or
//! profiles whose samples are missing; the error says that it was not stored, and the same batch sent again is completed: each
//! insert has a token, and the tables and the sums behind them remember the last thousand inserts with their tokens.

use super::ClickHouseStore;
use super::client::blocking;
use super::encode::encode;
use crate::store::{NewProfile, ProfileWriter, StoreError};
use async_trait::async_trait;

#[async_trait]
impl ProfileWriter for ClickHouseStore {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let client = self.ready().await?;
        let known = self.known.clone();
        let encoded = blocking(move || encode(&batch, &known)).await?;
        for insert in &encoded.inserts {
            client.insert(insert).await?;
        }
        let known = self.known.clone();
        blocking(move || known.add(encoded.fresh)).await
    }
}
