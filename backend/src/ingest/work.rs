//! Runs decoding beside the async threads, a few requests at a time.
//!
//! Decoding is pure CPU. On the async threads it would hold up every other answer; with more decoders than cores,
//! none would finish sooner and each would hold a whole profile in memory. So the number of decoders bounds memory.

use super::error::IngestError;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

static DECODERS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores + 1))
});

/// Runs `work` on a thread that may block.
///
/// # Errors
/// Those of `work`; [`IngestError::Stopping`] when the server goes down meanwhile.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IngestError> + Send + 'static,
) -> Result<T, IngestError> {
    let turn = DECODERS.clone().acquire_owned().await.map_err(|_| IngestError::Stopping)?;
    let result = tokio::task::spawn_blocking(move || {
        // Held by the work and not by the caller, who may hang up while it runs.
        let _turn = turn;
        work()
    });
    match result.await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(IngestError::Stopping),
    }
}
