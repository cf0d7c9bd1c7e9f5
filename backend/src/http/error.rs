//! The one place where errors become HTTP. Causes are logged here and never sent.

use crate::query::QueryError;
use crate::store::StoreError;
use crate::work::Stopping;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flarepath_wire::error::Problem;

/// A failed request.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// What is sent.
    pub(crate) problem: Box<Problem>,
    /// When it is worth trying again.
    pub(crate) retry_after_s: Option<u64>,
}

impl ApiError {
    /// How a program signs in (RFC 6750, section 3).
    pub(super) const SCHEME: &str = "Bearer realm=\"flarepath\"";

    /// A problem of the given kind (`bad-selector`), with what happened and what to do.
    pub(crate) fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> ApiError {
        let problem = Box::new(Problem {
            kind: kind.to_owned(),
            title: kind.replace('-', " "),
            status: status.as_u16().into(),
            detail: detail.into(),
            position: None,
        });
        ApiError { problem, retry_after_s: None }
    }

    /// 400.
    pub(crate) fn bad_request(kind: &str, detail: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, kind, detail)
    }

    /// 500, for what should not happen; the cause is in the log.
    pub(crate) fn internal() -> ApiError {
        let detail = "something broke inside the server; its log says what";
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error", detail)
    }

    /// Adds where in the input the problem lies, as a byte offset.
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
            QueryError::Pattern(bad) => ApiError::bad_request("bad-selector", bad.to_string()),
            QueryError::Timeout(_) => {
                ApiError::new(StatusCode::GATEWAY_TIMEOUT, "timeout", error.to_string())
            }
            QueryError::Store(error) => error.into(),
            QueryError::Stopping(stopping) => stopping.into(),
            QueryError::Internal(_) => {
                tracing::error!(%error, "query failed");
                ApiError::internal()
            }
        }
    }
}

impl From<Stopping> for ApiError {
    fn from(_: Stopping) -> Self {
        ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "the server is stopping; try again in a moment",
        )
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "storage failed");
        let (status, kind, detail) = store_problem(&error);
        ApiError::new(status, kind, detail)
    }
}

/// Status, kind and detail for a failure of profile storage. Texts of remote stores and paths of files are not shown.
fn store_problem(error: &StoreError) -> (StatusCode, &'static str, String) {
    let (status, kind, detail) = match error {
        StoreError::DiskFull(_) => (
            StatusCode::INSUFFICIENT_STORAGE,
            "disk-full",
            "the disk is full; free space in the data folder, then send again. Nothing of this request was stored.",
        ),
        StoreError::Busy(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "busy", "the profile storage is busy; try again in a moment")
        }
        StoreError::Corrupt(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "storage-damaged",
            "stored data is damaged; see the server's log for the file and how to recover",
        ),
        StoreError::Unusable(_) | StoreError::Locked(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "storage-unusable",
            "the profile storage failed; see the server's log",
        ),
        StoreError::Database(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "storage-failed",
            "the profile storage failed; see the server's log",
        ),
        StoreError::Unreachable(_) => (
            StatusCode::BAD_GATEWAY,
            "storage-unreachable",
            "the profile storage cannot be reached; see the server's log",
        ),
        StoreError::Denied(_) => (
            StatusCode::BAD_GATEWAY,
            "storage-denied",
            "the profile storage denied access to this server; see the server's log",
        ),
        StoreError::Timeout(_) => (
            StatusCode::GATEWAY_TIMEOUT,
            "storage-timeout",
            "the profile storage did not answer in time; ask for a shorter range or fewer series",
        ),
        StoreError::TooLarge(_) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "storage-limit",
            "the request exceeds a limit of the profile storage; ask for a shorter range or fewer series",
        ),
        StoreError::Unsupported(_) => return (StatusCode::NOT_IMPLEMENTED, "not-offered", error.to_string()),
    };
    (status, kind, detail.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (StoreError::Unsupported("costs by source line"), 501, "not-offered"),
            (StoreError::TooLarge(cause()), 413, "storage-limit"),
        ] {
            let problem = ApiError::from(error).problem;
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
            assert!(!problem.detail.contains("cause"), "{}", problem.detail);
        }
    }
}
