//! Requests of the load, and what became of them.

use super::account::Account;
use bytes::Bytes;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// Failures of a kind that are kept as text.
const SHOWN: usize = 3;

/// What became of the requests of a kind.
#[derive(Clone, Default)]
pub(crate) struct Tally {
    /// Response times in milliseconds, of all answers.
    pub(crate) ms: Vec<f64>,
    pub(crate) succeeded: usize,
    /// 4xx: right for wrong passwords and too large files.
    pub(crate) refused: usize,
    /// 503 that says when to come again.
    pub(crate) busy: usize,
    /// Every other 5xx, and requests that were not answered.
    pub(crate) failed: usize,
    pub(crate) failures: Vec<String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Clone)]
pub(crate) struct Traffic {
    http: Client,
    url: Arc<str>,
    pub(crate) account: Account,
    over: Arc<AtomicBool>,
    tallies: Arc<Mutex<BTreeMap<&'static str, Tally>>>,
}

impl Traffic {
    pub(crate) fn new(http: Client, url: String, account: Account) -> Traffic {
        Traffic { http, url: url.into(), account, over: Arc::default(), tallies: Arc::default() }
    }

    /// Ends the load: what has begun is finished.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// A request with the token.
    pub(crate) fn authorized(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.account.token)
    }

    /// Sends a request, reads the whole answer, and counts it. Returns answers with success.
    pub(crate) async fn send(&self, kind: &'static str, request: RequestBuilder) -> Option<Answer> {
        let sent = Instant::now();
        let answer = async {
            let response = request.send().await?;
            let (status, headers) = (response.status(), response.headers().clone());
            Ok::<_, reqwest::Error>(Answer { status, headers, body: response.bytes().await? })
        };
        let answer = answer.await;
        let ms = sent.elapsed().as_secs_f64() * 1e3;
        let mut tallies = self.lock();
        let tally = tallies.entry(kind).or_default();
        match answer {
            Ok(answer) => {
                tally.ms.push(ms);
                tally.count(&answer);
                answer.status.is_success().then_some(answer)
            }
            Err(error) => {
                tally.fail(format!("{error:?}"));
                None
            }
        }
    }

    /// Counts something that is not a request.
    pub(crate) fn note(&self, kind: &'static str, done: Result<(), String>) {
        let mut tallies = self.lock();
        let tally = tallies.entry(kind).or_default();
        match done {
            Ok(()) => tally.succeeded += 1,
            Err(failure) => tally.fail(failure),
        }
    }

    /// Does `step` every `period`, with the number of the turn, until the end.
    pub(crate) fn repeat<F: Future<Output = ()> + Send>(
        &self,
        period: Duration,
        step: impl Fn(Traffic, u64) -> F + Send + 'static,
    ) -> JoinHandle<()> {
        let traffic = self.clone();
        tokio::spawn(async move {
            let mut turns = tokio::time::interval(period);
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for turn in 0.. {
                turns.tick().await;
                if traffic.over.load(Ordering::Relaxed) {
                    return;
                }
                step(traffic.clone(), turn).await;
            }
        })
    }

    /// Copies of all tallies so far.
    pub(crate) fn tallies(&self) -> BTreeMap<&'static str, Tally> {
        self.lock().clone()
    }

    /// How many have succeeded, of a kind.
    pub(crate) fn succeeded(&self, kind: &str) -> usize {
        self.lock().get(kind).map_or(0, |tally| tally.succeeded)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    fn count(&mut self, answer: &Answer) {
        let Answer { status, headers, body } = answer;
        if *status == StatusCode::SERVICE_UNAVAILABLE && headers.contains_key(RETRY_AFTER) {
            self.busy += 1;
        } else if status.is_server_error() {
            self.fail(format!("{status}: {}", String::from_utf8_lossy(&body[..body.len().min(300)])));
        } else if status.is_success() {
            self.succeeded += 1;
        } else {
            self.refused += 1;
        }
    }

    fn fail(&mut self, failure: String) {
        self.failed += 1;
        if self.failures.len() < SHOWN {
            self.failures.push(failure);
        }
    }
}
