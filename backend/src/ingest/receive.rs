//! Handles one request: decode, validate, store, count.

use super::Allowed;
use super::batch::{Batch, Received};
use super::error::IngestError;
use super::quota::Admission;
use crate::auth::Bounds;
use crate::store::ProfileWriter;
use crate::work::{Workers, cores};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

/// Each holds a whole profile in memory, and with more of them than cores none would finish sooner.
static DECODERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(cores() + 1));

/// Runs `read` off the async threads and stores those of its profiles that are within the sender's bounds and that its quotas
/// admit. `protocol` is the label of the metrics
/// `flarepath_ingest_profiles_total{protocol,outcome}`, `flarepath_ingest_bytes_total{protocol}` (bodies as sent)
/// and `flarepath_ingest_duration_seconds{protocol}` (from body received to stored).
///
/// # Errors
/// When the request as a whole is malformed or exceeds a quota, or the store fails. Individual rejected profiles are in
/// [`Received::rejected`].
pub(crate) async fn receive(
    protocol: &'static str,
    body_bytes: usize,
    writer: Option<&dyn ProfileWriter>,
    bounds: Bounds,
    admission: Admission,
    read: impl FnOnce() -> Result<Batch, IngestError> + Send + 'static,
) -> Result<Received, IngestError> {
    let start = Instant::now();
    let admission = Arc::new(admission);
    let result = async {
        let writer = writer.ok_or(IngestError::ReadOnly)?;
        admission.request(body_bytes)?;
        let quotas = admission.clone();
        let decode = move || {
            let allowed = Allowed::within(&bounds)?;
            Ok::<_, IngestError>(read()?.admitted(&allowed, &quotas))
        };
        DECODERS.run(decode).await??.store(writer, &admission).await
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
    count_refused_labels(&result);
    log(protocol, &result);
    result
}

fn log(protocol: &'static str, result: &Result<Received, IngestError>) {
    match result {
        Ok(received) if !received.rejected.is_empty() => {
            let (accepted, rejected, reasons) =
                (received.accepted, received.rejected.len(), received.reasons());
            // Quotas write lines of their own, fewer than one a request.
            if received.rejected.iter().any(|rejection| !matches!(rejection.error, IngestError::Quota(_))) {
                tracing::warn!(protocol, accepted, rejected, reasons, "profiles rejected");
            } else {
                tracing::debug!(protocol, accepted, rejected, reasons, "profiles rejected");
            }
        }
        Ok(received) => {
            tracing::debug!(protocol, accepted = received.accepted, notes = ?received.notes, "profiles stored");
        }
        Err(error @ IngestError::Quota(_)) => tracing::debug!(protocol, %error, "request rejected"),
        Err(error) => tracing::warn!(protocol, %error, "request rejected"),
    }
}

/// Counts the profiles whose labels exceed a limit; quotas count themselves.
fn count_refused_labels(result: &Result<Received, IngestError>) {
    let is_labels = |error: &IngestError| matches!(error, IngestError::Labels(_));
    let refused = match result {
        Ok(received) => received.rejected.iter().filter(|rejection| is_labels(&rejection.error)).count(),
        Err(error) => usize::from(is_labels(error)),
    };
    metrics::counter!("flarepath_ingest_refused_total", "reason" => "labels").increment(refused as u64);
}
