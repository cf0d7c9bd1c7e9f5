//! Handles one request: decode, validate, store, count.

use super::Allowed;
use super::batch::{Batch, Received};
use super::error::IngestError;
use crate::store::ProfileWriter;
use crate::work::{Workers, cores};
use std::sync::LazyLock;
use std::time::Instant;

/// Each holds a whole profile in memory, and with more of them than cores none would finish sooner.
static DECODERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(cores() + 1));

/// Runs `read` off the async threads and stores those of its profiles that the sender may push. `protocol` is the label of the metrics
/// `flarepath_ingest_profiles_total{protocol,outcome}`, `flarepath_ingest_bytes_total{protocol}` (bodies as sent)
/// and `flarepath_ingest_duration_seconds{protocol}` (from body received to stored).
///
/// # Errors
/// When the request as a whole is malformed, or the store fails. Individual rejected profiles are in
/// [`Received::rejected`].
pub(crate) async fn receive(
    protocol: &'static str,
    body_bytes: usize,
    writer: Option<&dyn ProfileWriter>,
    allowed: Allowed,
    read: impl FnOnce() -> Result<Batch, IngestError> + Send + 'static,
) -> Result<Received, IngestError> {
    let start = Instant::now();
    let result = async {
        let writer = writer.ok_or(IngestError::ReadOnly)?;
        DECODERS.run(read).await??.store(writer, &allowed).await
    };
    let result = result.await;
    metrics::counter!("flarepath_ingest_bytes_total", "protocol" => protocol).increment(body_bytes as u64);
    metrics::histogram!("flarepath_ingest_duration_seconds", "protocol" => protocol)
        .record(start.elapsed().as_secs_f64());
    let (accepted, rejected) = match &result {
        Ok(received) => (received.accepted, received.rejected.len() as u64),
        Err(_) => (0, 1),
    };
    let count = |outcome| metrics::counter!("flarepath_ingest_profiles_total", "protocol" => protocol, "outcome" => outcome);
    count("accepted").increment(accepted);
    count("rejected").increment(rejected);
    match &result {
        Ok(received) if !received.rejected.is_empty() => {
            tracing::warn!(protocol, accepted, rejected, reasons = received.reasons(), "profiles rejected");
        }
        Ok(received) => tracing::debug!(protocol, accepted, notes = ?received.notes, "profiles stored"),
        Err(error) => tracing::warn!(protocol, %error, "request rejected"),
    }
    result
}
