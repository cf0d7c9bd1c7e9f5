//! The questions of [`ProfileStore`], passed on to [`super::read`], with any damage that is found noted.

use super::writer::Job;
use super::{EmbeddedStore, check, read, space};
use crate::store::costs::{replica_by_replica, tree_by_tree};
use crate::store::{
    CostsOverTime, CostsQuery, DiskReport, MergedTree, PieceVisitor, ProfileStore, ProfileTimes, Replica,
    Selection, SeriesInfo, StoreError, TotalsSeries, WriteLog,
};
use async_trait::async_trait;
use flarepath_profile::line_costs::LineCost;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;
use tokio::sync::oneshot;

#[async_trait]
impl ProfileStore for EmbeddedStore {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        self.condition.noting(read::series(self, selection)).await
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        self.condition.noting(self.query(selection, profile_type).totals(step_ns, by)).await
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        self.condition.noting(self.query(selection, profile_type).call_tree()).await
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        self.condition.noting(self.query(selection, profile_type).profile()).await
    }

    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        self.condition.noting(self.query(selection, profile_type).each_total(visit)).await
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        self.condition.noting(self.query(selection, profile_type).profile_times()).await
    }

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        self.condition.noting(self.query(selection, profile_type).each_piece(visit)).await
    }

    async fn costs_over_time(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        wanted: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        match selection.spans.is_empty() {
            true => self.condition.noting(self.query(selection, profile_type).costs_over_time(wanted)).await,
            false => tree_by_tree(self, selection, profile_type, wanted).await,
        }
    }

    async fn costs_by_replica(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        wanted: &CostsQuery,
        replicas: &[Replica],
    ) -> Result<Vec<CostsOverTime>, StoreError> {
        if !selection.spans.is_empty() {
            return replica_by_replica(self, selection, profile_type, wanted, replicas).await;
        }
        let query = self.query(selection, profile_type);
        self.condition.noting(query.costs_by_replica(wanted, replicas)).await
    }

    async fn line_costs(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        function: &str,
    ) -> Result<Vec<LineCost>, StoreError> {
        self.condition.noting(self.query(selection, profile_type).line_costs(function)).await
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        self.condition.noting(read::has_service(self, service)).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.condition.noting(check::check(self)).await
    }

    async fn disk(&self) -> Result<Option<DiskReport>, StoreError> {
        self.condition.noting(space::report(self)).await.map(Some)
    }

    fn write_log(&self) -> Option<Arc<WriteLog>> {
        Some(self.log.clone())
    }

    fn warnings(&self) -> Vec<String> {
        let damage = self.condition.is_damaged().then(|| {
            "Stored profiles are damaged: the server is not ready. Its log names the file and what to do."
                .to_owned()
        });
        damage.into_iter().chain(self.ahead.warning()).collect()
    }

    /// Commits what is waiting, moves the write-ahead log into the database file and unlocks the data directory.
    async fn close(&self) -> Result<(), StoreError> {
        self.checker.close().await;
        self.readers.close().await;
        self.loaders.close().await;
        let (answer, done) = oneshot::channel();
        if self.queue.send(Job::Close(answer)).await.is_err() {
            return Ok(());
        }
        done.await.map_or(Ok(()), |closed| closed.map(drop))
    }
}
