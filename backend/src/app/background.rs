//! The background jobs of an app.

use super::App;
use crate::allocator;
use crate::jobs::{Job, Jobs, Lease};
use crate::sharing::purge;
use crate::work::Workers;
use std::sync::Arc;
use std::time::Duration;

/// Without it, the samples of histograms would pile up between two visits to `/metrics`.
const METRICS_PERIOD: Duration = Duration::from_secs(5);
/// Freed memory is back with the system after twice this time at most.
const MEMORY_PERIOD: Duration = Duration::from_secs(30);
const CLEANUP_PERIOD: Duration = Duration::from_secs(600);

impl App {
    /// Starts housekeeping. Must be called within a tokio runtime.
    pub(crate) fn start_jobs(self: &Arc<Self>) -> Jobs {
        let mut jobs = Jobs::new(self.clock.clone());
        let app = self.clone();
        jobs.start(Job::new("metrics", METRICS_PERIOD, move || {
            let app = app.clone();
            async move {
                app.metrics.run_upkeep();
                Ok(())
            }
        }));
        let app = self.clone();
        let workers = Workers::new(1);
        jobs.start(Job::new("memory", MEMORY_PERIOD, move || {
            let (app, workers) = (app.clone(), workers.clone());
            async move {
                app.querier.expire().await;
                app.gate.expire().await;
                Ok(workers.run(allocator::give_back_if_worthwhile).await?)
            }
        }));
        let lease = Lease::new(self.records.clone());
        let app = self.clone();
        let sessions = Job::new("sessions", CLEANUP_PERIOD, move || {
            let app = app.clone();
            async move { Ok(app.gate.purge().await?) }
        });
        jobs.start(sessions.leased(lease.clone()));
        let app = self.clone();
        let snapshots = Job::new("snapshots", CLEANUP_PERIOD, move || {
            let app = app.clone();
            async move {
                purge::purge(&app.shares).await?;
                Ok(())
            }
        });
        jobs.start(snapshots.leased(lease));
        jobs
    }
}
