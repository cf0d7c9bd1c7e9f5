//! Body of an ingest request, with its `Content-Encoding`.

use crate::http::extract::body::{content_encoding, is_over_limit};
use crate::http::route::BodyLimit;
use crate::ingest::IngestError;
use crate::ingest::inflate::{Budget, Compression, bounded};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use bytes::Bytes;

/// A body as sent.
pub(super) struct ProfileBody {
    bytes: Bytes,
    encoding: Option<Compression>,
}

impl ProfileBody {
    /// Reads the whole body.
    pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<ProfileBody, IngestError> {
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
        match to_bytes(body, limit).await {
            Ok(bytes) => Ok(ProfileBody { bytes, encoding }),
            Err(error) if is_over_limit(&error) => Err(too_large()),
            Err(error) => Err(IngestError::BadRequest(format!("the body could not be read: {error}"))),
        }
    }

    /// Size as sent, in bytes.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The body without its `Content-Encoding`. CPU-bound: not for async threads.
    pub(super) fn decoded(self, budget: &Budget) -> Result<Bytes, IngestError> {
        match self.encoding {
            None => Ok(self.bytes),
            Some(encoding) if Compression::detect(&self.bytes) == Some(encoding) => {
                Ok(bounded(encoding, &self.bytes, &budget.limits())?.into())
            }
            Some(encoding) => Err(IngestError::BadProfile(format!(
                "Content-Encoding is {}, but the body is not in that format",
                encoding.name()
            ))),
        }
    }
}
