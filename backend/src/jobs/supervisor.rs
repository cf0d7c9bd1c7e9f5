//! The loop around a job: wait, run, count, repeat.

use super::{Job, JobError, schedule};
use crate::clock::Clock;
use futures::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::watch;

/// Runs `job` until `stopping` says so or its sender is gone. A run under way is not interrupted.
pub(super) async fn supervise(job: Job, clock: Arc<dyn Clock>, mut stopping: watch::Receiver<bool>) {
    let mut failures = 0;
    let mut pause = job.first;
    loop {
        tokio::select! {
            biased;
            _ = stopping.wait_for(|stopping| *stopping) => break,
            () = clock.sleep(pause) => {}
        }
        failures = match run(&job, &*clock).await {
            Ok(()) => 0,
            Err(error) => {
                let failures = failures + 1;
                let retry_s = schedule::pause(job.period, failures).as_secs();
                tracing::error!(job = job.name, error, failures, retry_s, "background job failed");
                failures
            }
        };
        pause = schedule::pause(job.period, failures);
    }
    if let Some(lease) = &job.lease {
        lease.release(job.name).await;
    }
}

async fn run(job: &Job, clock: &dyn Clock) -> Result<(), String> {
    let run = async { (job.run)().await };
    let leased = async {
        match &job.lease {
            Some(lease) => lease.run(job.name, job.period, clock, run).await,
            None => run.await.map(|()| true),
        }
    };
    let result = match AssertUnwindSafe(leased).catch_unwind().await {
        Ok(result) => result.map_err(|error: JobError| error.to_string()),
        Err(panic) => Err(format!("panic: {}", message(&*panic))),
    };
    // Where another server has the lease, nothing ran here.
    if result != Ok(false) {
        metrics::counter!("flarepath_job_runs_total", "job" => job.name).increment(1);
    }
    let failures = metrics::counter!("flarepath_job_failures_total", "job" => job.name);
    // Zero shows the series before the first failure.
    failures.increment(result.is_err().into());
    if result == Ok(true) {
        let now_s = clock.now().0 as f64 / 1e9;
        metrics::gauge!("flarepath_job_last_success_timestamp_seconds", "job" => job.name).set(now_s);
    }
    result.map(|_| ())
}

/// The text of a panic.
fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown")
}
