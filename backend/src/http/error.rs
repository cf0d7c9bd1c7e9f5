//! [`ApiError`], and the mapping of query and store errors to it. Causes are logged here and never sent.

use crate::problem::ProblemKind;
use crate::query::QueryError;
use crate::request_memory::MemoryError;
use crate::store::StoreError;
use crate::work::{Refused, Stopping};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flarepath_wire::error::Problem;
use std::fmt::Display;

/// What details call the store that a request reads.
const STORE: &str = "the profile store";

/// A failed request.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// The response body.
    pub(crate) problem: Box<Problem>,
    /// Seconds after which a retry makes sense, for `Retry-After`.
    pub(crate) retry_after_s: Option<u64>,
}

impl ApiError {
    /// Seconds after which a server that was busy may have room. Most queries take less.
    pub(super) const RETRY_AFTER_S: u64 = 5;
    /// Authentication scheme for programs (RFC 6750, section 3).
    pub(super) const SCHEME: &str = "Bearer realm=\"flarepath\"";

    /// A problem with what happened and what to do about it.
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> ApiError {
        let problem = Box::new(Problem {
            kind: kind.name().to_owned(),
            title: kind.name().replace('-', " "),
            status: kind.status().into(),
            detail: detail.into(),
            position: None,
        });
        ApiError { problem, retry_after_s: None }
    }

    /// 500, for bugs; the caller logs the cause.
    pub(crate) fn internal() -> ApiError {
        let detail = "internal error; see the server's log";
        ApiError::new(ProblemKind::InternalError, detail)
    }

    /// Adds the position of the problem in the input, as a byte offset.
    pub(crate) fn at(mut self, position: usize) -> ApiError {
        self.problem.position = Some(position as u64);
        self
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status as u16).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&*self.problem).unwrap_or_default();
        let headers =
            [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
        let mut response = (self.status(), headers, body).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static(ApiError::SCHEME);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Pattern(bad) => ApiError::new(ProblemKind::BadSelector, bad.to_string()),
            QueryError::Timeout(_) => ApiError::new(ProblemKind::Timeout, error.to_string()),
            QueryError::Store { store, error } => store_failed(store.as_deref(), &error),
            QueryError::Busy(_) | QueryError::Waited(_) => busy(error.to_string()),
            QueryError::Refused(refused) => refused.into(),
            QueryError::Internal(_) => {
                tracing::error!(%error, "query failed");
                ApiError::internal()
            }
        }
    }
}

/// 503 with the time after which a retry makes sense.
fn busy(cause: impl Display) -> ApiError {
    let seconds = ApiError::RETRY_AFTER_S;
    let error = ApiError::new(ProblemKind::Busy, format!("{cause}; try again in {seconds} s"));
    ApiError { retry_after_s: Some(seconds), ..error }
}

impl From<MemoryError> for ApiError {
    fn from(error: MemoryError) -> Self {
        match error {
            MemoryError::TooLarge { .. } => ApiError::new(ProblemKind::BodyTooLarge, error.to_string()),
            MemoryError::Busy { .. } => busy(error),
        }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Busy(_) => busy(refused),
            Refused::Stopping(stopping) => stopping.into(),
        }
    }
}

impl From<Stopping> for ApiError {
    fn from(_: Stopping) -> Self {
        busy("the server is stopping")
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        store_failed(None, &error)
    }
}

/// The problem of a store, which it names if that is known.
fn store_failed(store: Option<&str>, error: &StoreError) -> ApiError {
    tracing::error!(%error, "store failed");
    let (kind, detail) = store_problem(store, error);
    if kind == ProblemKind::Busy { busy(detail) } else { ApiError::new(kind, detail) }
}

/// Kind and detail of a store error. Messages of remote stores and paths of files are not included.
fn store_problem(store: Option<&str>, error: &StoreError) -> (ProblemKind, String) {
    let named = |detail: &str| match store {
        Some(name) if detail.contains(STORE) => detail.replacen(STORE, &format!("{STORE} `{name}`"), 1),
        Some(name) => format!("{STORE} `{name}`: {detail}"),
        None => detail.to_owned(),
    };
    let (kind, detail) = match error {
        StoreError::DiskFull(_) if store.is_some() => {
            (ProblemKind::DiskFull, "the disk of the profile store is full; see the server's log")
        }
        StoreError::DiskFull(_) => (
            ProblemKind::DiskFull,
            "the disk is full; free space in the data directory, then retry. Nothing of this request was stored.",
        ),
        StoreError::Busy(_) => (ProblemKind::Busy, "the profile store is busy"),
        StoreError::Corrupt(_) => (
            ProblemKind::StorageDamaged,
            "stored data is corrupt; see the server's log for the file and how to recover",
        ),
        StoreError::Unusable(_) | StoreError::Locked(_) => {
            (ProblemKind::StorageUnusable, "the profile store failed; see the server's log")
        }
        StoreError::Database(_) => {
            (ProblemKind::StorageFailed, "the profile store failed; see the server's log")
        }
        StoreError::Unreachable(_) => {
            (ProblemKind::StorageUnreachable, "the profile store is unreachable; see the server's log")
        }
        StoreError::Denied(_) => (
            ProblemKind::StorageDenied,
            "the profile store denied access to this server; see the server's log",
        ),
        StoreError::Timeout(_) => (
            ProblemKind::StorageTimeout,
            "the profile store timed out; request a shorter range or fewer series",
        ),
        StoreError::Invalid(_) => (
            ProblemKind::BadStoreAnswer,
            "the profile store gave an invalid answer, of which nothing is shown; see the server's log",
        ),
        StoreError::TooLarge(_) => (
            ProblemKind::StorageLimit,
            "the request exceeds a limit of the profile store; request a shorter range or fewer series",
        ),
        StoreError::TooManyValues(_) => return (ProblemKind::StorageLimit, error.to_string()),
        StoreError::Unsupported(what) => {
            return (ProblemKind::NotOffered, named(&format!("{STORE} does not offer {what}")));
        }
    };
    (kind, named(detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::QueueFull;

    #[test]
    fn maps_each_storage_failure_and_keeps_its_cause_secret() {
        let cause = || "cause at 10.0.0.1".to_owned();
        for (error, status, kind) in [
            (StoreError::DiskFull(cause()), 507, "disk-full"),
            (StoreError::Unusable(cause()), 500, "storage-unusable"),
            (StoreError::Corrupt(cause()), 500, "storage-damaged"),
            (StoreError::Locked(cause()), 500, "storage-unusable"),
            (StoreError::Busy(cause()), 503, "busy"),
            (StoreError::Database(cause()), 500, "storage-failed"),
            (StoreError::Unreachable(cause()), 502, "storage-unreachable"),
            (StoreError::Denied(cause()), 502, "storage-denied"),
            (StoreError::Timeout(cause()), 504, "storage-timeout"),
            (StoreError::Invalid(cause()), 502, "bad-store-answer"),
            (StoreError::Unsupported("costs by source line"), 501, "not-offered"),
            (StoreError::TooLarge(cause()), 413, "storage-limit"),
            (StoreError::TooManyValues(7), 413, "storage-limit"),
        ] {
            let problem = ApiError::from(error).problem;
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
            assert!(!problem.detail.contains("cause"), "{}", problem.detail);
        }
    }

    #[test]
    fn a_remote_store_is_named() {
        let detail = |error| {
            let store = Some("prod".into());
            ApiError::from(QueryError::Store { store, error }).problem.detail
        };
        let down = StoreError::Unreachable("prod: connection refused".to_owned());
        assert_eq!(detail(down), "the profile store `prod` is unreachable; see the server's log");
        let lines = StoreError::Unsupported("costs by source line");
        assert_eq!(detail(lines), "the profile store `prod` does not offer costs by source line");
        let busy = StoreError::Busy("prod: 503".to_owned());
        assert_eq!(detail(busy), "the profile store `prod` is busy; try again in 5 s");
        let full = detail(StoreError::DiskFull("prod: Code: 243".to_owned()));
        assert_eq!(full, "the disk of the profile store `prod` is full; see the server's log");
        let damaged = detail(StoreError::Corrupt("prod: a row".to_owned()));
        assert!(damaged.starts_with("the profile store `prod`: stored data is corrupt; "), "{damaged}");
    }

    #[test]
    fn a_busy_server_says_when_to_retry() {
        for error in [
            QueryError::Busy(QueueFull::InAll(128)),
            QueryError::Busy(QueueFull::OfCaller(32)),
            QueryError::Waited(std::time::Duration::from_secs(30)),
            QueryError::Refused(Refused::Busy(64)),
            QueryError::from(StoreError::Busy(String::new())),
        ] {
            let response = ApiError::from(error).into_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], "5");
        }
    }
}
