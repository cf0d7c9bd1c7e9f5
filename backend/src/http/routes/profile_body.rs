//! Receives a request to ingest profiles: body with its `Content-Encoding`, decoding, storing.

use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::extract::body::{content_encoding, is_over_limit, is_timed_out, memory_error};
use crate::http::route::BodyLimit;
use crate::ingest::batch::{Batch, Received};
use crate::ingest::inflate::{Budget, Compression};
use crate::ingest::quota::Admission;
use crate::ingest::{IngestError, receive};
use crate::request_memory::Reservation;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flarepath_profile::unix_nanos::UnixNanos;

/// Has `read` decode a body and stores those of its profiles that `who` may push. `read` runs off the async threads with the
/// body without its `Content-Encoding`, the budget for what it inflates itself, which reserves in `memory`, and the time of
/// arrival.
///
/// # Errors
/// When the request is malformed, none of its profiles is accepted, or the store fails.
pub(super) async fn take(
    app: &App,
    who: &Principal,
    protocol: &'static str,
    (headers, memory, body): (&HeaderMap, Reservation, Body),
    read: impl FnOnce(Bytes, &mut Budget, UnixNanos) -> Result<Batch, IngestError> + Send + 'static,
) -> Result<Received, IngestError> {
    let bounds = who.bounds(Permission::WriteProfiles);
    let body = ProfileBody::read(headers, body).await?;
    let now = app.clock.now();
    let (writer, admission) = (app.writer.as_deref(), Admission::new(app.quotas.clone(), who));
    let received = receive(protocol, body.bytes.len(), writer, bounds, admission, move || {
        let mut budget = Budget::within(memory);
        let body = body.decoded(&budget)?;
        read(body, &mut budget, now)
    });
    received.await?.into_failure()
}

/// A body as sent.
struct ProfileBody {
    bytes: Bytes,
    encoding: Option<Compression>,
}

impl ProfileBody {
    /// Reads the whole body.
    async fn read(headers: &HeaderMap, body: Body) -> Result<ProfileBody, IngestError> {
        let encoding = content_encoding(headers).map_err(|()| {
            let message = "this Content-Encoding is not supported; send gzip, zstd, or none";
            IngestError::Unsupported(message.to_owned())
        })?;
        let limit = BodyLimit::Profile.bytes();
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        let too_large = || {
            IngestError::TooLarge(format!("the body is larger than {} MiB; send less at once", limit >> 20))
        };
        if announced.is_some_and(|len| len > limit as u64) {
            return Err(too_large());
        }
        let read = to_bytes(body, limit).await.map_err(|error| match memory_error(&error) {
            Some(memory) => memory.into(),
            None if is_over_limit(&error) => too_large(),
            None if is_timed_out(&error) => IngestError::BodyTimeout,
            None => IngestError::BadRequest(format!("the body could not be read: {error}")),
        });
        Ok(ProfileBody { bytes: read?, encoding })
    }

    /// The body without its `Content-Encoding`. CPU-bound: not for async threads.
    fn decoded(self, budget: &Budget) -> Result<Bytes, IngestError> {
        match self.encoding {
            None => Ok(self.bytes),
            Some(encoding) if Compression::detect(&self.bytes) == Some(encoding) => {
                Ok(budget.inflate(encoding, &self.bytes)?.into())
            }
            Some(encoding) => Err(IngestError::BadProfile(format!(
                "Content-Encoding is {}, but the body is not in that format",
                encoding.name()
            ))),
        }
    }
}
