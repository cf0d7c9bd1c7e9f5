//! Parca as a store that is read from, over gRPC. It has no accounts and no tenants: a proxy in front of it may ask for a token.
//!
//! - [`client`]: I/O, one call at a time; [`questions`], [`merged`] and [`costs`]: the calls of a question.
//! - [`messages`]: what is sent and received. [`times`]: milliseconds and buckets. [`translate`]: labels, profile types and query
//!   texts. [`matchers`]: selectors in terms that Parca evaluates as we do. [`gathered`]: totals. [`pprof`]: merged profiles.
//!
//! Answers are exact sums of what Parca has stored, with these limits, which are Parca's:
//!
//! - Profiles of types with a duration are known by the second: those of one series that start in the same second count as one,
//!   and a bucket of totals whose edge is inside of a second holds those of the whole second. Of types without a duration, such as
//!   memory in use, Parca gives one profile a second of each series.
//! - The newest profile of a series is known to 1/120 of the range.
//! - How many profiles were merged into a tree is not known, nor their period and, for trees, their duration.
//! - Values of `samples:count` are multiplied by the period, and their type is named so: see [`translate`].
//! - Samples of single spans cannot be selected.

mod client;
mod costs;
mod gathered;
mod matchers;
mod merged;
mod messages;
mod pprof;
mod questions;
mod times;
mod translate;

use super::remote::Upstream;
use super::{
    Capabilities, CostsOverTime, CostsQuery, MergedTree, PieceVisitor, ProfilePiece, ProfileStore,
    ProfileTimes, Selection, SeriesInfo, StoreError, TimesBuilder, TotalsSeries,
};
use crate::config::RemoteStoreConfig;
use crate::work::CancelToken;
use async_trait::async_trait;
use client::Client;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::{DAY_NS, MINUTE_NS, SECOND_NS, UnixNanos};
use gathered::{Buckets, Gathered};
use questions::{TotalsQuestion, aside};
use std::collections::BTreeMap;
use std::sync::Arc;
use times::{Window, widest_step_secs};
use translate::Names;

/// Buckets of the range by which series are found.
const SERIES_BUCKETS: i64 = 120;

/// Profiles of one Parca, which are only read.
pub(crate) struct ParcaStore {
    /// Its name in errors.
    name: Arc<str>,
    upstream: Arc<Upstream>,
    client: Client,
    names: Arc<Names>,
}

impl ParcaStore {
    /// A store as it is configured, which connects when it is first asked. Within a runtime.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when the URL or a certificate is malformed.
    pub(crate) fn new(upstream: Arc<Upstream>, config: &RemoteStoreConfig) -> Result<ParcaStore, StoreError> {
        Ok(ParcaStore {
            name: upstream.name().into(),
            client: Client::new(upstream.name(), config)?,
            upstream,
            names: Arc::new(Names::new(&config.service_label)),
        })
    }

    /// The samples of each series of a type, by the second.
    async fn gathered(&self, selection: &Selection, wanted: &ProfileType) -> Result<Gathered, StoreError> {
        let found = Gathered::of(selection);
        let Some(window) = Window::of(selection.range) else { return Ok(found) };
        let cancel = &selection.cancel;
        let types = self.stored_types(window.widened(), cancel).await?;
        let forms = types.forms(wanted);
        if forms.is_empty() {
            return Ok(found);
        }
        let wanted = Arc::new(wanted.clone());
        let question = TotalsQuestion {
            types: forms.iter().map(|form| (wanted.clone(), form.clone())).collect(),
            parts: self.parts(selection, window).await?,
            window,
            step_secs: 1,
            instant_step_secs: 1,
            sum_by: self.label_names(window.widened(), cancel).await?,
        };
        self.fold_totals(&question, cancel, found).await
    }
}

fn without_spans(selection: &Selection) -> Result<(), StoreError> {
    match selection.spans.is_empty() {
        true => Ok(()),
        false => Err(StoreError::Unsupported("samples of single spans")),
    }
}

#[async_trait]
impl ProfileStore for ParcaStore {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        let Some(window) = Window::of(selection.range) else { return Ok(Vec::new()) };
        let cancel = &selection.cancel;
        let types = self.stored_types(window.widened(), cancel).await?;
        let step_secs = (selection.range.length_ns() / SECOND_NS / SERIES_BUCKETS).max(1);
        let types = types.0.into_iter().flat_map(|(ours, forms)| {
            let ours = Arc::new(ours);
            forms.into_iter().map(move |form| (ours.clone(), form))
        });
        let question = TotalsQuestion {
            types: types.collect(),
            parts: self.parts(selection, window).await?,
            window,
            step_secs,
            instant_step_secs: step_secs,
            sum_by: self.label_names(window.widened(), cancel).await?,
        };
        let found = self.fold_totals(&question, cancel, Gathered::of(selection)).await?;
        let mut series: BTreeMap<Labels, (Vec<ProfileType>, UnixNanos)> = BTreeMap::new();
        // By type first, so that the types of a series are sorted.
        for ((profile_type, labels), samples) in found.series {
            let newest = samples.iter().map(|sample| sample.at).max().unwrap_or(selection.range.start);
            let (types, last) = series.entry(labels).or_insert_with(|| (Vec::new(), newest));
            types.push((*profile_type).clone());
            *last = newest.max(*last);
        }
        let info = |(labels, (types, newest)): (Labels, (Vec<ProfileType>, UnixNanos))| SeriesInfo {
            labels: Arc::new(labels),
            profile_types: types.into(),
            newest,
        };
        Ok(series.into_iter().map(info).collect())
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        without_spans(selection)?;
        let Some(window) = Window::of(selection.range) else { return Ok(Vec::new()) };
        let types = self.stored_types(window.widened(), &selection.cancel).await?;
        let forms = types.forms(profile_type);
        if forms.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = Arc::new(profile_type.clone());
        let question = TotalsQuestion {
            types: forms.iter().map(|form| (wanted.clone(), form.clone())).collect(),
            parts: self.parts(selection, window).await?,
            window,
            step_secs: widest_step_secs(selection.range.start, step_ns),
            instant_step_secs: 1,
            sum_by: by.iter().map(|name| self.names.other(name).to_owned()).collect(),
        };
        let buckets = Buckets::of(selection.range, step_ns, by);
        Ok(self.fold_totals(&question, &selection.cancel, buckets).await?.finish())
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        without_spans(selection)?;
        let question = self.merge_question(selection, profile_type).await?;
        let tree = match Window::of(selection.range) {
            Some(window) => self.merged_tree(&question, window, &selection.cancel).await?,
            None => CallTree::empty(),
        };
        // How many is not known; whether there is any shows in the tree.
        Ok(MergedTree { profiles: u64::from(!tree.is_empty()), tree })
    }

    async fn costs_over_time(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        query: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        without_spans(selection)?;
        self.costs_by_column(selection, profile_type, query).await
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        without_spans(selection)?;
        let question = self.merge_question(selection, profile_type).await?;
        let parts = match Window::of(selection.range) {
            Some(window) => {
                self.merged(&question, window, &selection.cancel, |_, profile| Ok(profile)).await?
            }
            None => Vec::new(),
        };
        let wanted = profile_type.clone();
        let mut whole = aside(move || pprof::joined(&parts, &wanted)).await?;
        if !whole.samples.is_empty() {
            whole.time_nanos = selection.range.start.0;
        }
        Ok(whole)
    }

    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        without_spans(selection)?;
        let found = self.gathered(selection, profile_type).await?;
        found.series.values().flatten().for_each(|sample| visit(sample.at, sample.value));
        Ok(())
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        let found = self.gathered(selection, profile_type).await?;
        let mut times = TimesBuilder::new();
        for ((_, labels), samples) in &found.series {
            let place = times.place(labels);
            let starts: Vec<i64> = samples.iter().map(|sample| sample.at.0).collect();
            let duration_ns =
                samples.iter().fold(0, |sum: i64, sample| sum.saturating_add(sample.duration_ns));
            times.add(place, &starts, duration_ns, 0);
        }
        Ok(times.finish(SECOND_NS))
    }

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        let found = self.gathered(selection, profile_type).await?;
        for ((_, labels), mut samples) in found.series {
            samples.sort_by_key(|sample| sample.at);
            let starts: Vec<i64> = samples.iter().map(|sample| sample.at.0).collect();
            let totals: Vec<i64> = samples.iter().map(|sample| sample.value).collect();
            let duration_ns =
                samples.iter().fold(0, |sum: i64, sample| sum.saturating_add(sample.duration_ns));
            visit(&labels, &ProfilePiece { starts: &starts, totals: &totals, duration_ns });
        }
        Ok(SECOND_NS)
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        let last_ms = UnixNanos(self.upstream.clock().now().0.saturating_add(DAY_NS)).as_millis();
        let ever = Window { first_ms: 0, last_ms };
        let found = self.label_values(SERVICE_NAME, ever, &CancelToken::default()).await?;
        Ok(found.iter().any(|value| value == service))
    }

    async fn check(&self) -> Result<(), StoreError> {
        let now = self.upstream.clock().now();
        let first_ms = UnixNanos(now.0.saturating_sub(MINUTE_NS)).as_millis();
        let minute = Window { first_ms, last_ms: now.as_millis() };
        self.stored_types(minute, &CancelToken::default()).await.map(drop)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            spans: false,
            profile_totals: true,
            lines: true,
            call_sites: true,
            profile_counts: false,
        }
    }
}

#[cfg(test)]
mod tests;
