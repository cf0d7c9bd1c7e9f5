//! Calls of Pyroscope over HTTP: Connect, in protobuf. The upstream decides how many run at once, and when they are tried again.

use super::connect;
use super::messages::count;
use crate::config::RemoteStoreConfig;
use crate::store::StoreError;
use crate::store::remote::{Failure, HttpUpstream, Upstream};
use crate::work::{CancelToken, Workers, cores};
use bytes::Bytes;
use futures::future::try_join_all;
use prost::Message;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::time::timeout;

/// Decoding and merging of answers.
static WORKERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(2 * cores()));

/// Questions of one of ours that are asked at the same time; each may hold an answer in memory.
const AT_ONCE: usize = 4;

/// Without the last, Pyroscope leaves out labels whose names have dots.
const HEADERS: [(&str, &str); 3] = [
    ("content-type", "application/proto"),
    ("connect-protocol-version", "1"),
    ("accept", "*/*;allow-utf8-labelnames=true"),
];
const PUSH: &str = "/push.v1.PusherService/Push";
const BUILD_INFO: &str = "/api/v1/status/buildinfo";
/// How long an answer waits for the store's version.
const VERSION_PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of a reply that has next to nothing in it.
const SMALL: usize = 64 << 10;

/// A method, and the bounds of its answers.
pub(super) struct Call {
    operation: &'static str,
    path: &'static str,
    /// Bytes.
    limit: usize,
    /// Messages in an answer that there may be [`MOST_VALUES`] of: numbers of the fields that lead to them.
    counted: &'static [&'static [u64]],
}

/// Labels, or points, of one answer.
pub(super) const MOST_VALUES: usize = 1_000_000;

pub(super) const PROFILE_TYPES: Call = Call {
    operation: "profile types",
    path: "/querier.v1.QuerierService/ProfileTypes",
    limit: 1 << 20,
    counted: &[],
};
pub(super) const LABEL_NAMES: Call = Call {
    operation: "label names",
    path: "/querier.v1.QuerierService/LabelNames",
    limit: 4 << 20,
    counted: &[&[1]],
};
pub(super) const LABEL_VALUES: Call = Call {
    operation: "label values",
    path: "/querier.v1.QuerierService/LabelValues",
    limit: 4 << 20,
    counted: &[&[1]],
};
pub(super) const SERIES: Call = Call {
    operation: "series",
    path: "/querier.v1.QuerierService/Series",
    limit: 64 << 20,
    counted: &[&[2], &[2, 1]],
};
pub(super) const SELECT_SERIES: Call = Call {
    operation: "totals",
    path: "/querier.v1.QuerierService/SelectSeries",
    limit: 64 << 20,
    counted: &[&[1], &[1, 1], &[1, 2]],
};
pub(super) const STACKTRACES: Call = Call {
    operation: "call tree",
    path: "/querier.v1.QuerierService/SelectMergeStacktraces",
    limit: 128 << 20,
    counted: &[],
};
pub(super) const SPAN_PROFILE: Call = Call {
    operation: "call tree of spans",
    path: "/querier.v1.QuerierService/SelectMergeSpanProfile",
    limit: 128 << 20,
    counted: &[],
};
pub(super) const MERGE_PROFILE: Call = Call {
    operation: "profile",
    path: "/querier.v1.QuerierService/SelectMergeProfile",
    limit: 64 << 20,
    counted: &[],
};

/// A connection to a store.
pub(super) struct Client {
    upstream: Arc<Upstream>,
    http: HttpUpstream,
    /// Whether its version has been asked for.
    has_asked_version: AtomicBool,
}

impl Client {
    pub(super) fn new(upstream: Arc<Upstream>, config: &RemoteStoreConfig) -> Result<Client, StoreError> {
        Ok(Client { upstream, http: HttpUpstream::new(config)?, has_asked_version: AtomicBool::new(false) })
    }

    /// The store's name in the configuration.
    pub(super) fn name(&self) -> &str {
        self.upstream.name()
    }

    /// An answer that cannot be true.
    pub(super) fn invalid(&self, reason: impl std::fmt::Display) -> StoreError {
        StoreError::Invalid(format!("{}: {reason}", self.name()))
    }

    /// The bytes of an answer. An answer without any is the empty message.
    pub(super) async fn ask(
        &self,
        call: &Call,
        request: &impl Message,
        cancel: &CancelToken,
    ) -> Result<Bytes, StoreError> {
        let body = Bytes::from(request.encode_to_vec());
        let attempt = || async {
            let answer = self.http.post(call.path, &HEADERS, body.clone(), call.limit).await?;
            connect::message(self.name(), answer)
        };
        let answer = self.upstream.read(call.operation, cancel, attempt).await?;
        self.learn_version().await;
        Ok(answer)
    }

    /// An answer, decoded.
    pub(super) async fn call<A: Message + Default + 'static>(
        &self,
        call: &Call,
        request: &impl Message,
        cancel: &CancelToken,
    ) -> Result<A, StoreError> {
        let body = self.ask(call, request, cancel).await?;
        let counted = call.counted;
        let decode = move || {
            if counted.iter().any(|path| count(&body, path) > MOST_VALUES) {
                return Err(StoreError::TooManyValues(MOST_VALUES));
            }
            Ok(A::decode(body))
        };
        compute(decode).await??.map_err(|error| self.invalid(error))
    }

    /// Sends profiles. `Ok` is the store's acknowledgement: a page of a proxy, to sign in, say, is none.
    pub(super) async fn push(&self, body: Bytes) -> Result<(), StoreError> {
        let attempt = async move {
            let answer = self.http.post(PUSH, &HEADERS, body, SMALL).await?;
            let status = answer.status;
            connect::message(self.name(), answer)?;
            if status == 200 {
                return Ok(());
            }
            let text = format!("{}: the push was not acknowledged", self.name());
            Err(Failure::refused(StoreError::Database(text)))
        };
        self.upstream.write("push", attempt).await
    }

    /// Asks for the store's version after its first answer. Some have none to tell.
    async fn learn_version(&self) {
        if self.has_asked_version.swap(true, Ordering::Relaxed) {
            return;
        }
        let attempt = || async {
            let answer = self.http.get(BUILD_INFO, SMALL).await?;
            Ok::<_, Failure>(connect::version(&answer.body))
        };
        let never = CancelToken::default();
        let asked = self.upstream.read("version", &never, attempt);
        match timeout(VERSION_PATIENCE, asked).await {
            Ok(Ok(Some(version))) => self.upstream.set_version(&version),
            Ok(Ok(None)) | Err(_) => {}
            Ok(Err(error)) => {
                tracing::debug!(store = self.name(), %error, "the store does not tell its version");
            }
        }
    }
}

/// Values that the answers to all parts of a question may hold together.
pub(super) struct Room {
    most: usize,
    left: AtomicUsize,
}

impl Room {
    pub(super) fn of(most: usize) -> Room {
        Room { most, left: AtomicUsize::new(most) }
    }

    /// Takes room for the values of one answer.
    ///
    /// # Errors
    /// [`StoreError::TooManyValues`]
    pub(super) fn take(&self, count: usize) -> Result<(), StoreError> {
        let less = |left: usize| left.checked_sub(count);
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        taken.map(drop).map_err(|_| StoreError::TooManyValues(self.most))
    }
}

/// Runs what takes the processor for long away from the threads that answer requests.
pub(super) async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    WORKERS.run(work).await.map_err(|stopping| StoreError::Busy(stopping.to_string()))
}

/// The answers to some questions, in their order, a few at a time. The first failure ends it.
pub(super) async fn each<Q, A, R: Future<Output = Result<A, StoreError>>>(
    questions: Vec<Q>,
    ask: impl Fn(Q) -> R,
) -> Result<Vec<A>, StoreError> {
    let mut answers = Vec::with_capacity(questions.len());
    let mut questions = questions.into_iter();
    loop {
        let some: Vec<R> = questions.by_ref().take(AT_ONCE).map(&ask).collect();
        if some.is_empty() {
            return Ok(answers);
        }
        answers.extend(try_join_all(some).await?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_limited_room_together() {
        let room = Room::of(10);
        assert!(room.take(4).is_ok() && room.take(6).is_ok());
        assert!(matches!(room.take(1), Err(StoreError::TooManyValues(10))));
    }

    #[tokio::test]
    async fn answers_come_in_the_order_of_the_questions_and_the_first_failure_ends_it() {
        let double =
            |n: usize| async move { if n == 7 { Err(StoreError::TooManyValues(n)) } else { Ok(2 * n) } };
        assert_eq!(each((0..6).collect(), double).await.unwrap(), [0, 2, 4, 6, 8, 10]);
        assert!(each((0..9).collect(), double).await.is_err());
    }
}
