//! Callers who ask for call trees, each the next one when it has the answer. Every range is a new one.

use crate::latency::Summary;
use crate::server::Server;
use anyhow::Result;
use reqwest::Client;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::task::JoinHandle;

/// A caller who was told to come again later does so after this time, sooner than told.
const AGAIN: Duration = Duration::from_millis(500);

pub(crate) struct Callers {
    over: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<Vec<(u16, f64)>>>,
}

/// Times of the answers, by status; 0 is no answer.
pub(crate) struct AnswerTimes(BTreeMap<u16, Summary>);

#[derive(Clone)]
struct Ranges {
    until_ms: i64,
    length_s: i64,
    next: Arc<AtomicI64>,
}

impl Callers {
    /// Starts so many; they ask about these services in turn, in ranges of `length_s` up to `until_ms`, or a part of it.
    pub(crate) fn start(
        server: &Server,
        count: usize,
        services: &'static [&'static str],
        until_ms: i64,
        length_s: i64,
    ) -> Callers {
        let over = Arc::new(AtomicBool::new(false));
        let ranges = Ranges { until_ms, length_s, next: Arc::default() };
        let http = flarepath::web_client::build(None, |client| client.pool_max_idle_per_host(count));
        let http = http.expect("a client");
        let ask =
            |_| tokio::spawn(ask(http.clone(), server.url.clone(), services, ranges.clone(), over.clone()));
        let tasks = (0..count).map(ask).collect();
        Callers { over, tasks }
    }

    pub(crate) async fn end(self) -> Result<AnswerTimes> {
        self.over.store(true, Ordering::Relaxed);
        let mut by_status: BTreeMap<u16, Vec<f64>> = BTreeMap::new();
        for task in self.tasks {
            for (status, ms) in task.await? {
                by_status.entry(status).or_default().push(ms);
            }
        }
        Ok(AnswerTimes(by_status.into_iter().map(|(status, ms)| (status, Summary::of(ms))).collect()))
    }
}

impl AnswerTimes {
    /// Answers that are neither a success nor the refusal of a full queue.
    pub(crate) fn failed(&self) -> usize {
        self.0.iter().filter(|(status, _)| !matches!(status, 200 | 503)).map(|(_, times)| times.count).sum()
    }
}

impl fmt::Display for AnswerTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.iter().map(|(status, times)| format!("{status}: {times}"));
        write!(f, "{}", parts.collect::<Vec<_>>().join("; "))
    }
}

async fn ask(
    http: Client,
    url: String,
    services: &[&str],
    ranges: Ranges,
    over: Arc<AtomicBool>,
) -> Vec<(u16, f64)> {
    let mut answers = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let number = ranges.next.fetch_add(1, Ordering::Relaxed);
        let length_s = [ranges.length_s, ranges.length_s / 4, ranges.length_s / 24][number as usize % 3];
        let service = services[number as usize % services.len()];
        let from_ms = ranges.until_ms - length_s * 1000 - number;
        let path = path("call-tree", service, from_ms, ranges.until_ms);
        let sent = Instant::now();
        let answer = http.get(format!("{url}{path}")).header("accept", "application/x-protobuf").send().await;
        let status = match answer {
            Ok(answer) => {
                let status = answer.status().as_u16();
                answer.bytes().await.map_or(0, |_| status)
            }
            Err(_) => 0,
        };
        answers.push((status, sent.elapsed().as_secs_f64() * 1e3));
        if status != 200 {
            tokio::time::sleep(AGAIN).await;
        }
    }
    answers
}

/// Path of a query about the CPU profiles of a service.
pub(crate) fn path(operation: &str, service: &str, from_ms: i64, until_ms: i64) -> String {
    format!(
        "/api/v1/{operation}?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds\
         &selector=%7Bservice_name%3D%22{service}%22%7D&from={from_ms}&until={until_ms}"
    )
}

pub(crate) fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}
