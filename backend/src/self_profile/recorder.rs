//! The loop: wait, take a window, convert, store. Runs on a thread of its own, because looking symbols up takes
//! milliseconds of CPU that no request should wait for.

use super::report::to_profile;
use super::window::Sampling;
use crate::store::{NewProfile, ProfileWriter};
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::profile::Profile;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;
use tokio::runtime::Handle;

/// A first picture soon after the start.
const FIRST_WINDOW: Duration = Duration::from_secs(5);
/// Every window after it.
const WINDOW: Duration = Duration::from_secs(10);

/// Stores windows until it is stopped or dropped.
pub(crate) struct Recorder {
    stop: mpsc::Sender<()>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Recorder {
    pub(super) fn start(sampling: Sampling, writer: Arc<dyn ProfileWriter>) -> Recorder {
        let (stop, stopped) = mpsc::channel();
        let runtime = Handle::current();
        let thread = thread::Builder::new()
            .name("self-profile".to_owned())
            .spawn(move || record(sampling, &*writer, &runtime, &stopped))
            .inspect_err(|error| tracing::warn!(%error, "no thread for profiling this server"))
            .ok();
        Recorder { stop, thread }
    }

    /// Stores the last, shorter window and ends. Blocks until it is stored: call it from a blocking thread, while
    /// the runtime and the store still run.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // No receiver means that the thread has already ended.
        let _ = self.stop.send(());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("profiling this server ended in a panic");
        }
    }
}

/// Asks the thread to end and leaves it to it: a drop may run on the runtime that the thread stores with.
impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.stop.send(());
    }
}

fn record(
    mut sampling: Sampling,
    writer: &dyn ProfileWriter,
    runtime: &Handle,
    stopped: &mpsc::Receiver<()>,
) {
    let mut length = FIRST_WINDOW;
    loop {
        let last = !matches!(stopped.recv_timeout(length), Err(mpsc::RecvTimeoutError::Timeout));
        let window = match sampling.take() {
            Ok(window) => window,
            Err(error) => return tracing::warn!(%error, "profiling this server stopped"),
        };
        let profile = own_profile(to_profile(&window));
        if let Err(error) = runtime.block_on(writer.append(vec![profile])) {
            tracing::warn!(%error, "a window of this server's own profile was lost");
        }
        if last {
            return;
        }
        length = WINDOW;
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
        let start = std::time::Instant::now();
        let mut x = 1u64;
        while start.elapsed() < Duration::from_millis(300) {
            for _ in 0..10_000 {
                x = std::hint::black_box(x.wrapping_mul(31).rotate_left(3));
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn stores_what_ran_before_it_was_stopped() {
        let kept = Arc::new(Kept::default());
        let sampling = Sampling::start().unwrap();
        spin_for_a_recorder();
        let recorder = sampling.record_into(kept.clone());
        tokio::task::spawn_blocking(move || recorder.stop()).await.unwrap();

        let kept = kept.0.lock().unwrap();
        let [stored] = &kept[..] else { panic!("one window, got {}", kept.len()) };
        assert_eq!(stored.labels.service(), "flarepath");
        assert!(stored.profile.time_nanos > 0);
        assert!(stored.profile.samples.total(0) > 0);
        let names: Vec<&str> = stored.profile.strings.iter().collect();
        assert!(names.iter().any(|n| n.contains("spin_for_a_recorder")), "{names:?}");
    }
}
