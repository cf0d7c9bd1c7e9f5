//! Ingest load: one profile from each of 20 instances every 15 s over `push.v1`, built before the measurement.

use crate::model::Model;
use crate::server::Server;
use anyhow::{Result, bail};
use flarepath::demo::push_request;
use flarepath_profile::formats::pprof;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(crate) const SERVICE: &str = "checkout";
const INTERVAL_S: i64 = 15;
const VARIANTS: u64 = 400;

/// A load and its distribution over time.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    /// Replicas that push one profile an interval.
    pub(crate) instances: usize,
    /// First profile's start, seconds since the epoch.
    pub(crate) start_s: i64,
    /// Length in seconds.
    pub(crate) seconds: i64,
    /// Concurrent requests.
    pub(crate) concurrency: usize,
    /// Time from one request to the next. `None`: as soon as one is answered.
    pub(crate) pace: Option<Duration>,
}

/// Cost of the pushes.
#[derive(Clone, Default)]
pub(crate) struct Pushed {
    pub(crate) profiles: usize,
    pub(crate) samples: usize,
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    pub(crate) latencies_ms: Vec<f64>,
}

/// Uncompressed profiles without a time; stamping one appends the time field (a later scalar wins in protobuf).
pub(crate) struct Pool(Vec<(Vec<u8>, usize)>);

impl Pool {
    pub(crate) fn new(model: &Model) -> Pool {
        let make = |seed| {
            let (profile, stacks) = model.profile(seed, 0);
            (pprof::write(&profile), stacks)
        };
        Pool((0..VARIANTS).map(make).collect())
    }

    pub(crate) fn stamped(&self, i: usize, time_ns: i64) -> Result<(Vec<u8>, usize)> {
        let (raw, stacks) = &self.0[i % self.0.len()];
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(raw)?;
        let mut field = vec![9 << 3];
        prost::encoding::encode_varint(time_ns as u64, &mut field);
        gzip.write_all(&field)?;
        Ok((gzip.finish()?, *stacks))
    }
}

pub(crate) fn request(raw_profile: Vec<u8>, instance: usize) -> Vec<u8> {
    let pod = format!("checkout-{instance:02}");
    let region = if instance.is_multiple_of(2) { "eu" } else { "us" };
    let labels = [
        ("__name__", "process_cpu"),
        ("service_name", SERVICE),
        ("pod", &pod),
        ("region", region),
        ("version", "v412"),
    ];
    push_request::request(std::iter::once(push_request::series(labels.into_iter(), raw_profile)))
}

/// Builds an hour of requests, pushes it, and repeats; only pushing is measured.
pub(crate) async fn push(server: &Server, http: &reqwest::Client, pool: &Pool, load: Load) -> Result<Pushed> {
    let mut sum = Pushed::default();
    let mut from = 0;
    while from < load.seconds {
        let until = (from + 3600).min(load.seconds);
        let part = push_part(server, http, pool, load, from, until).await?;
        sum.profiles += part.profiles;
        sum.samples += part.samples;
        sum.wall += part.wall;
        sum.cpu += part.cpu;
        sum.latencies_ms.extend(part.latencies_ms);
        from = until;
    }
    sum.latencies_ms.sort_by(f64::total_cmp);
    Ok(sum)
}

async fn push_part(
    server: &Server,
    http: &reqwest::Client,
    pool: &Pool,
    load: Load,
    from: i64,
    until: i64,
) -> Result<Pushed> {
    let mut bodies = Vec::new();
    let mut samples = 0;
    for slot in from / INTERVAL_S..until / INTERVAL_S {
        for instance in 0..load.instances {
            let time_ns = (load.start_s + slot * INTERVAL_S) * 1_000_000_000 + instance as i64 * 7_000_000;
            let (raw, stacks) = pool.stamped(slot as usize * load.instances + instance, time_ns)?;
            bodies.push(bytes::Bytes::from(request(raw, instance)));
            samples += stacks;
        }
    }
    let bodies = Arc::new(bodies);
    let next = Arc::new(AtomicUsize::new(0));
    let cpu_before = server.cpu()?;
    let started = Instant::now();
    let workers = (0..load.concurrency).map(|_| {
        let url = url(server);
        let due = Due { next: next.clone(), started, pace: load.pace };
        tokio::spawn(worker(http.clone(), url, bodies.clone(), due))
    });
    let mut latencies_ms = Vec::with_capacity(bodies.len());
    for worker in workers.collect::<Vec<_>>() {
        latencies_ms.extend(worker.await??);
    }
    let wall = started.elapsed();
    Ok(Pushed { profiles: bodies.len(), samples, wall, cpu: server.cpu()? - cpu_before, latencies_ms })
}

/// The order of the requests, and when each is due.
struct Due {
    next: Arc<AtomicUsize>,
    started: Instant,
    pace: Option<Duration>,
}

impl Due {
    /// Waits until the next request is due; its number, and the time from which it counts.
    async fn next(&self) -> (usize, Instant) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let Some(pace) = self.pace else { return (number, Instant::now()) };
        let at = self.started + pace * number as u32;
        tokio::time::sleep_until(at.into()).await;
        (number, at)
    }
}

async fn worker(
    http: reqwest::Client,
    url: String,
    bodies: Arc<Vec<bytes::Bytes>>,
    due: Due,
) -> Result<Vec<f64>> {
    let mut latencies = Vec::new();
    loop {
        let (number, sent) = due.next().await;
        let Some(body) = bodies.get(number) else { return Ok(latencies) };
        send(&http, &url, body.clone()).await?;
        latencies.push(sent.elapsed().as_secs_f64() * 1e3);
    }
}

/// Where pushes go.
pub(crate) fn url(server: &Server) -> String {
    format!("{}/push.v1.PusherService/Push", server.url)
}

/// Sends the body of a push, and waits until it is stored.
pub(crate) async fn send(http: &reqwest::Client, url: &str, body: bytes::Bytes) -> Result<()> {
    let answer = http.post(url).header("content-type", "application/proto").body(body).send().await?;
    if !answer.status().is_success() {
        bail!("push refused: {} {}", answer.status(), answer.text().await?);
    }
    Ok(())
}
