//! Memory bounds of requests.

use crate::routes::Route;
use crate::server::{Counted, Sent, Server};
use axum::http::StatusCode;
use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::time::Duration;

/// Memory of a request to any route.
const LIMIT: usize = 64 << 20;
/// Bytes for each byte of a profile, beyond [`LIMIT`].
const PER_BYTE: usize = 4;
/// Profiles are not inflated beyond this.
const MOST_INFLATED: usize = 64 << 20;
/// Ends a request that is never answered. Far more than any body takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// The most bytes that a request with this body, before it is compressed, may take.
pub(crate) fn limit(route: &Route, plain: &[u8]) -> usize {
    if route.takes_profiles { LIMIT + PER_BYTE * inflated(plain) } else { LIMIT }
}

/// Size of a profile that is gzipped itself, as profiles often are; up to where it is damaged.
fn inflated(plain: &[u8]) -> usize {
    let (mut reader, mut buffer) = (MultiGzDecoder::new(plain), [0; 64 << 10]);
    let mut bytes = 0;
    while bytes < MOST_INFLATED {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes += read,
        }
    }
    bytes.max(plain.len())
}

/// Sends a request.
///
/// # Errors
/// What it did that no request may do: take more than `limit`, be answered with 500, or not be answered.
pub(crate) async fn keeps(server: &Server, sent: Sent, limit: usize) -> Result<Counted, String> {
    let start = String::from_utf8_lossy(&sent.body[..sent.body.len().min(60)]).into_owned();
    let Sent { method, path, content_type, encoding, body } = &sent;
    let encoding = encoding.unwrap_or("not compressed");
    let place = format!("{method} {path} ({content_type}, {encoding}), {} bytes: {start:?}", body.len());
    let Ok(counted) = tokio::time::timeout(PATIENCE, server.count(sent)).await else {
        return Err(format!("no answer within {PATIENCE:?}: {place}"));
    };
    if counted.peak > limit {
        return Err(format!("{} bytes, {limit} are allowed: {place}", counted.peak));
    }
    if counted.status == StatusCode::INTERNAL_SERVER_ERROR {
        return Err(format!("{}: {place}", counted.text));
    }
    Ok(counted)
}
