//! The services of a measurement, and their profiles on the way to the server.

use super::fleet::{Change, Code, Service};
use super::home::Home;
use crate::push;
use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Names of services begin with these: those that do not change, and those that do, with a new version and without.
pub(super) const STEADY: &str = "steady";
pub(super) const DEPLOYED: &str = "deployed";
pub(super) const GROWN: &str = "grown";
/// Services that change, of each kind, and since how many minutes.
pub(super) const CHANGED: usize = 5;
pub(super) const CHANGED_MINUTES: usize = 30;

/// Minutes that a profile of a service that does not change covers.
const SPACING: usize = 5;
const CONCURRENCY: usize = 4;

pub(super) fn steady(count: usize) -> Vec<Service> {
    let service = |number: usize| Service {
        name: format!("{STEADY}-{number:05}"),
        seed: number as u64,
        spacing: SPACING,
        change: None,
    };
    (0..count).map(service).collect()
}

/// With one profile a minute.
pub(super) fn changing() -> Vec<Service> {
    let service = |number: usize| {
        let is_deployed = number < CHANGED;
        let name = if is_deployed { DEPLOYED } else { GROWN };
        Service {
            name: format!("{name}-{number}"),
            seed: 1_000_000 + number as u64,
            spacing: 1,
            change: Some(Change { minutes: CHANGED_MINUTES, is_deployed }),
        }
    };
    (0..2 * CHANGED).map(service).collect()
}

/// Pushes so many minutes of services from `start_s` on, each service in one request.
pub(super) async fn send(home: Home<'_>, services: Vec<Service>, start_s: i64, minutes: usize) -> Result<()> {
    let shared = Arc::new((Code::new(), services, AtomicUsize::new(0)));
    let url = push::url(home.server);
    let workers = (0..CONCURRENCY).map(|_| {
        let (shared, http, url) = (shared.clone(), home.http.clone(), url.clone());
        tokio::spawn(async move {
            let (code, services, next) = &*shared;
            while let Some(service) = services.get(next.fetch_add(1, Ordering::Relaxed)) {
                push::send(&http, &url, code.body(service, start_s, minutes).into()).await?;
            }
            anyhow::Ok(())
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await??;
    }
    Ok(())
}
