//! Background jobs: supervised loops that run until the server stops.
//!
//! A [`Job`] has a name, a period and a function. [`Jobs`] runs each in a task of its own: wait, run, repeat. An error or a
//! panic is logged and counted, and the job runs again after a pause that doubles with each failure ([`schedule`]).
//! A job may be limited to one server at a time by a [`Lease`] in the records. All waiting is on [`Clock`], so tests turn a
//! clock instead of sleeping.
//!
//! Metrics, each with the label `job`: `flarepath_job_runs_total`, `flarepath_job_failures_total`,
//! `flarepath_job_last_success_timestamp_seconds` (Unix time).

mod lease;
mod schedule;
mod supervisor;

pub(crate) use lease::Lease;

use crate::clock::Clock;
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long runs under way may take when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Why a run failed.
pub(crate) type JobError = Box<dyn std::error::Error + Send + Sync>;

/// Work that is done again and again.
pub(crate) struct Job {
    name: &'static str,
    first: Duration,
    period: Duration,
    lease: Option<Lease>,
    run: Box<dyn Fn() -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>,
}

impl Job {
    /// Runs at once, and then `period` after the end of each run.
    pub(crate) fn new<F>(
        name: &'static str,
        period: Duration,
        run: impl Fn() -> F + Send + Sync + 'static,
    ) -> Job
    where
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        Job { name, first: Duration::ZERO, period, lease: None, run: Box::new(move || Box::pin(run())) }
    }

    /// Waits for `first` before the first run.
    pub(crate) fn after(self, first: Duration) -> Job {
        Job { first, ..self }
    }

    /// Runs only while this server has the lease of the job's name.
    pub(crate) fn leased(self, lease: Lease) -> Job {
        Job { lease: Some(lease), ..self }
    }
}

/// Running jobs. They are cancelled when this is dropped.
pub(crate) struct Jobs {
    clock: Arc<dyn Clock>,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Jobs {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Jobs {
        Jobs { clock, stopping: watch::Sender::new(false), tasks: JoinSet::new() }
    }

    /// Starts a job. Must be called within a tokio runtime.
    pub(crate) fn start(&mut self, job: Job) {
        self.tasks.spawn(supervisor::supervise(job, self.clock.clone(), self.stopping.subscribe()));
    }

    /// Lets the runs under way end, within [`GRACE`], and starts no more.
    pub(crate) async fn stop(mut self) {
        self.stopping.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!("some background jobs did not end in time and were cancelled");
        }
    }
}

#[cfg(test)]
mod tests;
