//! The job that takes a window, converts it and stores it.

use super::report::{WINDOW, to_profile};
use super::window::Sampling;
use crate::jobs::{Job, JobError};
use crate::store::{NewProfile, ProfileWriter};
use crate::work::Workers;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::profile::Profile;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Length of the first window, so that there is something to see soon after the start.
const FIRST_WINDOW: Duration = Duration::from_secs(5);

/// Stores windows of samples of this process.
pub(crate) struct Recorder {
    sampling: Arc<Mutex<Sampling>>,
    writer: Arc<dyn ProfileWriter>,
    /// Looking symbols up takes milliseconds of CPU that no request should wait for.
    worker: Workers,
}

impl Recorder {
    pub(crate) fn new(sampling: Sampling, writer: Arc<dyn ProfileWriter>) -> Recorder {
        Recorder { sampling: Arc::new(Mutex::new(sampling)), writer, worker: Workers::new(1) }
    }

    /// The job that stores one window after the other.
    pub(crate) fn job(self: &Arc<Self>) -> Job {
        let recorder = self.clone();
        let record = move || {
            let recorder = recorder.clone();
            async move { recorder.record().await }
        };
        Job::new("self-profile", WINDOW, record).after(FIRST_WINDOW)
    }

    /// Stores the samples since the last window.
    pub(crate) async fn record(&self) -> Result<(), JobError> {
        let sampling = self.sampling.clone();
        let take = move || sampling.lock().unwrap_or_else(PoisonError::into_inner).take();
        let profile = self.worker.run(move || to_profile(&take())).await?;
        Ok(self.writer.append(vec![own_profile(profile)]).await?)
    }
}

fn own_profile(profile: Profile) -> NewProfile {
    let mut labels = Labels::new();
    labels.set(SERVICE_NAME, "flarepath");
    labels.set("version", env!("CARGO_PKG_VERSION"));
    NewProfile { labels, name: "process_cpu".to_owned(), profile }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;
    use async_trait::async_trait;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Kept(Mutex<Vec<NewProfile>>);

    #[async_trait]
    impl ProfileWriter for Kept {
        async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
            self.0.lock().unwrap().extend(batch);
            Ok(())
        }
    }

    #[inline(never)]
    fn spin_for_a_recorder() {
        let mut x = 1u64;
        for _ in 0..30_000_000 {
            x = std::hint::black_box(x.wrapping_mul(31).rotate_left(3));
        }
    }

    /// The window that was stored last.
    fn last(kept: &Kept) -> NewProfile {
        kept.0.lock().unwrap().last().cloned().unwrap()
    }

    #[tokio::test]
    async fn stores_a_window_of_samples() {
        let kept = Arc::new(Kept::default());
        let recorder = Recorder::new(Sampling::start().unwrap(), kept.clone());
        // On a busy machine a window may have no sample of this thread.
        for windows in 1.. {
            spin_for_a_recorder();
            recorder.record().await.unwrap();
            assert_eq!(kept.0.lock().unwrap().len(), windows, "one a call");
            if last(&kept).profile.strings.iter().any(|name| name.contains("spin_for_a_recorder")) {
                break;
            }
        }
        let stored = last(&kept);
        assert_eq!(stored.labels.service(), "flarepath");
        assert!(stored.profile.time_nanos > 0);
        assert!(stored.profile.samples.total(0) > 0);
    }
}
