//! A job's lease: it runs on one of the servers that share the records.
//!
//! A run takes the lease for [`TTL`] and extends it while it lasts. Afterwards the lease is kept until another run is due, so
//! that the other servers do not repeat the same work, and given up when this server stops. When a server dies, others take
//! over as soon as its lease has expired.

use super::JobError;
use crate::clock::Clock;
use crate::db::Records;
use crate::db::id::{base32, random_bytes};
use std::time::Duration;

/// How long a lease lasts without being extended.
const TTL: Duration = Duration::from_secs(60);

/// Leases taken for this server.
#[derive(Clone)]
pub(crate) struct Lease {
    records: Records,
    /// Id of this server, new at each start.
    holder: String,
}

impl Lease {
    /// Leases in `records`, for a holder with a new id.
    pub(crate) fn new(records: Records) -> Lease {
        Lease { records, holder: base32(&random_bytes::<16>()) }
    }

    /// Runs `run` while the lease is held; false when another server has it.
    pub(super) async fn run(
        &self,
        name: &str,
        period: Duration,
        clock: &dyn Clock,
        run: impl Future<Output = Result<(), JobError>>,
    ) -> Result<bool, JobError> {
        if !self.take(name, TTL, clock).await? {
            return Ok(false);
        }
        let extend = async {
            loop {
                clock.sleep(TTL / 3).await;
                match self.take(name, TTL, clock).await {
                    Ok(true) => {}
                    Ok(false) => return JobError::from("another server took the lease during the run"),
                    Err(error) => return error,
                }
            }
        };
        tokio::select! {
            result = run => result?,
            error = extend => return Err(error),
        }
        self.take(name, period + TTL, clock).await?;
        Ok(true)
    }

    /// Lets other servers run the job.
    pub(super) async fn release(&self, name: &str) {
        if let Err(error) = self.records.release_lease(name, &self.holder).await {
            tracing::warn!(job = name, %error, "cannot release the lease of a job; it expires by itself");
        }
    }

    async fn take(&self, name: &str, ttl: Duration, clock: &dyn Clock) -> Result<bool, JobError> {
        let now = clock.now();
        Ok(self.records.take_lease(name, &self.holder, now, now.plus(ttl)).await?)
    }
}
