//! The profiles of a pushed body, as ingestion would store them.

use crate::ingest::IngestError;
use crate::ingest::inflate::{Budget, Compression};
use crate::ingest::push::{self, Encoding};
use crate::store::NewProfile;
use flarepath_profile::unix_nanos::UnixNanos;

pub(super) fn profiles(
    content_encoding: &str,
    body: &[u8],
    at: UnixNanos,
) -> Result<Vec<NewProfile>, IngestError> {
    let mut budget = Budget::default();
    let read =
        |plain: &[u8], budget: &mut Budget| push::read(Encoding::Proto, plain, budget, at)?.into_profiles();
    let compression = match content_encoding {
        "" | "identity" => return read(body, &mut budget),
        "gzip" => Compression::Gzip,
        "zstd" => Compression::Zstd,
        other => return Err(IngestError::Unsupported(format!("unknown Content-Encoding {other:?}"))),
    };
    let plain = budget.inflate(compression, body)?;
    read(&plain, &mut budget)
}
