//! Jobs on a clock that the test turns.

use super::*;
use crate::clock::ManualClock;
use crate::db::Records;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::mpsc;

const SECOND: Duration = Duration::from_secs(1);

/// A job that reports the number of each run and ends it as `outcome` says.
fn counted(
    period: Duration,
    outcome: impl Fn(u32) -> Result<(), JobError> + Clone + Send + Sync + 'static,
) -> (Job, mpsc::UnboundedReceiver<u32>) {
    let (report, runs) = mpsc::unbounded_channel();
    let count = Arc::new(AtomicU32::new(0));
    let job = Job::new("counted", period, move || {
        let run = count.fetch_add(1, Ordering::SeqCst);
        let (report, outcome) = (report.clone(), outcome.clone());
        async move {
            report.send(run).unwrap();
            outcome(run)
        }
    });
    (job, runs)
}

fn started(clock: &Arc<ManualClock>, job: Job) -> Jobs {
    let mut jobs = Jobs::new(clock.clone());
    jobs.start(job);
    jobs
}

#[tokio::test]
async fn runs_once_per_period() {
    let clock = Arc::new(ManualClock::at(UnixNanos(0)));
    let (job, mut runs) = counted(SECOND * 10, |_| Ok(()));
    let jobs = started(&clock, job.after(SECOND * 3));
    for (run, wait) in [(0, 3), (1, 10), (2, 10)] {
        clock.sleepers(1).await;
        clock.advance(SECOND * (wait - 1));
        // Lets the job see the clock.
        tokio::task::yield_now().await;
        assert!(runs.try_recv().is_err(), "not before it is due");
        clock.advance(SECOND);
        assert_eq!(runs.recv().await, Some(run));
    }
    jobs.stop().await;
    assert_eq!(runs.recv().await, None);
}

#[tokio::test]
async fn runs_again_after_errors_and_panics_with_growing_pauses() {
    let clock = Arc::new(ManualClock::at(UnixNanos(0)));
    let (job, mut runs) = counted(SECOND * 600, |run| match run {
        0 => Err("disk full".into()),
        1 => panic!("broken invariant"),
        _ => Ok(()),
    });
    let jobs = started(&clock, job);
    assert_eq!(runs.recv().await, Some(0));
    for (run, wait) in [(1, 1), (2, 2), (3, 600)] {
        clock.sleepers(1).await;
        clock.advance(SECOND * wait);
        assert_eq!(runs.recv().await, Some(run));
    }
    jobs.stop().await;
}

#[tokio::test]
async fn a_leased_job_runs_on_one_server_and_moves_when_that_stops() {
    let (records, clock) = (Records::in_memory(), Arc::new(ManualClock::at(UnixNanos(0))));
    let (job, mut first) = counted(SECOND * 600, |_| Ok(()));
    let one = started(&clock, job.leased(Lease::new(records.clone())));
    assert_eq!(first.recv().await, Some(0));
    clock.sleepers(1).await;
    let (job, mut second) = counted(SECOND * 600, |_| Ok(()));
    let two = started(&clock, job.leased(Lease::new(records)));
    clock.sleepers(2).await;
    assert!(second.try_recv().is_err(), "the first server has the lease");
    one.stop().await;
    clock.advance(SECOND * 600);
    assert_eq!(second.recv().await, Some(0));
    two.stop().await;
}
