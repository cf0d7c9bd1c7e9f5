//! Small requests at a steady pace, while something else loads the server: health, readiness, and pushes.
//!
//! Each opens a connection of its own, so that accepting one is part of its time.

use crate::latency::Summary;
use crate::server::Server;
use anyhow::Result;
use reqwest::{Client, RequestBuilder};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Pause after each response.
const PAUSE: Duration = Duration::from_millis(20);
/// An answer that takes longer than this counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// Numbers of services that did not exist before.
static SERVICES: AtomicU64 = AtomicU64::new(0);

/// What probes of one kind saw.
#[derive(Default)]
pub(crate) struct Probed {
    pub(crate) times: Summary,
    /// Requests that were not answered with success.
    pub(crate) failed: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Health,
    Ready,
    KnownService,
    NewService,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Health, Kind::Ready, Kind::KnownService, Kind::NewService];

    fn name(self) -> &'static str {
        match self {
            Kind::Health => "/healthz",
            Kind::Ready => "/readyz",
            Kind::KnownService | Kind::NewService => "ingest",
        }
    }

    fn request(self, http: &Client, url: &str) -> RequestBuilder {
        let push = |service: &str| http.post(format!("{url}/ingest?name={service}")).body("main;probe 1\n");
        match self {
            Kind::Health => http.get(format!("{url}/healthz")),
            Kind::Ready => http.get(format!("{url}/readyz")),
            Kind::KnownService => push("probed"),
            Kind::NewService => push(&format!("probed-{}", SERVICES.fetch_add(1, Ordering::Relaxed))),
        }
    }
}

/// Response times in milliseconds, and how many requests failed.
type Responses = (Vec<f64>, usize);

/// Probes that are running.
pub(crate) struct Probes {
    over: Arc<AtomicBool>,
    tasks: Vec<(Kind, JoinHandle<Responses>)>,
}

impl Probes {
    /// Starts one of each kind, against a server without sign-in.
    pub(crate) fn start(server: &Server) -> Result<Probes> {
        let http =
            flarepath::web_client::build(None, |client| client.pool_max_idle_per_host(0).timeout(PATIENCE))?;
        let over = Arc::new(AtomicBool::new(false));
        let start = |kind| {
            let (http, url, over) = (http.clone(), server.url.clone(), over.clone());
            (kind, tokio::spawn(probe(kind, http, url, over)))
        };
        let tasks = Kind::ALL.map(start).into();
        Ok(Probes { over, tasks })
    }

    /// Stops them. By the name of the kind.
    pub(crate) async fn end(self) -> Result<BTreeMap<&'static str, Probed>> {
        self.over.store(true, Ordering::Relaxed);
        let mut by_name: BTreeMap<_, Responses> = BTreeMap::new();
        for (kind, task) in self.tasks {
            let (ms, failed) = task.await?;
            let sum = by_name.entry(kind.name()).or_default();
            sum.0.extend(ms);
            sum.1 += failed;
        }
        let probed = |(ms, failed)| Probed { times: Summary::of(ms), failed };
        Ok(by_name.into_iter().map(|(name, seen)| (name, probed(seen))).collect())
    }
}

async fn probe(kind: Kind, http: Client, url: String, over: Arc<AtomicBool>) -> Responses {
    let (mut ms, mut failed) = (Vec::new(), 0);
    while !over.load(Ordering::Relaxed) {
        let sent = Instant::now();
        let answer = kind.request(&http, &url).send().await;
        ms.push(sent.elapsed().as_secs_f64() * 1e3);
        failed += usize::from(!answer.is_ok_and(|answer| answer.status().is_success()));
        tokio::time::sleep(PAUSE).await;
    }
    (ms, failed)
}
