//! The background jobs of an app.

use super::App;
use crate::jobs::{Job, Jobs, Lease};
use crate::sharing::purge;
use std::sync::Arc;
use std::time::Duration;

/// Without it, the samples of histograms would pile up between two visits to `/metrics`.
const METRICS_PERIOD: Duration = Duration::from_secs(5);
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
