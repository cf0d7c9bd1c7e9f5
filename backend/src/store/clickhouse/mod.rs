//! Profiles in ClickHouse, in tables of our own.
//!
//! - [`ddl`], [`schema`] and `sql/`: the tables; see docs/clickhouse.md.
//! - [`client`]: statements over HTTP. [`row_binary`], [`values`], [`refusal`]: rows, bound values and errors, pure.
//! - [`translate`], with [`pattern`] and [`hours`]: selections as conditions of SQL, pure.
//! - [`encode`], with [`ids`] and [`known`]: batches as rows, pure. [`write`]: stores them.
//! - [`read`]: one file a kind of question.
//!
//! A stack is stored once for each service and referred to by its hash. A question sums the values of samples by stack, of
//! whole hours from the hourly sums, and then reads the stacks, call sites and functions that they refer to. Everything
//! that is read together has the same service and lies on the same shard of a cluster.

mod client;
pub(crate) mod ddl;
mod encode;
mod hours;
mod ids;
mod known;
mod pattern;
mod read;
mod refusal;
mod row_binary;
mod schema;
mod translate;
mod values;
mod write;

use super::embedded::export::empty;
use super::remote::Upstream;
use super::{
    CostsOverTime, CostsQuery, MergedTree, PieceVisitor, ProfileStore, ProfileTimes, Selection, SeriesInfo,
    StoreError, TotalsSeries,
};
use crate::config::RemoteStoreConfig;
use async_trait::async_trait;
use client::Client;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use known::Known;
use read::Question;
use schema::Schema;
use std::sync::Arc;

/// Profiles in a database of ClickHouse, of one server or a cluster.
pub struct ClickHouseStore {
    client: Client,
    schema: Schema,
    known: Arc<Known>,
}

impl ClickHouseStore {
    /// Does not connect yet.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] if the name of the database is not an identifier; others of settings, such as certificates that
    /// cannot be parsed.
    pub fn new(upstream: Arc<Upstream>, config: &RemoteStoreConfig) -> Result<ClickHouseStore, StoreError> {
        schema::check_database(upstream.name(), &config.database)?;
        let client = Client::new(upstream, config)?;
        Ok(ClickHouseStore { client, schema: Schema::default(), known: Arc::default() })
    }

    /// The client, once the tables are there.
    async fn ready(&self) -> Result<&Client, StoreError> {
        self.schema.ready(&self.client).await?;
        Ok(&self.client)
    }

    /// A question about profiles of one type; `None` if it selects nothing.
    async fn question<'q>(
        &'q self,
        selection: &'q Selection,
        profile_type: &'q ProfileType,
    ) -> Result<Option<Question<'q>>, StoreError> {
        Question::new(self.ready().await?, selection, profile_type)
    }
}

#[async_trait]
impl ProfileStore for ClickHouseStore {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        read::series(self.ready().await?, selection).await
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        match self.question(selection, profile_type).await? {
            Some(question) => question.totals(step_ns, by).await,
            None => Ok(Vec::new()),
        }
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        match self.question(selection, profile_type).await? {
            Some(question) => question.call_tree().await,
            None => Ok(read::empty_tree()),
        }
    }

    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        match self.question(selection, profile_type).await? {
            Some(question) => question.each_total(visit).await,
            None => Ok(()),
        }
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        match self.question(selection, profile_type).await? {
            Some(question) => question.profile_times().await,
            None => Ok(read::no_times()),
        }
    }

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        match self.question(selection, profile_type).await? {
            Some(question) => question.each_piece(visit).await.map(|()| 0),
            None => Ok(0),
        }
    }

    async fn costs_over_time(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        query: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        match self.question(selection, profile_type).await? {
            Some(question) => question.costs_over_time(query).await,
            None => Ok(CostsOverTime::new()),
        }
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        match self.question(selection, profile_type).await? {
            Some(question) => question.profile().await,
            None => Ok(empty(profile_type)),
        }
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        read::has_service(self.ready().await?, service).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        read::check(self.ready().await?).await
    }
}
