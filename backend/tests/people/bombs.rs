//! Decompression bombs sent by authenticated users.

use super::site::{Browser, Site};
use axum::body::Body;
use axum::http::{Method, header};
use flarepath::db::Records;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write;

/// More than anything is inflated to.
const PLAIN: usize = 600 << 20;

fn gzipped() -> Vec<u8> {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..PLAIN >> 20 {
        bomb.write_all(&zeros).unwrap();
    }
    bomb.finish().unwrap()
}

fn zstd_compressed() -> Vec<u8> {
    let mut bomb = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..PLAIN >> 20 {
        bomb.write_all(&zeros).unwrap();
    }
    bomb.finish().unwrap()
}

async fn send(who: &Browser, path: &str, content: &str, encoding: Option<&str>, bomb: &[u8]) -> u16 {
    let mut request = who.request(Method::POST, path, Value::Null);
    request.headers_mut().insert(header::CONTENT_TYPE, content.parse().unwrap());
    if let Some(encoding) = encoding {
        request.headers_mut().insert(header::CONTENT_ENCODING, encoding.parse().unwrap());
    }
    *request.body_mut() = Body::from(bomb.to_vec());
    who.send(request).await.status.as_u16()
}

#[tokio::test]
async fn rejects_decompression_bombs_on_every_ingest_route() {
    let (site, root) = Site::claimed(Records::in_memory()).await;
    let editor = site.user(&root, "eve", "editor").await;
    let (gzip, zstd) = (gzipped(), zstd_compressed());
    assert!(gzip.len() < 1 << 20 && zstd.len() < 1 << 20);
    let protobuf = "application/x-protobuf";
    for path in ["/api/v1/shares", "/api/v1/shares/preview"] {
        assert_eq!(send(&editor, path, protobuf, Some("gzip"), &gzip).await, 413, "{path}");
        assert_eq!(send(&editor, path, protobuf, Some("zstd"), &zstd).await, 413, "{path}");
    }
    let file = "/api/v1/profiles?service=a";
    assert_eq!(send(&editor, file, "application/octet-stream", None, &gzip).await, 413);
    let push = "/push.v1.PusherService/Push";
    assert_eq!(send(&editor, push, "application/proto", Some("gzip"), &gzip).await, 413);
    assert_eq!(send(&editor, "/v1development/profiles", protobuf, Some("gzip"), &gzip).await, 413);
    // It goes on answering.
    assert_eq!(editor.get("/api/v1/me").await.status.as_u16(), 200);
}
