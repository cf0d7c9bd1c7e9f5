//! Pushing with a token: allowed series, and rejections in each protocol.

use super::program::{Program, good, token};
use super::site::{Answer, Site};
use axum::body::Body;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flarepath::db::Records;
use prost::Message;
use serde_json::{Value, json};

const PUSH: &str = "/push.v1.PusherService/Push";
const OTLP: &str = "/v1development/profiles";
const GRPC: &str = "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";
const PAY: &str = r#"{service_name=~"pay-.*"}"#;

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// One profile for each service.
fn push_body(services: &[&str]) -> Value {
    let inputs: Value = serde_json::from_slice(&bytes_of("pyroscope/input/labels.json")).unwrap();
    let profile = bytes_of(&format!("pyroscope/input/{}", inputs[0]["file"].as_str().unwrap()));
    let series = services.iter().map(|service| {
        json!({
            "labels": [
                { "name": "__name__", "value": "process_cpu" }, { "name": "service_name", "value": service },
            ],
            "samples": [{ "rawProfile": STANDARD.encode(&profile) }],
        })
    });
    json!({ "series": series.collect::<Vec<_>>() })
}

fn grpc_frame(message: &[u8]) -> Vec<u8> {
    [&[0u8][..], &(message.len() as u32).to_be_bytes(), message].concat()
}

async fn export(program: &Program) -> Answer {
    program.post(GRPC, "application/grpc", grpc_frame(&bytes_of("otlp/export.pb"))).await
}

async fn services(root: &super::site::Browser) -> Vec<String> {
    let answer =
        good(&root.get("/api/v1/services?from=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z").await);
    answer["services"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn series_beyond_the_bounds_are_refused_by_name_and_the_others_stored() {
    let (site, root) = Site::claimed(Records::in_memory()).await;
    let agent = Program::new(&site, &token(&root, "agent", "agent", PAY).await);
    let mixed = agent.post_json(PUSH, push_body(&["pay-api", "cart", "xpay-api"])).await;
    let text = mixed.text();
    // Each profile becomes three series, by a label of its samples.
    assert!(text.contains("6 rejected, 3 stored"), "{text}");
    assert!(text.contains("cart") && text.contains("xpay-api") && !text.contains("\\\"pay-api"), "{text}");
    assert_eq!(services(&root).await, ["pay-api"]);
    assert_eq!(agent.post_json(PUSH, push_body(&["pay-web"])).await.status, StatusCode::OK);
    assert_eq!(services(&root).await, ["pay-api", "pay-web"]);
}

#[tokio::test]
async fn no_ingest_route_accepts_a_series_beyond_the_bounds() {
    let (site, root) = Site::claimed(Records::in_memory()).await;
    let agent = Program::new(&site, &token(&root, "agent", "agent", PAY).await);
    let pushed = agent.post_json(PUSH, push_body(&["cart"])).await;
    assert_eq!(
        (pushed.status, pushed.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("permission_denied"))
    );
    let ingested = agent.push("cart", "", "main").await;
    assert_eq!((ingested.status, ingested.kind()), (StatusCode::FORBIDDEN, "forbidden".to_owned()));
    let older = agent.post("/pyroscope/ingest?name=cart&format=folded", "text/plain", "main 1\n").await;
    assert_eq!(older.status, StatusCode::FORBIDDEN);
    let uploaded = agent.post("/api/v1/profiles?service=cart", "application/octet-stream", "main 1\n").await;
    assert_eq!(uploaded.status, StatusCode::FORBIDDEN);
    for path in [OTLP, GRPC] {
        let exported = agent.post(path, "application/json", bytes_of("otlp/export.json")).await;
        assert_eq!((exported.status, exported.json()["code"].as_i64()), (StatusCode::FORBIDDEN, Some(7)));
    }
    assert_eq!(export(&agent).await.header("grpc-status"), "7");
    assert_eq!(services(&root).await, Vec::<String>::new());
    // The same requests are good ones.
    let free = Program::new(&site, &token(&root, "free", "agent", "").await);
    assert_eq!(free.post_json(PUSH, push_body(&["cart"])).await.status, StatusCode::OK);
    assert_eq!(free.push("cart", "", "main").await.status, StatusCode::OK);
    let uploaded = free.post("/api/v1/profiles?service=cart", "application/octet-stream", "main 1\n").await;
    assert_eq!(uploaded.status, StatusCode::OK, "{}", uploaded.text());
}

/// What an SDK shows when its token is wrong, or no token of one who may push.
#[tokio::test]
async fn rejections_use_the_error_format_of_the_protocol() {
    let (site, root) = Site::claimed(Records::in_memory()).await;
    let wrong = Program::new(&site, "fp_agt_x_y");
    let viewer = Program::new(&site, &token(&root, "viewer", "viewer", "").await);
    for (program, status, code, number) in [
        (&wrong, StatusCode::UNAUTHORIZED, "unauthenticated", 16),
        (&viewer, StatusCode::FORBIDDEN, "permission_denied", 7),
    ] {
        let connect = program.post_json(PUSH, push_body(&["cart"])).await;
        assert_eq!((connect.status, connect.json()["code"].as_str()), (status, Some(code)));
        assert!(!connect.json()["message"].as_str().unwrap().is_empty());

        let json = program.post(OTLP, "application/json", bytes_of("otlp/export.json")).await;
        assert_eq!((json.status, json.json()["code"].as_i64()), (status, Some(number)));
        let proto = program.post(OTLP, "application/x-protobuf", bytes_of("otlp/export.pb")).await;
        assert_eq!((proto.status, proto.header("content-type")), (status, "application/x-protobuf"));
        assert_eq!(RpcStatus::decode(&*proto.body).unwrap().code, number as i32);

        let grpc = export(program).await;
        assert_eq!((grpc.status, grpc.header("grpc-status")), (StatusCode::OK, &*number.to_string()));
        assert!(!grpc.header("grpc-message").is_empty());

        let problem = program.push("cart", "", "main").await;
        assert_eq!((problem.status, problem.header("content-type")), (status, "application/problem+json"));
    }
    let grafana = wrong.post_json("/querier.v1.QuerierService/LabelNames", json!({})).await;
    assert_eq!(
        (grafana.status, grafana.json()["code"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("unauthenticated"))
    );
    let unclaimed = Site::unclaimed(Records::in_memory());
    let early =
        Program::new(&unclaimed, "fp_agt_x_y").send("POST", PUSH, "application/json", Body::empty()).await;
    assert_eq!(
        (early.status, early.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("unavailable"))
    );
}

/// google.rpc.Status
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}
