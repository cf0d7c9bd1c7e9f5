//! Grafana Pyroscope, versions 1.7 to 2.4, and what speaks its protocol: profiles stay there, questions are passed on, and so are
//! pushes.
//!
//! 1. [`messages`], [`connect`]: the wire. [`tree`]: merged stacks. [`grid`]: time. [`translate`]: selectors, series, totals.
//!    All are pure.
//! 2. [`client`]: calls, through [`super::remote`], which bounds and repeats them.
//! 3. [`catalog`], [`times`], [`merged`], [`costs`], [`mod@write`]: questions and pushes.
//!
//! A caller's bounds go into every question: [`super::bounds::disjoint`] makes selectors of which each is asked by itself, and the
//! answers are added up. Ranges longer than `max_range` are asked for in parts; see [`grid`].
//!
//! # Differences from a store of our own
//! - Times are whole milliseconds, and single profiles are known by the second: what one series has in the same second counts as
//!   one profile ([`times`]). Durations of profiles and distances of samples are not known.
//! - Functions in call trees have names, but neither files nor mappings. How many profiles were merged is not known.
//! - Small nodes are left out of trees of more than a million, with a node `other` in their place. Such a tree is never shown: it
//!   is built here from the merged profile, which is not cut ([`merged`]).
//! - Series are listed by block, not by profile ([`catalog`]).
//! - Totals over time cannot be restricted to spans.
//! - How far back queries reach is limited by the store (`max_query_lookback`), which leaves out what is older without saying so.

mod catalog;
mod client;
mod connect;
mod costs;
mod grid;
mod merged;
mod messages;
mod times;
mod translate;
mod tree;
mod write;

use super::remote::Upstream;
use super::{
    Capabilities, CostsOverTime, CostsQuery, MergedTree, PieceVisitor, ProfileStore, ProfileTimes, Selection,
    SeriesInfo, StoreError, TimeRange, TotalsSeries,
};
use crate::clock::Clock;
use crate::config::RemoteStoreConfig;
use async_trait::async_trait;
use client::Client;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use grid::Millis;
use std::sync::Arc;

/// Profiles in a Pyroscope.
pub struct PyroscopeStore {
    client: Client,
    clock: Arc<dyn Clock>,
    /// The longest range of a question, in milliseconds.
    longest_ms: i64,
}

/// One of the questions that a question of ours is asked in.
#[derive(Clone, Debug)]
struct Question {
    selector: String,
    part: Millis,
}

impl PyroscopeStore {
    /// A store as it is configured. Connects to nothing.
    ///
    /// # Errors
    /// [`StoreError`] for certificates that cannot be used.
    pub(crate) fn new(
        upstream: Arc<Upstream>,
        config: &RemoteStoreConfig,
    ) -> Result<PyroscopeStore, StoreError> {
        let longest_ms = i64::try_from(config.max_range.as_millis()).unwrap_or(i64::MAX).max(1);
        let clock = upstream.clock().clone();
        Ok(PyroscopeStore { client: Client::new(upstream, config)?, clock, longest_ms })
    }

    /// The store at a URL without a slash at its end, with the default settings; the time is that of `clock`.
    ///
    /// # Errors
    /// As of a configured one.
    #[cfg(any(test, feature = "testing"))]
    pub fn at(url: &str, clock: Arc<dyn Clock>) -> Result<PyroscopeStore, StoreError> {
        let config = RemoteStoreConfig::at(url);
        PyroscopeStore::new(Upstream::new("pyroscope", &config, clock), &config)
    }

    /// The questions that cover a selection: each selector of its bounds in each part of its range.
    fn questions(&self, selection: &Selection) -> Result<Vec<Question>, StoreError> {
        self.questions_of(selection.range, selection)
    }

    /// The same with another range.
    fn questions_of(&self, range: TimeRange, selection: &Selection) -> Result<Vec<Question>, StoreError> {
        let parts = Millis::of(range).parts(self.longest_ms)?;
        let selectors = translate::selectors(selection)?;
        let of_selector =
            |selector: String| parts.iter().map(move |&part| Question { selector: selector.clone(), part });
        Ok(selectors.into_iter().flat_map(of_selector).collect())
    }
}

#[async_trait]
impl ProfileStore for PyroscopeStore {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        self.list_series(selection).await
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        self.totals_over_time(selection, profile_type, step_ns, by).await
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        self.merged_tree(selection, profile_type).await
    }

    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        times::visit_totals(&self.seconds(selection, profile_type).await?, visit);
        Ok(())
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        self.starts(selection, profile_type).await
    }

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        times::visit_pieces(&self.seconds_of_all_spans(selection, profile_type).await?, visit);
        Ok(0)
    }

    async fn costs_over_time(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        query: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        self.costs_by_column(selection, profile_type, query).await
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        self.merged_profile(selection, profile_type).await
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        self.lists_service(service).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.probe().await
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { profile_counts: false, ..Capabilities::ALL }
    }
}
