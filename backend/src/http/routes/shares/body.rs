//! Bodies of requests about shares: JSON, or protobuf, which may be compressed.

use crate::http::ApiError;
use crate::http::router::BodyLimit;
use crate::work::Workers;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use prost::Message;
use serde::de::DeserializeOwned;
use std::io::Read;
use std::sync::LazyLock;

/// Most bytes of an uploaded snapshot without its compression: columns of some twelve million nodes. In memory it takes
/// several times that, so one is read at a time.
const MOST_PLAIN_BYTES: usize = 128 << 20;
/// Largest window of a zstd frame, as a power of two.
const WINDOW_LOG: u32 = 23;
/// One at a time.
static DECODER: LazyLock<Workers> = LazyLock::new(|| Workers::new(1));

/// A message as JSON of at most 64 KiB.
///
/// # Errors
/// 400, 413, 415, saying what was expected.
pub(super) async fn json<M: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<M, ApiError> {
    if media_type(headers) != "application/json" {
        return Err(unsupported("expected a body of type application/json"));
    }
    parse(&read(body, BodyLimit::Small.bytes()).await?)
}

/// A message as JSON of at most 64 KiB, or as protobuf of at most 64 MiB, plain or gzipped or compressed with zstd.
///
/// # Errors
/// 400, 413, 415, saying what was expected.
pub(super) async fn message<M>(headers: &HeaderMap, body: Body) -> Result<M, ApiError>
where
    M: Message + Default + DeserializeOwned + Send + 'static,
{
    match media_type(headers).as_str() {
        "application/json" => parse(&read(body, BodyLimit::Small.bytes()).await?),
        "application/x-protobuf" | "application/protobuf" => {
            let encoding =
                headers.get(header::CONTENT_ENCODING).map(|v| v.to_str().unwrap_or("?").to_owned());
            let bytes = read(body, BodyLimit::Profile.bytes()).await?;
            let decoded = DECODER.run(move || {
                let plain = inflate(&bytes, encoding.as_deref().unwrap_or("identity"))?;
                let bad = |e: prost::DecodeError| {
                    ApiError::bad_request(
                        "bad-message",
                        format!("the body is not the message expected here: {e}"),
                    )
                };
                M::decode(plain).map_err(bad)
            });
            decoded.await?
        }
        _ => Err(unsupported("expected a body of type application/json or application/x-protobuf")),
    }
}

fn parse<M: DeserializeOwned>(bytes: &[u8]) -> Result<M, ApiError> {
    serde_json::from_slice(bytes).map_err(|e| {
        let place = format!("line {}, column {}", e.line(), e.column());
        // The text of the error quotes what was sent; only its kind is told on.
        let what = match e.classify() {
            serde_json::error::Category::Data => format!("the JSON does not say what is expected here ({e})"),
            _ => format!("the body is not JSON ({place})"),
        };
        ApiError::bad_request("bad-json", what)
    })
}

async fn read(body: Body, most: usize) -> Result<Bytes, ApiError> {
    to_bytes(body, most).await.map_err(|_| {
        let detail = format!("the body is larger than {} KiB, or broke off", most >> 10);
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
    })
}

fn inflate(bytes: &Bytes, encoding: &str) -> Result<Bytes, ApiError> {
    let reader: Box<dyn Read + '_> = match encoding {
        "identity" | "" => Box::new(&bytes[..]),
        "gzip" => Box::new(flate2::read::MultiGzDecoder::new(&bytes[..])),
        "zstd" => {
            let mut frame = zstd::stream::read::Decoder::with_buffer(&bytes[..]).map_err(|e| broken(&e))?;
            frame.window_log_max(WINDOW_LOG).map_err(|e| broken(&e))?;
            Box::new(frame)
        }
        _ => return Err(unsupported("this Content-Encoding is not read; send gzip, zstd, or none")),
    };
    let mut plain = Vec::new();
    reader.take(MOST_PLAIN_BYTES as u64 + 1).read_to_end(&mut plain).map_err(|e| broken(&e))?;
    if plain.len() > MOST_PLAIN_BYTES {
        let detail =
            format!("more than {} MiB after decompression; share a part of it", MOST_PLAIN_BYTES >> 20);
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail));
    }
    Ok(plain.into())
}

fn broken(error: &std::io::Error) -> ApiError {
    ApiError::bad_request("bad-compression", format!("the body could not be decompressed: {error}"))
}

fn unsupported(detail: &str) -> ApiError {
    ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_bomb_is_refused() {
        let zeros = vec![0; 1 << 20];
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let mut zstd = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        for _ in 0..=MOST_PLAIN_BYTES / zeros.len() {
            gzip.write_all(&zeros).unwrap();
            zstd.write_all(&zeros).unwrap();
        }
        for (bytes, encoding) in [(gzip.finish().unwrap(), "gzip"), (zstd.finish().unwrap(), "zstd")] {
            assert!(bytes.len() < 1 << 20);
            let refused = inflate(&bytes.into(), encoding).unwrap_err();
            assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE, "{encoding}");
        }
        assert_eq!(inflate(&Bytes::from_static(b"x"), "identity").unwrap(), "x");
        for (bytes, encoding) in [(&b"x"[..], "gzip"), (b"x", "zstd")] {
            let refused = inflate(&Bytes::from_static(bytes), encoding).unwrap_err();
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{encoding}");
        }
        assert_eq!(inflate(&Bytes::new(), "br").unwrap_err().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
