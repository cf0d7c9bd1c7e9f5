//! The OpenAPI document and its page describe exactly the route table.

use crate::server::Server;
use axum::http::{StatusCode, header};
use flarepath::http::router::routes;
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test]
async fn documents_every_route_with_its_permission() {
    let document = Server::empty().get("/api/openapi.json", &[]).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        described.extend(
            operations.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())),
        );
    }
    let served: BTreeSet<_> = routes().iter().map(|r| (r.method.to_owned(), r.path.to_owned())).collect();
    assert_eq!(described, served);
    for route in routes() {
        let operation = &document["paths"][route.path][route.method.to_ascii_lowercase()];
        let place = format!("{} {}", route.method, route.path);
        assert_eq!(operation["x-permission"], route.permission.name(), "{place}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{place}");
        for part in route.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')) {
            let parameters = operation["parameters"].as_array().unwrap();
            let named = parameters.iter().any(|p| p["name"] == part && p["in"] == "path");
            assert!(named, "{place}: path parameter {part} is not described");
        }
        // A `DELETE` answers 204, or with the message that it documents.
        let empties = operation["responses"]["204"].is_object();
        let answers = operation["responses"]["200"]["content"].is_object();
        assert_eq!(empties, route.method == "DELETE" && !answers, "{place}");
        if route.path.starts_with("/api/v1/") {
            assert!(operation["responses"].as_object().unwrap().len() > 1, "{place} describes no failure");
        }
    }
}

#[tokio::test]
async fn resolves_every_reference_to_a_schema() {
    let document = Server::empty().get("/api/openapi.json", &[]).await.json();
    let mut pending = vec![&document];
    let mut references = BTreeSet::new();
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(members) => {
                references.extend(members.get("$ref").and_then(Value::as_str));
                pending.extend(members.values());
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    assert!(references.len() > 10, "{references:?}");
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} has no target");
    }
}

#[tokio::test]
async fn answers_every_example() {
    let server = Server::recorded().await;
    for route in routes().iter().filter(|r| r.method == "GET" && !r.doc.example.is_empty()) {
        let uri = route.doc.example.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
        let answer = server.get(&uri, &[]).await;
        // The example of an export has no data here.
        let fine = answer.status == StatusCode::OK || answer.json()["type"] == "no-data";
        assert!(fine, "{uri}: {} {}", answer.status, answer.text());
    }
}

#[tokio::test]
async fn serves_the_api_page_without_inline_script() {
    let server = Server::empty();
    let page = server.get("/api/docs", &[]).await;
    assert!(page.header(header::CONTENT_TYPE).starts_with("text/html"));
    let html = page.text();
    assert!(!html.contains("style=") && !html.contains("<style") && !html.contains("<script>"), "{html}");
    for (file, content_type) in [("/api/docs/docs.js", "text/javascript"), ("/api/docs/docs.css", "text/css")]
    {
        assert!(html.contains(file));
        let answer = server.get(file, &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.header(header::CONTENT_TYPE).starts_with(content_type));
    }
    assert_eq!(server.get("/api/docs/other.js", &[]).await.status, StatusCode::NOT_FOUND);
}
