//! One replica of the shop: works, is profiled, ends when its standard input closes.

use super::checkout::Checkout;
use super::mail::Mail;
use super::pace;
use super::search::Search;
use super::words::Dice;
use super::{Service, Version};
use anyhow::{Context, anyhow};
use pyroscope::backend::{BackendConfig, PprofConfig, pprof_backend};
use pyroscope::pyroscope::PyroscopeAgentBuilder;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Threads that take requests; they share the locks of their service.
const THREADS: u32 = 2;

/// What a replica is told.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ReplicaArgs {
    /// Which service it is
    #[arg(long)]
    pub(crate) service: Service,
    /// In which version
    #[arg(long)]
    pub(crate) version: Version,
    /// Label `region`
    #[arg(long)]
    pub(crate) region: String,
    /// Label `pod`
    #[arg(long)]
    pub(crate) pod: String,
    /// Server to push to
    #[arg(long)]
    pub(crate) url: String,
    /// Seconds between two pushes
    #[arg(long)]
    pub(crate) every: u64,
}

/// Runs a replica until its standard input closes, then pushes what is left.
///
/// # Errors
/// When this process cannot be profiled.
pub(crate) fn run(args: &ReplicaArgs) -> anyhow::Result<()> {
    let tags = [("region", &*args.region), ("pod", &*args.pod), ("version", args.version.name())];
    let sampler = pprof_backend(PprofConfig { sample_rate: 100 }, BackendConfig::default());
    // The SDK makes a web client.
    crate::web_client::set_up_tls();
    let mut builder =
        PyroscopeAgentBuilder::new(&args.url, args.service.name(), 100, "pyroscope-rs", "2.1", sampler)
            .tags(tags.to_vec())
            .upload_interval(Duration::from_secs(args.every));
    if let Ok(token) = std::env::var(super::TOKEN_VARIABLE) {
        // This SDK knows passwords only; a token is taken for one, whatever the name.
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
            let seed = seed_of(&args.pod) + u64::from(n);
            thread::Builder::new()
                .name(format!("{}-{n}", args.service.name()))
                .spawn(move || take_requests(&work, usual, seed, &ending))
                .context("no thread for taking requests")
        })
        .collect::<Result<Vec<_>, _>>()?;
    wait_for_the_end_of_input();
    ending.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.join().map_err(|_| anyhow!("a worker of {} panicked", args.pod))?;
    }
    agent.stop().map_err(|error| anyhow!("the last profile was not pushed: {error}"))?.shutdown();
    Ok(())
}

/// Nobody writes; the read ends when the fleet closes the pipe or when the fleet is no more.
fn wait_for_the_end_of_input() {
    let mut byte = [0];
    while std::io::stdin().read(&mut byte).is_ok_and(|read| read > 0) {}
}

fn seed_of(pod: &str) -> u64 {
    pod.bytes().fold(17, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()))
}

fn take_requests(work: &Work, usual: Duration, seed: u64, ending: &AtomicBool) {
    let mut dice = Dice::new(seed);
    while !ending.load(Ordering::Relaxed) {
        let start = std::time::Instant::now();
        std::hint::black_box(work.request(&mut dice));
        thread::sleep(pace::pause(usual, start.elapsed(), THREADS));
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

    fn request(&self, dice: &mut Dice) -> usize {
        match self {
            Work::Checkout(checkout) => checkout.handle_order(dice),
            Work::Search(search) => search.handle_query(dice),
            Work::Mail(mail) => mail.handle_letter(dice),
        }
    }

    /// What a request costs in version 1, on this machine.
    fn usual_cost(&self) -> Duration {
        let mut dice = Dice::new(1);
        match self {
            Work::Checkout(_) => {
                let usual = Checkout::new(Version::V1);
                pace::measure(|| usual.handle_order(&mut dice))
            }
            other => pace::measure(|| other.request(&mut dice)),
        }
    }
}
