//! OTLP profiles over HTTP and gRPC, as written by the Collector's library; see `testdata/otlp/README.md`.

use crate::push::gzip;
use crate::server::{Answer, Server, bytes_of, post};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use flarepath_profile::formats::otlp::ExportProfilesServiceResponse;
use flarepath_profile::varint;
use prost::Message;

const HTTP: &str = "/v1development/profiles";
const GRPC: &str = "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";
const SAMPLES: &str = "process_cpu:samples:count:cpu:nanoseconds";
const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const OFF_CPU: &str = "off_cpu:off_cpu:nanoseconds::";

/// Expected contents of the store after `export.pb`: 10 samples of 50 ms in shop, 3 in mail, 4 ms off CPU.
async fn assert_export(server: &Server) {
    let lines = server.series_lines().await;
    for (service, pod, types) in
        [("shop", "shop-0", vec![SAMPLES, CPU, OFF_CPU]), ("mail", "mail-0", vec![SAMPLES])]
    {
        let of_service: Vec<&String> =
            lines.iter().filter(|l| l.contains(&format!("service_name={service}"))).collect();
        assert!(!of_service.is_empty(), "{service} in {lines:?}");
        let labels = format!(
            "k8s.pod.name={pod} otel.scope.name=io.example.profiler otel.scope.version=1.0 process.pid=42"
        );
        assert!(of_service.iter().all(|l| l.contains(&labels)), "{lines:?}");
        for of in types {
            assert!(of_service.iter().any(|l| l.contains(of)), "{of} in {lines:?}");
        }
    }
    let shop = r#"{service_name="shop"}"#;
    assert_eq!(server.total(shop, SAMPLES).await.0, 10);
    assert_eq!(server.total(shop, CPU).await.0, 500_000_000);
    assert_eq!(server.total(shop, OFF_CPU).await.0, 4_000_000);
    assert_eq!(server.total(r#"{service_name="mail"}"#, SAMPLES).await.0, 3);
    assert_eq!(server.span_total("00f067aa0ba902b7", SAMPLES).await, 2, "linked to a span");
    let functions = server.functions(shop, SAMPLES).await;
    for name in ["shop::hash", "shop::cart::total", "main", "do_syscall_64"] {
        assert!(functions.iter().any(|f| f == name), "{name} in {functions:?}");
    }
    assert!(
        server
            .functions(r#"{service_name="mail"}"#, SAMPLES)
            .await
            .contains(&"com.shop.Mail.send".to_owned())
    );
}

#[tokio::test]
async fn accepts_protobuf_and_json_over_http() {
    for (content_type, file, answer_body) in [
        ("application/x-protobuf", "otlp/export.pb", ""),
        ("application/protobuf", "otlp/export.pb", ""),
        ("application/json", "otlp/export.json", "{}"),
    ] {
        for path in [HTTP, GRPC] {
            let server = Server::new();
            let request = post(path).header("content-type", content_type).header("content-encoding", "gzip");
            let answer = server.send(request.body(gzip(&bytes_of(file)).into()).unwrap()).await;
            assert_eq!(
                (answer.status, answer.text().as_str()),
                (StatusCode::OK, answer_body),
                "{path} {file}"
            );
            assert_export(&server).await;
        }
    }
}

/// A gRPC request with one message.
pub(crate) fn grpc(message: &[u8], compressed: bool) -> Request<Body> {
    let message = if compressed { gzip(message) } else { message.to_vec() };
    let frame = [&[u8::from(compressed)], &(message.len() as u32).to_be_bytes()[..], &message].concat();
    let request = post(GRPC).header("content-type", "application/grpc").header("te", "trailers");
    let request = if compressed { request.header("grpc-encoding", "gzip") } else { request };
    request.body(frame.into()).unwrap()
}

#[tokio::test]
async fn accepts_plain_and_gzipped_grpc() {
    for compressed in [false, true] {
        let server = Server::new();
        let answer = server.send(grpc(&bytes_of("otlp/export.pb"), compressed)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("grpc-status").as_deref(), Some("0"), "{:?}", answer.header("grpc-message"));
        assert_eq!(answer.body, [0, 0, 0, 0, 0], "one empty message");
        assert_export(&server).await;
    }
}

#[tokio::test]
async fn grpc_rejects_what_http_rejects() {
    let server = Server::new();
    let bomb = vec![0; 65 << 20];
    for (message, compressed, status, part) in [
        (&b"random bytes"[..], false, "3", "not%20OTLP"),
        (&bytes_of("otlp/export.pb")[..100], false, "3", "not%20OTLP"),
        (&bomb, true, "8", "after%20decompression"),
    ] {
        let answer = server.send(grpc(message, compressed)).await;
        assert_eq!(answer.status, StatusCode::OK);
        let text = answer.header("grpc-message").unwrap_or_default();
        assert_eq!(answer.header("grpc-status").as_deref(), Some(status), "{text}");
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(server.series().await.is_empty());
}

fn varint(value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    varint::put(&mut out, value);
    out
}

pub(crate) fn bytes(number: u64, content: &[u8]) -> Vec<u8> {
    [varint(number << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

/// A request with profiles of one sample each, whose stack is the index given; the dictionary has one stack.
fn request(stacks: &[u64]) -> Vec<u8> {
    let profile = |stack: &u64| {
        let sample = [vec![0x08], varint(*stack), bytes(4, &[5])].concat();
        bytes(2, &[bytes(1, &[0x08, 1, 0x10, 2]), bytes(2, &sample)].concat())
    };
    let profiles: Vec<u8> = stacks.iter().flat_map(profile).collect();
    let strings = ["", "samples", "count", "work"].map(|s| bytes(5, s.as_bytes())).concat();
    let dictionary = [
        bytes(1, &[]),
        bytes(2, &[]),
        bytes(2, &bytes(3, &[0x08, 1])),
        bytes(3, &[]),
        bytes(3, &[0x08, 3]),
        bytes(4, &[]),
        strings,
        bytes(6, &[]),
        bytes(7, &[]),
        bytes(7, &bytes(1, &[1])),
    ];
    [bytes(1, &bytes(2, &profiles)), bytes(2, &dictionary.concat())].concat()
}

fn partial(answer: &Answer) -> (i64, String) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let response = ExportProfilesServiceResponse::decode(&answer.body[..]).unwrap();
    response.partial_success.map(|p| (p.rejected_profiles, p.error_message)).unwrap_or_default()
}

#[tokio::test]
async fn stores_valid_profiles_beside_rejected_ones() {
    let server = Server::new();
    let answer = server.post(HTTP, "application/x-protobuf", request(&[1, 77, 1])).await;
    let (rejected, message) = partial(&answer);
    assert_eq!(rejected, 1);
    assert!(message.starts_with("profile 1: ") && message.contains("77"), "{message}");
    assert_eq!(server.series_lines().await, ["service_name=unknown_service samples:samples:count::"]);
    assert_eq!(server.total("{}", "samples:samples:count::").await, (10, 2));
}

#[tokio::test]
async fn rejects_malformed_requests() {
    let server = Server::new();
    // Before 1.8 a profile held its own tables, and before 1.10 a sample's values were field 2.
    let old_sample = [vec![0x08, 1], bytes(2, &[5]), bytes(3, &[1])].concat();
    let old = bytes(1, &bytes(2, &bytes(2, &bytes(2, &old_sample))));
    let cases = [
        ("text/plain", bytes_of("otlp/export.pb"), 415, "application/x-protobuf or application/json"),
        ("application/x-protobuf", b"random bytes".to_vec(), 400, "not OTLP profiles"),
        ("application/x-protobuf", bytes_of("otlp/export.pb")[..500].to_vec(), 400, "not OTLP profiles"),
        ("application/json", b"{\"resourceProfiles\": 1}".to_vec(), 400, "not OTLP profiles in JSON"),
        ("application/json", "[".repeat(100_000).into_bytes(), 400, "not OTLP profiles in JSON"),
        ("application/x-protobuf", old, 400, "1.10"),
        ("application/x-protobuf", request(&[77]), 400, "77"),
    ];
    for (content_type, body, status, part) in cases {
        let answer = server.post(HTTP, content_type, body).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), status, "{text}");
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(server.series().await.is_empty());
}
