//! `POST /api/v1/profiles`.

use crate::push::{gzip, profile};
use crate::server::{Answer, NOW_NS, Server, bytes_of, post};
use axum::http::StatusCode;
use flarepath_profile::formats::pprof;
use flarepath_wire::messages::PushResponse;
use prost::Message;

const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

fn json(answer: &Answer) -> PushResponse {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn stores_a_pprof_file_with_labels() {
    let server = Server::new();
    let samples: &[(&[(&str, &str)], i64)] = &[(&[("endpoint", "/a")], 1), (&[("endpoint", "/b")], 2)];
    let body = zstd::bulk::compress(&pprof::write(&profile(0, samples)), 1).unwrap();
    let path = "/api/v1/profiles?service=shop&label.region=eu&label.k8s.pod=a%2F1&time=now-1h";
    let answer = json(&server.post(path, "application/octet-stream", body).await);
    assert_eq!((answer.accepted, answer.rejected.len()), (2, 0), "one for each endpoint");
    assert_eq!(
        server.series_lines().await,
        [
            format!("endpoint=/a k8s.pod=a/1 region=eu service_name=shop {CPU}"),
            format!("endpoint=/b k8s.pod=a/1 region=eu service_name=shop {CPU}"),
        ]
    );
    assert_eq!(server.series().await[0].newest.0, NOW_NS - 3_600_000_000_000);
}

#[tokio::test]
async fn responds_in_protobuf() {
    let server = Server::new();
    let body = bytes_of("sdk/node/002.body");
    let request = post("/api/v1/profiles?service=shop&name=heap").header("accept", "application/x-protobuf");
    let answer = server.send(request.body(body.into()).unwrap()).await;
    assert_eq!(answer.content_type, "application/x-protobuf");
    assert_eq!(PushResponse::decode(&answer.body[..]).unwrap().accepted, 1);
    // Totals of node/002, see testdata/sdk/README.md.
    assert_eq!(server.total("{}", "heap:inuse_space:bytes:inuse_space:bytes").await, (39_856_796, 1));
}

#[tokio::test]
async fn splits_recordings_by_kind_without_threads() {
    let server = Server::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/profile/testdata/jfr/kiln.jfr.gz");
    let answer =
        json(&server.post("/api/v1/profiles?service=kiln&time=now", "", std::fs::read(path).unwrap()).await);
    assert_eq!((answer.accepted, answer.rejected.len()), (7, 0));
    let series = server.series().await;
    assert_eq!(series.len(), 1, "all under one set of labels");
    assert_eq!(series[0].profile_types.len(), 12);
    assert_eq!(server.total("{}", CPU).await, (580_000_000, 1));
    assert_eq!(server.total("{}", "block:delay:nanoseconds:block:count").await, (1_400_000_448, 1));
    assert_eq!(server.total("{}", "memory:alloc_sample_bytes:bytes:space:bytes").await, (498_755_504, 1));
}

#[tokio::test]
async fn stores_files_of_other_formats() {
    let speedscope = br#"{"$schema":"https://www.speedscope.app/file-format-schema.json",
        "shared":{"frames":[{"name":"main"},{"name":"work"}]},
        "profiles":[{"type":"sampled","name":"cpu","unit":"milliseconds","startValue":0,"endValue":5,
            "samples":[[0,1],[0]],"weights":[3,2]}]}"#;
    for (body, of, total) in [
        (b"main;work 3\nmain 2\n".to_vec(), "process_cpu:samples:count::", 5),
        (speedscope.to_vec(), "wall:time:nanoseconds::", 5_000_000),
        (bytes_of("otlp/export.json"), "process_cpu:samples:count:cpu:nanoseconds", 13),
    ] {
        let server = Server::new();
        let answer = json(&server.post("/api/v1/profiles?service=shop", "", body).await);
        assert!(answer.accepted >= 1 && answer.rejected.is_empty(), "{answer:?}");
        assert_eq!(
            server.total(r#"{service_name="shop"}"#, of).await.0,
            total,
            "{:?}",
            server.series_lines().await
        );
    }
}

#[tokio::test]
async fn rejects_malformed_files_with_a_reason() {
    let server = Server::new();
    let good = pprof::write(&profile(NOW_NS, &[(&[], 7)]));
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("/api/v1/profiles", good.clone(), 400, "?service=checkout"),
        ("/api/v1/profiles?service=", good.clone(), 400, "?service=checkout"),
        ("/api/v1/profiles?service=a&label=b", good.clone(), 400, "unknown parameter `label`"),
        ("/api/v1/profiles?service=a&time=x", good.clone(), 400, "time: invalid time `x`"),
        ("/api/v1/profiles?service=a&time=1", good.clone(), 400, "before 2000-01-01"),
        ("/api/v1/profiles?service=a&label.=b", good.clone(), 400, "label 1 has no name"),
        ("/api/v1/profiles?service=a", vec![], 400, "the body is empty"),
        ("/api/v1/profiles?service=a", good[..good.len() - 1].to_vec(), 400, "parsed as pprof, it fails: "),
        ("/api/v1/profiles?service=a", b"hello, world".to_vec(), 415, "supported formats: pprof"),
        ("/api/v1/profiles?service=a", vec![0xff; 1000], 415, "supported formats: pprof"),
        ("/api/v1/profiles?service=a", b"PERFILE2 and so on".to_vec(), 415, "perf.data"),
        ("/api/v1/profiles?service=a", "[".repeat(100_000).into_bytes(), 415, "supported formats: pprof"),
        ("/api/v1/profiles?service=a", gzip(&good)[..25].to_vec(), 400, "truncated: it ends at byte"),
    ];
    for (path, body, status, part) in cases {
        let answer = server.post(path, "application/octet-stream", body).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), status, "{path}: {text}");
        assert_eq!(answer.content_type, "application/problem+json");
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(server.series().await.is_empty());
}

#[tokio::test]
async fn stores_perf_text_under_one_series() {
    let server = Server::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/profile/testdata/perf_script/shop.perf.txt");
    let body = zstd::bulk::compress(&std::fs::read(path).unwrap(), 1).unwrap();
    let answer = json(&server.post("/api/v1/profiles?service=shop&name=perf&time=now", "", body).await);
    assert_eq!((answer.accepted, answer.rejected.len()), (3, 0), "{answer:?}");
    assert_eq!(server.series().await.len(), 1);
    let (total, _) = server.total("{}", "perf:cpu-clock:nanoseconds:cpu-clock:nanoseconds").await;
    assert_eq!(total, 613_065_250);
}

#[tokio::test]
async fn keeps_sides_of_a_comparison_apart() {
    let server = Server::new();
    let answer =
        json(&server.post("/api/v1/profiles?service=shop&time=now", "", b"a;b 1 2\na 0 3\n".to_vec()).await);
    assert_eq!(answer.accepted, 2);
    assert_eq!(server.total("{}", "baseline:samples:count::").await, (1, 1));
    assert_eq!(server.total("{}", "comparison:samples:count::").await, (5, 1));
    let answer =
        server.post("/ingest?name=shop.cpu&format=folded", "text/plain", b"a;b 1 2\na 0 3\n".to_vec()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains("send each side on its own"), "{}", answer.text());
}
