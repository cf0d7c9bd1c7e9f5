//! `push.v1.PusherService/Push`.

use crate::server::{NOW_NS, Server, post};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flarepath_profile::formats::pprof;
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::{SampleLabel, SampleLabelValue, Samples};
use flarepath_profile::stack_table::LocationId;
use std::io::Write;

const PATH: &str = "/push.v1.PusherService/Push";
const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

/// One sample for each of `labels` (key, value, cost), all in one function.
pub(crate) fn profile(time_nanos: i64, samples: &[(&[(&str, &str)], i64)]) -> Profile {
    let mut p = Profile { time_nanos, ..Profile::default() };
    let cpu = ValueType { kind: p.strings.intern("cpu"), unit: p.strings.intern("nanoseconds") };
    p.sample_types = vec![cpu];
    p.period_type = cpu;
    let name = p.strings.intern("work");
    p.functions = vec![Function { name, ..Function::default() }];
    p.locations.push(None, 1, [Line { function: FunctionId(0), line: 1, column: 0 }]);
    let stack = p.stacks.push([LocationId(0)]);
    p.samples = Samples::new(1);
    for (labels, value) in samples {
        let labels: Vec<SampleLabel> = labels
            .iter()
            .map(|(key, value)| SampleLabel {
                key: p.strings.intern(key),
                value: SampleLabelValue::Text(p.strings.intern(value)),
            })
            .collect();
        p.samples.push(stack, &[*value], &labels);
    }
    p
}

pub(crate) fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// A protobuf field of bytes.
pub(crate) fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut len = bytes.len();
    while len >= 0x80 {
        out.push(len as u8 | 0x80);
        len >>= 7;
    }
    out.push(len as u8);
    out.extend(bytes);
    out
}

pub(crate) fn series(labels: &[(&str, &str)], profiles: &[&[u8]]) -> Vec<u8> {
    let pairs =
        labels.iter().map(|(n, v)| field(1, &[field(1, n.as_bytes()), field(2, v.as_bytes())].concat()));
    let samples = profiles.iter().map(|p| field(2, &field(1, p)));
    field(1, &pairs.chain(samples).flatten().collect::<Vec<u8>>())
}

#[tokio::test]
async fn accepts_the_python_sdk() {
    let server = Server::new();
    for name in ["sdk/py/001", "sdk/py/002", "sdk/py/003"] {
        let answer = server.replay(name).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, String::new()), "{name}");
        assert_eq!(answer.content_type, "application/proto");
    }
    let base = "otel.scope.name=com.grafana.pyroscope/python otel.scope.version=1.4.0 pod=shop-2 \
                process.runtime.name=cpython process.runtime.version=3.11.2 region=eu service_name=py.shop";
    assert_eq!(
        server.series_lines().await,
        [
            format!("endpoint=/cart {base} {CPU}"),
            format!("endpoint=/checkout {base} {CPU}"),
            format!("{base} {CPU}"),
        ]
    );
    // Sums over the three bodies, computed with another decoder: 2.53 + 2.58 + 1.07 s, and so on.
    assert_eq!(server.total(r#"{endpoint="/checkout"}"#, CPU).await, (6_180_000_000, 3));
    assert_eq!(server.total(r#"{endpoint="/cart"}"#, CPU).await, (1_380_000_000, 3));
    assert_eq!(server.total(r#"{endpoint=""}"#, CPU).await, (15_090_000_000, 3));
    assert_eq!(server.total("{}", CPU).await, (22_650_000_000, 9));
    let functions = server.functions("{}", CPU).await;
    for name in ["cart", "checkout", "compress", "encode", "JSONEncoder.iterencode", "<module>"] {
        assert!(functions.iter().any(|f| f == name), "{name} in {functions:?}");
    }
}

#[tokio::test]
async fn accepts_json_with_gzip_inside_and_outside() {
    let server = Server::new();
    let raw = gzip(&pprof::write(&profile(NOW_NS, &[(&[], 7)])));
    let json = serde_json::json!({ "series": [{
        "labels": [{"name": "__name__", "value": "process_cpu"}, {"name": "service_name", "value": "cart"}],
        "samples": [{"rawProfile": STANDARD.encode(raw), "ID": "x"}],
    }]});
    let request = post(PATH)
        .header("content-type", "application/json; charset=utf-8")
        .header("content-encoding", "gzip")
        .body(gzip(json.to_string().as_bytes()).into())
        .unwrap();
    let answer = server.send(request).await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "{}"));
    assert_eq!(answer.content_type, "application/json");
    assert_eq!(server.total(r#"{service_name="cart"}"#, CPU).await, (7, 1));
}

#[tokio::test]
async fn stores_valid_series_and_names_the_rejected_ones() {
    let server = Server::new();
    let good = pprof::write(&profile(0, &[(&[], 5)]));
    let old = pprof::write(&profile(1_795_227_690, &[(&[], 5)]));
    let future = pprof::write(&profile(NOW_NS + 3_600_000_000_000, &[(&[], 5)]));
    let many: Vec<(String, String)> = (0..200).map(|i| (format!("label{i}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let name = ("__name__", "process_cpu");
    let body = [
        series(&[name, ("service_name", "a")], &[&good, &old, &good[..20]]),
        series(&[("service_name", "nameless")], &[&good]),
        series(&[&[name][..], &many].concat(), &[&good]),
        series(&[name, ("pod", "\u{0}p")], &[&future, &good]),
        series(&[name, ("service_name", "b")], &[b"", b"random bytes, not a profile"]),
    ]
    .concat();
    let answer = server.post(PATH, "application/proto", body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let error: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(error["code"], "invalid_argument");
    let message = error["message"].as_str().unwrap();
    for part in [
        "7 rejected, 2 stored: ",
        r#"series 0, profile 1 {service_name="a"}: its time 1795227690 ns is before 2000-01-01"#,
        r#"series 0, profile 2 {service_name="a"}: cannot parse the pprof profile"#,
        r#"series 1, profile 0 {service_name="nameless"}: no __name__ label"#,
        "series 2 {",
        "more than 64 labels",
        "is 3600 s in the future",
        r#"series 4, profile 0 {service_name="b"}: the profile is empty"#,
        r#"series 4, profile 1 {service_name="b"}: cannot parse the pprof profile"#,
    ] {
        assert!(message.contains(part), "{part:?} in {message}");
    }
    assert_eq!(server.total("{}", CPU).await, (10, 2), "the good profiles of series 0 and 3");
    assert_eq!(
        server.series_lines().await,
        [format!("pod=\0p service_name=unknown_service {CPU}"), format!("service_name=a {CPU}"),]
    );
}

/// Packed varints of one field.
fn numbers(number: u8, values: &[u8]) -> Vec<u8> {
    field(number, values)
}

#[tokio::test]
async fn rejects_invalid_ids_and_strings() {
    // sample_type { 1 2 }, sample { location value }, location { id line { function } }, function { id name }
    let pprof = |location: u8, function: u8, name: &[u8]| {
        let line = field(4, &[0x08, function]);
        let parts = [
            field(1, &[0x08, 1, 0x10, 2]),
            field(2, &[numbers(1, &[location, location]), numbers(2, &[6])].concat()),
            field(4, &[&[0x08, 1][..], &line].concat()),
            field(5, &[0x08, 1, 0x10, 3]),
            field(6, b""),
            field(6, b"cpu"),
            field(6, b"nanoseconds"),
            field(6, name),
            field(11, &[0x08, 1, 0x10, 2]),
        ];
        parts.concat()
    };
    let server = Server::new();
    let profiles = [pprof(9, 1, b"f"), pprof(1, 9, b"f"), pprof(1, 1, b"caf\xe9")];
    let profiles: Vec<&[u8]> = profiles.iter().map(|p| &p[..]).collect();
    let body = series(&[("__name__", "process_cpu"), ("service_name", "s")], &profiles);
    let answer = server.post(PATH, "application/proto", body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let text = answer.text();
    assert!(
        text.contains("profile 0 ") && text.contains("profile 1 ") && !text.contains("profile 2 "),
        "{text}"
    );
    // A recursive function is not a cycle: it is on the stack twice and counts once.
    assert_eq!(server.total("{}", CPU).await, (6, 1));
    assert_eq!(server.functions("{}", CPU).await, ["caf\u{fffd}"]);
}

#[tokio::test]
async fn splits_sample_labels_into_series_and_keeps_spans() {
    let server = Server::new();
    let samples: &[(&[(&str, &str)], i64)] = &[
        (&[("endpoint", "/cart"), ("profile_id", "00000000000000aa")], 1),
        (&[("endpoint", "/cart")], 2),
        (&[("endpoint", "/pay"), ("span_id", "00000000000000bb")], 4),
        (&[], 8),
        (&[("__internal", "x")], 16),
    ];
    let body = series(
        &[("__name__", "process_cpu"), ("service_name", "s")],
        &[&pprof::write(&profile(NOW_NS - 90 * 86_400_000_000_000, samples))],
    );
    let answer = server.post(PATH, "application/proto", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(server.total(r#"{endpoint="/cart"}"#, CPU).await.0, 3);
    assert_eq!(server.total(r#"{endpoint="/pay"}"#, CPU).await.0, 4);
    assert_eq!(server.total(r#"{endpoint=""}"#, CPU).await.0, 24);
    assert_eq!(server.series().await.len(), 3);
    assert_eq!(server.span_total("00000000000000aa", CPU).await, 1);
    assert_eq!(server.span_total("00000000000000bb", CPU).await, 4);
}

#[tokio::test]
async fn keeps_too_many_label_sets_with_the_samples() {
    let server = Server::new();
    let ids: Vec<String> = (0..1001).map(|i| format!("request-{i}")).collect();
    let labels: Vec<[(&str, &str); 1]> = ids.iter().map(|id| [("id", id.as_str())]).collect();
    let samples: Vec<(&[(&str, &str)], i64)> = labels.iter().map(|l| (&l[..], 1)).collect();
    let push = |samples: &[(&[(&str, &str)], i64)], service: &str| {
        let raw = pprof::write(&profile(NOW_NS, samples));
        series(&[("__name__", "process_cpu"), ("service_name", service)], &[&raw])
    };
    for (n, service, expected_series) in [(1001, "many", 1), (1000, "few", 1000)] {
        let answer = server.post(PATH, "application/proto", push(&samples[..n], service)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let count = server.series().await.iter().filter(|s| s.labels.service() == service).count();
        assert_eq!(count, expected_series);
        assert_eq!(server.total(&format!("{{service_name={service:?}}}"), CPU).await.0, n as i64);
    }
}

#[tokio::test]
async fn rejects_malformed_requests() {
    let server = Server::new();
    let bomb = zstd::bulk::compress(&vec![0; 65 << 20], 1).unwrap();
    let gzip_bomb = gzip(&vec![0; 65 << 20]);
    let message = |raw: &[u8]| series(&[("__name__", "process_cpu"), ("service_name", "s")], &[raw]);
    let cases = [
        ("text/plain", None, b"hello".to_vec(), 415, "application/proto or application/json"),
        ("application/grpc", None, b"hello".to_vec(), 415, "application/proto or application/json"),
        ("application/proto", Some("br"), b"hello".to_vec(), 415, "gzip, zstd, or none"),
        ("application/proto", None, b"{\"series\":[]}".to_vec(), 400, "at byte"),
        ("application/json", None, b"[1,2".to_vec(), 400, "line 1 column"),
        ("application/json", None, vec![b'['; 100_000], 400, "line 1 column"),
        ("application/proto", Some("gzip"), b"hello".to_vec(), 400, "the body is not in that format"),
        ("application/proto", Some("gzip"), gzip(b"hello")[..12].to_vec(), 400, "truncated: it ends at byte"),
        ("application/proto", Some("gzip"), gzip_bomb.clone(), 413, "after decompression"),
        ("application/proto", None, message(&bomb), 413, "the ratio is over 1000"),
        ("application/proto", None, message(b"x"), 400, r#"series 0, profile 0 {service_name=\"s\"}: "#),
        ("application/proto", None, message(&gzip_bomb), 413, "after decompression"),
        ("application/proto", None, [0x0a, 0].repeat(100_000), 413, "more than 10000 profiles"),
    ];
    for (content_type, encoding, body, status, part) in cases {
        let mut request = post(PATH).header("content-type", content_type);
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        let answer = server.send(request.body(body.into()).unwrap()).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), status, "{text}");
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(server.series().await.is_empty());
}

#[tokio::test]
async fn rejects_oversized_bodies_unread() {
    let server = Server::new();
    let request = post(PATH).header("content-type", "application/proto").header("content-length", 65 << 20);
    let answer = server.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text());
    let answer = server.post(PATH, "application/proto", vec![0; (64 << 20) + 1]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text());
}
