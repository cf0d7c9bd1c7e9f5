//! One replica of a service: handles requests, is profiled, serves metrics, stops when its standard input closes.

use super::answer::Answer;
use super::checkout::Checkout;
use super::mail::Mail;
use super::pace;
use super::random_text::Random;
use super::scrape::{Listener, RequestMetrics, port_line};
use super::search::Search;
use super::{Service, Version};
use anyhow::{Context, anyhow};
use pyroscope::backend::{BackendConfig, PprofConfig, pprof_backend};
use pyroscope::pyroscope::PyroscopeAgentBuilder;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Threads that handle requests; they share the locks of their service.
const THREADS: u32 = 2;

/// Arguments of a replica.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ReplicaArgs {
    /// Service
    #[arg(long)]
    pub(crate) service: Service,
    /// Version of the service
    #[arg(long)]
    pub(crate) version: Version,
    /// Value of the label `region`
    #[arg(long)]
    pub(crate) region: String,
    /// Value of the label `pod`
    #[arg(long)]
    pub(crate) pod: String,
    /// Server to push to
    #[arg(long)]
    pub(crate) url: String,
    /// Push interval in seconds
    #[arg(long)]
    pub(crate) every: u64,
}

/// Runs a replica until its standard input closes, then pushes the last profile.
///
/// # Errors
/// When this process cannot be profiled, or no port is free for its metrics.
pub(crate) fn run(args: &ReplicaArgs) -> anyhow::Result<()> {
    let (method, route) = args.service.route();
    let metrics = Arc::new(RequestMetrics::new(method, route));
    serve(metrics.clone())?;
    let tags = [("region", &*args.region), ("pod", &*args.pod), ("version", args.version.name())];
    let sampler = pprof_backend(PprofConfig { sample_rate: 100 }, BackendConfig::default());
    // The SDK makes a web client.
    crate::web_client::set_up_tls();
    let mut builder =
        PyroscopeAgentBuilder::new(&args.url, args.service.name(), 100, "pyroscope-rs", "2.1", sampler)
            .tags(tags.to_vec())
            .upload_interval(Duration::from_secs(args.every));
    if let Ok(token) = std::env::var(super::TOKEN_VARIABLE) {
        // This SDK supports passwords only; the server accepts a token as one, with any user name.
        builder = builder.basic_auth("token", token);
    }
    let agent = builder
        .build()
        .and_then(|agent| agent.start())
        .map_err(|error| anyhow!("cannot profile this replica: {error}"))?;
    let work = Arc::new(Work::new(args.service, args.version));
    let ending = Arc::new(AtomicBool::new(false));
    let workers = (0..THREADS)
        .map(|n| {
            let (work, ending, usual) = (work.clone(), ending.clone(), work.usual_cost());
            let metrics = metrics.clone();
            let seed = seed_of(&args.pod).wrapping_add(n.into());
            thread::Builder::new()
                .name(format!("{}-{n}", args.service.name()))
                .spawn(move || handle_requests(&work, usual, seed, &metrics, &ending))
                .context("cannot start a worker thread")
        })
        .collect::<Result<Vec<_>, _>>()?;
    wait_for_end_of_input();
    ending.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.join().map_err(|_| anyhow!("a worker of {} panicked", args.pod))?;
    }
    agent.stop().map_err(|error| anyhow!("cannot push the last profile: {error}"))?.shutdown();
    Ok(())
}

/// Serves metrics on a thread of their own, and tells the parent where.
fn serve(metrics: Arc<RequestMetrics>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(Listener::bind())?;
    // Without a parent that reads it, there is no one to tell.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", port_line(listener.port())).and_then(|()| out.flush());
    let serving = move || {
        runtime.block_on(async { tokio::join!(listener.serve(|| metrics.text()), metrics.keep_up()) });
    };
    thread::Builder::new()
        .name("metrics".to_owned())
        .spawn(serving)
        .context("cannot start a thread for metrics")?;
    Ok(())
}

/// Nothing is written to the pipe; the read ends when the fleet closes it or exits.
fn wait_for_end_of_input() {
    let mut byte = [0];
    while std::io::stdin().read(&mut byte).is_ok_and(|read| read > 0) {}
}

fn seed_of(pod: &str) -> u64 {
    pod.bytes().fold(17, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()))
}

fn handle_requests(work: &Work, usual: Duration, seed: u64, metrics: &RequestMetrics, ending: &AtomicBool) {
    let mut random = Random::new(seed);
    while !ending.load(Ordering::Relaxed) {
        let (answer, took) = pace::timed(|| work.request(&mut random));
        metrics.count(answer, took.elapsed);
        #[expect(clippy::disallowed_methods, reason = "a process of its own, with threads of its own")]
        thread::sleep(pace::pause(usual, took, THREADS));
    }
}

/// The service that a replica runs.
enum Work {
    Checkout(Checkout),
    Search(Search),
    Mail(Mail),
}

impl Work {
    fn new(service: Service, version: Version) -> Work {
        match service {
            Service::Checkout => Work::Checkout(Checkout::new(version)),
            Service::Search => Work::Search(Search::new()),
            Service::Mail => Work::Mail(Mail),
        }
    }

    fn request(&self, random: &mut Random) -> Answer {
        match self {
            Work::Checkout(checkout) => checkout.handle_order(random),
            Work::Search(search) => search.handle_query(random),
            Work::Mail(mail) => mail.handle_letter(random),
        }
    }

    /// Cost of a request in version 1, on this machine.
    fn usual_cost(&self) -> Duration {
        let mut random = Random::new(1);
        match self {
            Work::Checkout(_) => {
                let usual = Checkout::new(Version::V1);
                pace::measure(|| usual.handle_order(&mut random))
            }
            other => pace::measure(|| other.request(&mut random)),
        }
    }
}
