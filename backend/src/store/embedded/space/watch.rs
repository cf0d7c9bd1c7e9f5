//! Watches what the store takes of the disk: metrics, samples for the forecast, and a warning before the disk is full.

use super::super::{EmbeddedStore, blocking, retention};
use super::forecast;
use super::history::{History, Sample};
use super::measure;
use crate::store::{DiskGrowth, DiskReport, StoreError};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The log warns when the disk will be full within so many days.
const WARN_BELOW_DAYS: f64 = 7.0;
/// Time between two such warnings.
const WARN_AGAIN: Duration = Duration::from_secs(86_400);

/// What is known about the growth of a store.
pub(in super::super) struct Watch(Mutex<State>);

struct State {
    history: History,
    /// When the log warned, on the monotonic clock.
    warned: Option<Duration>,
}

impl Watch {
    /// With the samples in `dir`.
    pub(in super::super) fn load(dir: &Path) -> Watch {
        Watch(Mutex::new(State { history: History::load(dir), warned: None }))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn growth(&self) -> DiskGrowth {
        forecast::growth(&self.state().history.samples)
    }

    /// Whether to warn at `elapsed` of a disk that is full in so many days; if so, it counts as done.
    fn is_warning_due(&self, full_in_days: Option<f64>, elapsed: Duration) -> bool {
        let mut state = self.state();
        let due = full_in_days.is_some_and(|days| days < WARN_BELOW_DAYS)
            && state.warned.is_none_or(|at| elapsed.saturating_sub(at) >= WARN_AGAIN);
        if due {
            state.warned = Some(elapsed);
        }
        due
    }
}

/// What the store takes at present.
pub(in super::super) async fn report(store: &EmbeddedStore) -> Result<DiskReport, StoreError> {
    let read = async {
        let mut connection = store.readers.acquire().await?;
        let usage = measure(&mut connection, &store.dir).await?;
        Ok((usage, retention::oldest(&mut connection).await?))
    };
    let (usage, oldest) = read.await.map_err(|e| store.error(e))?;
    let (max_size, growth) = (store.options.max_size, store.watch.growth());
    Ok(DiskReport { usage: usage?, max_size, growth, oldest })
}

/// Measures, and tells metrics, history and log.
pub(in super::super) async fn observe(store: &EmbeddedStore) -> Result<DiskReport, StoreError> {
    let mut found = report(store).await?;
    let sample = Sample { at: store.options.clock.now(), used: found.usage.used };
    let writing = {
        let mut state = store.watch.state();
        state.history.add(sample).then(|| state.history.writing())
    };
    if let Some(writing) = writing {
        if let Err(error) = blocking(writing).await? {
            tracing::warn!(%error, "the sizes for the forecast cannot be written");
        }
        found.growth = store.watch.growth();
    }
    set_metrics(&found);
    let days = found.full_in_days();
    if store.watch.is_warning_due(days, store.options.clock.clock().elapsed()) {
        tracing::warn!(
            folder = %store.dir.display(),
            days = format!("{:.1}", days.unwrap_or_default()),
            disk_free = found.usage.disk_free,
            "the disk will be full soon: enlarge it, shorten the ages in [retention], or set retention.max_size"
        );
    }
    Ok(found)
}

fn set_metrics(found: &DiskReport) {
    let usage = found.usage;
    metrics::gauge!("flarepath_storage_used_bytes").set(usage.used as f64);
    metrics::gauge!("flarepath_storage_free_page_bytes").set(usage.free as f64);
    metrics::gauge!("flarepath_storage_log_bytes").set(usage.log as f64);
    metrics::gauge!("flarepath_storage_disk_free_bytes").set(usage.disk_free as f64);
    if let DiskGrowth::PerDay(bytes) = found.growth {
        metrics::gauge!("flarepath_storage_growth_bytes_per_day").set(bytes as f64);
    }
    if let Some(days) = found.full_in_days() {
        metrics::gauge!("flarepath_storage_full_in_days").set(days);
    }
    if let Some(days) = found.limit_in_days() {
        metrics::gauge!("flarepath_storage_limit_in_days").set(days);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warns_below_seven_days_and_once_a_day() {
        let dir = tempfile::tempdir().unwrap();
        let watch = Watch::load(dir.path());
        let hours = |count: u64| Duration::from_secs(count * 3600);
        assert!(!watch.is_warning_due(None, hours(0)));
        assert!(!watch.is_warning_due(Some(7.0), hours(0)));
        assert!(watch.is_warning_due(Some(6.9), hours(1)));
        assert!(!watch.is_warning_due(Some(6.8), hours(24)));
        assert!(watch.is_warning_due(Some(6.0), hours(25)));
    }
}
