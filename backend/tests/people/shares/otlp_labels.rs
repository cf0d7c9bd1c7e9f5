//! Facts of shares of OTLP profiles, whose labels have OpenTelemetry's dotted names.

use super::shop::{Shop, text};
use crate::databases;
use axum::http::Method;
use serde_json::json;

const RECORDED: &str = include_str!("../../../testdata/otlp/export.json");
const QUERY: &str = r#"type=process_cpu:samples:count:cpu:nanoseconds&selector={service_name="shop"}"#;

/// The request that OpenTelemetry's Collector wrote, with the attribute that its detectors add to a resource.
fn request() -> Vec<u8> {
    let start = r#""resource":{"attributes":["#;
    let version = r#"{"key":"service.version","value":{"stringValue":"2.4.1"}},"#;
    RECORDED.replace(start, &format!("{start}{version}")).into_bytes()
}

#[tokio::test]
async fn a_postmortem_names_the_version_and_instances_of_otlp_profiles() {
    for records in databases::each().await {
        let shop = Shop::later(&records, 0);
        let headers = [("content-type", "application/json")];
        shop.send(Method::POST, "/v1development/profiles", &headers, request()).await.ok();
        let source = json!({ "kind": "explore", "query": QUERY });
        let share = json!({ "title": "OTLP", "visibility": "org", "source": source });
        let created = shop.post("/api/v1/shares", share).await.ok().json();
        let facts = shop.snapshot(text(&created, "/link_id")).await.facts.unwrap();
        assert_eq!((facts.service.as_str(), facts.versions), ("shop", vec!["2.4.1".to_owned()]));
        assert_eq!((facts.instances_covered, facts.instances_known), (1, 1));
    }
}
