//! Reads the body of an ingest request, up to the limit of its route, with its `Content-Encoding` noted.

use crate::http::router::BodyLimit;
use crate::ingest::IngestError;
use crate::ingest::inflate::{Budget, Compression, inflate};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use bytes::Bytes;

/// A body as it came.
pub(super) struct ProfileBody {
    bytes: Bytes,
    encoding: Option<Compression>,
}

impl ProfileBody {
    /// Reads all of it.
    pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<ProfileBody, IngestError> {
        let encoding = content_encoding(headers)?;
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

    /// Bytes as sent.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The body without its `Content-Encoding`. CPU work: not for async threads.
    pub(super) fn decoded(self, budget: &Budget) -> Result<Bytes, IngestError> {
        match self.encoding {
            None => Ok(self.bytes),
            Some(encoding) if Compression::detect(&self.bytes) == Some(encoding) => {
                Ok(inflate(encoding, &self.bytes, budget)?.into())
            }
            Some(encoding) => Err(IngestError::BadProfile(format!(
                "the Content-Encoding header says {}, but the body does not begin so",
                encoding.name()
            ))),
        }
    }
}

fn is_over_limit(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn content_encoding(headers: &HeaderMap) -> Result<Option<Compression>, IngestError> {
    let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
    let (first, more) = (values.next(), values.next());
    let text = first.map_or(Ok(""), |v| v.to_str()).unwrap_or("?").trim().to_ascii_lowercase();
    match (text.as_str(), more) {
        ("" | "identity", None) => Ok(None),
        ("gzip" | "x-gzip", None) => Ok(Some(Compression::Gzip)),
        ("zstd", None) => Ok(Some(Compression::Zstd)),
        _ => Err(IngestError::Unsupported(
            "this Content-Encoding is not read; send gzip, zstd, or none".to_owned(),
        )),
    }
}

/// The media type of a request, lower case, without parameters; empty if it has none.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
