//! The background jobs of an app.

use super::App;
use crate::allocator;
use crate::jobs::{Job, JobError, Jobs, Lease};
use crate::markers::prune::prune;
use crate::selector;
use crate::sharing::purge;
use crate::telemetry;
use crate::work::Workers;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// Without it, the samples of histograms would pile up between two visits to `/metrics`.
const METRICS_PERIOD: Duration = Duration::from_secs(5);
/// Freed memory is back with the system after twice this time at most.
const MEMORY_PERIOD: Duration = Duration::from_secs(30);
/// A jump of the clock is noticed within this time, and at a start compared with a time at most this much older.
const CLOCK_PERIOD: Duration = Duration::from_secs(60);
/// What was pushed is in the overview after this time and that of a refresh, at most. Not while the server starts.
const OVERVIEW_PERIOD: Duration = Duration::from_secs(60);
const OVERVIEW_FIRST: Duration = Duration::from_secs(10);
/// The whole file is read, so not often, and not while the server starts.
const VERIFY_PERIOD: Duration = Duration::from_secs(86_400);
const VERIFY_FIRST: Duration = Duration::from_secs(90);
const CLEANUP_PERIOD: Duration = Duration::from_secs(600);
/// A source of metrics that is down is noticed within this time.
const SOURCES_PERIOD: Duration = Duration::from_secs(30);
/// Less than a day, after which a lease would count as expired.
const MARKERS_PERIOD: Duration = Duration::from_secs(12 * 3600);
/// A server that is killed loses the failed attempts of this time.
const REFUSALS_PERIOD: Duration = Duration::from_secs(60);

/// Small files of the data directory.
static FILES: LazyLock<Workers> = LazyLock::new(|| Workers::new(1));

impl App {
    /// Starts housekeeping. Must be called within a tokio runtime.
    pub(crate) fn start_jobs(self: &Arc<Self>) -> Jobs {
        let mut jobs = Jobs::new(self.clock.clone());
        let (app, gauges) = (self.clone(), Workers::new(1));
        jobs.start(Job::new("metrics", METRICS_PERIOD, move || {
            let (app, gauges) = (app.clone(), gauges.clone());
            async move {
                let measured = app.clone();
                gauges.run(move || measured.quotas.measure(measured.writer.as_deref())).await?;
                app.metrics.run_upkeep();
                telemetry::report_left_out();
                Ok(())
            }
        }));
        let app = self.clone();
        let workers = Workers::new(1);
        jobs.start(Job::new("memory", MEMORY_PERIOD, move || {
            let (app, workers) = (app.clone(), workers.clone());
            async move {
                for store in app.stores.iter() {
                    store.querier.expire().await;
                }
                app.gate.expire().await;
                app.quotas.drop_idle();
                selector::forget_idle();
                Ok(workers.run(allocator::give_back_if_worthwhile).await?)
            }
        }));
        let app = self.clone();
        jobs.start(Job::new("clock", CLOCK_PERIOD, move || {
            let settled = app.gate.settled.clone();
            async move {
                settled.now();
                Ok(FILES.run(move || settled.save()).await??)
            }
        }));
        let app = self.clone();
        let verify = Job::new("records-verify", VERIFY_PERIOD, move || {
            let records = app.records.clone();
            async move { Ok(records.verify().await?) }
        });
        jobs.start(verify.after(VERIFY_FIRST));
        let app = self.clone();
        jobs.start(Job::new("refusals", REFUSALS_PERIOD, move || {
            let app = app.clone();
            async move { Ok(app.gate.save_refusals().await?) }
        }));
        self.start_overviews(&mut jobs);
        self.start_source_checks(&mut jobs);
        self.start_cleanup(&mut jobs);
        jobs
    }

    /// Starts to keep overviews up to date: of each store by a job of its own, so that none waits for another. Of the own memory only: each
    /// server refreshes its own.
    fn start_overviews(&self, jobs: &mut Jobs) {
        for store in self.stores.iter() {
            let (store, clock) = (store.clone(), self.clock.clone());
            let overview = Job::new("overview", OVERVIEW_PERIOD, move || {
                let (store, now) = (store.clone(), clock.now());
                async move { Ok(store.refresh_overview(now).await?) }
            });
            jobs.start(overview.after(OVERVIEW_FIRST));
        }
    }

    /// Starts to ask sources of metrics whether they answer.
    fn start_source_checks(&self, jobs: &mut Jobs) {
        if self.indicators.is_empty() {
            return;
        }
        let indicators = self.indicators.clone();
        jobs.start(Job::new("metrics-sources", SOURCES_PERIOD, move || {
            let indicators = indicators.clone();
            async move {
                indicators.check().await;
                Ok(())
            }
        }));
    }

    /// Starts the jobs that run on one of the servers that share the records.
    fn start_cleanup(self: &Arc<Self>, jobs: &mut Jobs) {
        let lease = Lease::new(self.records.clone());
        let app = self.clone();
        let sessions = Job::new("sessions", CLEANUP_PERIOD, move || {
            let app = app.clone();
            async move { Ok(app.gate.purge().await?) }
        });
        jobs.start(sessions.leased(lease.clone()));
        let app = self.clone();
        let audit = Job::new("audit", CLEANUP_PERIOD, move || {
            let app = app.clone();
            async move { app.tidy_audit_log().await }
        });
        jobs.start(audit.leased(lease.clone()));
        let app = self.clone();
        let snapshots = Job::new("snapshots", CLEANUP_PERIOD, move || {
            let app = app.clone();
            async move {
                purge::purge(&app.shares, app.gate.settled.now()).await?;
                Ok(())
            }
        });
        jobs.start(snapshots.leased(lease.clone()));
        self.start_pruning(jobs, lease);
    }

    /// Starts to delete markers once they are older than all profiles can be.
    fn start_pruning(self: &Arc<Self>, jobs: &mut Jobs, lease: Lease) {
        let Some(retention) = self.retention else { return };
        let app = self.clone();
        let markers = Job::new("markers", MARKERS_PERIOD, move || {
            let app = app.clone();
            async move {
                prune(&app.records, app.gate.settled.now().minus(retention.days)).await?;
                Ok(())
            }
        });
        jobs.start(markers.leased(lease));
    }

    /// Adds the failed attempts of past hours to the audit log, and moves its old entries to files.
    async fn tidy_audit_log(&self) -> Result<(), JobError> {
        self.gate.fold_refusals().await?;
        if let Some(archive) = &self.audit_archive {
            archive.trim(&self.records, &*self.clock, self.gate.settled.now()).await?;
        }
        Ok(())
    }
}
