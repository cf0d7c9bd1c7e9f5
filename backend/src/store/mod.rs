//! Profile storage: one trait for reading, one for writing, an adapter for each kind of storage.
//!
//! Stores know series, time and stacks, but neither HTTP nor principals. [`factory`] opens the configured ones, of which each is a
//! [`Storage`] to everything else. Every adapter passes the suite in `conformance`, whose oracle is a naive merge in memory.
//! Both are compiled with the feature `testing` only.

pub mod bounds;
mod capabilities;
pub mod clickhouse;
mod compaction;
#[cfg(any(test, feature = "testing"))]
pub mod conformance;
mod costs;
mod disk;
pub mod embedded;
mod error;
pub(crate) mod factory;
mod freshness;
mod growth;
#[cfg(any(test, feature = "testing"))]
pub mod memory;
mod parca;
mod profile_times;
pub mod pyroscope;
mod remote;
mod retention;
mod selection;
mod series_found;
mod time_range;

pub use capabilities::Capabilities;
pub(crate) use compaction::{Compaction, Timed};
pub use costs::{CostColumn, CostsOverTime, CostsQuery, Function};
pub use disk::{DiskGrowth, DiskReport, DiskUsage};
pub(crate) use embedded::{
    files as profile_files, inspect as profile_inspection, retention::plan as retention_plan,
};
pub use error::StoreError;
pub use factory::{OpenStore, OpenStores, Storage};
pub use freshness::{Age, Freshness, Mark, WriteLog};
pub(crate) use growth::Unlimited;
pub use growth::{Growth, Inventory, StoreSize};
pub use profile_times::{PieceVisitor, ProfilePiece, ProfileTimes, Replica, ReplicaTimes};
pub(crate) use profile_times::{TimesBuilder, replica_labels};
pub use remote::{Upstream, UpstreamHealth};
pub use retention::Retention;
pub use selection::Selection;
pub(crate) use series_found::SeriesFound;
pub use time_range::TimeRange;
pub(crate) use time_range::column_start;

use async_trait::async_trait;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::labels::Labels;
use flarepath_profile::line_costs::{LineCost, line_costs};
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;

/// Reads profiles.
#[async_trait]
pub trait ProfileStore: Send + Sync {
    /// The series that match and hold at least one profile in the range, each with its profile types, in any order.
    /// Services, profile types, label names and label values are all derived from this.
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError>;

    /// Totals per time bucket: bucket `k` is `[range.start + k·step, range.start + (k+1)·step)` and sums the
    /// values of the profiles that start in it. Grouped by the values of the labels `by`, in the order given;
    /// an absent label groups as the empty string. Buckets without a profile are absent.
    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError>;

    /// The merge of all matching profiles as a call tree, whole and exact.
    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError>;

    /// The start and the total of each matching profile, in any order.
    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError>;

    /// When all matching profiles start, by replica, whatever spans the selection names. Where profiles were merged into blocks,
    /// all of a block that [`ProfileStore::call_tree`] counts.
    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError>;

    /// All matching profiles with their totals, whatever spans the selection names, in pieces of one series each: in any order, and
    /// several of one series. Of which time they are is as in [`ProfileStore::profile_times`]. Gives
    /// [`ProfileTimes::block_ns`].
    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError>;

    /// Costs of functions over time, exact in each column. By default one call tree is computed a column; stores override
    /// this where they can do better.
    async fn costs_over_time(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        query: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        costs::tree_by_tree(self, selection, profile_type, query).await
    }

    /// [`ProfileStore::costs_over_time`] of each of some replicas, in their order. By default one replica is asked for after the
    /// other; stores override this where one read is enough.
    async fn costs_by_replica(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        query: &CostsQuery,
        replicas: &[Replica],
    ) -> Result<Vec<CostsOverTime>, StoreError> {
        costs::replica_by_replica(self, selection, profile_type, query, replicas).await
    }

    /// Costs of each source line of the functions of a name, over all matching profiles; see
    /// [`flarepath_profile::line_costs`]. By default computed from the merged profile; stores
    /// override this where they can do better.
    async fn line_costs(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        function: &str,
    ) -> Result<Vec<LineCost>, StoreError> {
        let profile = self.profile(selection, profile_type).await?;
        Ok(line_costs(&profile, 0, function))
    }

    /// The merge of all matching profiles with call sites, inlined lines and mappings, for export. One sample type.
    async fn profile(&self, selection: &Selection, profile_type: &ProfileType)
    -> Result<Profile, StoreError>;

    /// Whether there is a profile of `service` in any range.
    async fn has_service(&self, service: &str) -> Result<bool, StoreError>;

    /// Whether questions and pushes can be served now. Cheap, and independent of the queries that are running.
    async fn check(&self) -> Result<(), StoreError>;

    /// What the profiles take of the disk; `None` where that is not the server's own.
    async fn disk(&self) -> Result<Option<DiskReport>, StoreError> {
        Ok(None)
    }

    /// The log in which it records what it drops by itself, where writes have to be recorded as well; `None` if it drops nothing.
    fn write_log(&self) -> Option<Arc<WriteLog>> {
        None
    }

    /// What everyone who uses the server has to know about the stored profiles at present.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// What this store offers beyond the sums that every store has.
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    /// Finishes pending work and closes files and connections. Later calls fail.
    async fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Adds profiles.
#[async_trait]
pub trait ProfileWriter: Send + Sync {
    /// Stores a batch. When this returns `Ok`, all of it is committed to disk; on an error none is.
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError>;

    /// As [`ProfileWriter::append`], but leaves out each profile whose new series or functions `growth` does not allow. By
    /// default none is left out, as such a store does not know what is new to it.
    async fn append_within(&self, batch: Vec<NewProfile>, growth: Arc<dyn Growth>) -> Result<(), StoreError> {
        drop(growth);
        self.append(batch).await
    }

    /// How many services and series there are, and up to `largest` of the services with the most series; `None` if the store
    /// does not count them.
    fn inventory(&self, largest: usize) -> Option<Inventory> {
        let _ = largest;
        None
    }
}

/// A profile to store: checked, relabelled, one label set. Made by [`crate::ingest`].
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// Labels of the series, `service_name` among them; no internal (`__…`) ones.
    pub labels: Labels,
    /// First part of the profile type, such as `process_cpu`.
    pub name: String,
    /// The profile. `time_nanos` is set; sample labels of text have become series labels, all but
    /// `span_id` and `trace_id`.
    pub profile: Profile,
}

/// A series with its profile types.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesInfo {
    /// Its labels.
    pub labels: Arc<Labels>,
    /// Its profile types, sorted. Many series share them.
    pub profile_types: Arc<[ProfileType]>,
    /// Start of its newest profile in the range.
    pub newest: UnixNanos,
}

/// Totals over time of one group of series.
#[derive(Clone, Debug, PartialEq)]
pub struct TotalsSeries {
    /// The labels grouped by, with their values.
    pub labels: Labels,
    /// Left edge of a bucket, and the sum of values in it; ascending.
    pub points: Vec<(UnixNanos, i64)>,
}

/// A merged call tree and the number of profiles in it.
#[derive(Clone, Debug)]
pub struct MergedTree {
    /// The tree.
    pub tree: CallTree,
    /// Number of profiles merged.
    pub profiles: u64,
}
