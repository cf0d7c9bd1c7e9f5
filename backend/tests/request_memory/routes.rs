//! Every route of the OpenAPI document that may take a body, with the content types that it names.

use crate::server::Server;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// Content types that are tried on every route, besides those that it names.
const ALWAYS: [&str; 2] = ["application/json", "application/x-protobuf"];

/// A route, and one of the content types that are sent to it.
pub(crate) struct Route {
    pub(crate) method: String,
    /// With made-up parameters.
    pub(crate) path: String,
    pub(crate) content_type: String,
    /// Whether it takes profiles, which may take memory by their size.
    pub(crate) takes_profiles: bool,
}

pub(crate) async fn taking_bodies(server: &Server) -> Vec<Route> {
    let request = Request::get("/api/openapi.json").body(Body::empty()).unwrap();
    let answer = server.router.clone().oneshot(request).await.unwrap();
    let document = answer.into_body().collect().await.unwrap().to_bytes();
    let document: Value = serde_json::from_slice(&document).unwrap();
    let mut all = Vec::new();
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in
            operations.as_object().unwrap().iter().filter(|(method, _)| *method != "get")
        {
            let named = operation["requestBody"]["content"].as_object().into_iter().flatten();
            let mut types: Vec<&str> = named.map(|(content, _)| content.as_str()).chain(ALWAYS).collect();
            types.sort_unstable();
            types.dedup();
            all.extend(types.into_iter().map(|content| Route {
                method: method.to_uppercase(),
                path: path(template),
                content_type: content_type(content),
                takes_profiles: operation["x-permission"] == "profiles:write",
            }));
        }
    }
    assert!(all.len() > 80, "{} routes and types", all.len());
    all
}

/// The path with ids in place of its parameters, and the query that its route requires.
fn path(template: &str) -> String {
    let parts = template.split('/').map(|part| if part.starts_with('{') { "a1b2c3" } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    match template {
        "/ingest" | "/pyroscope/ingest" => format!("{path}?name=fuzz.cpu"),
        "/api/v1/profiles" => format!("{path}?service=fuzz"),
        _ => path,
    }
}

/// Forms name the boundary that the corpus uses.
fn content_type(named: &str) -> String {
    if named == "multipart/form-data" { format!("{named}; boundary=x") } else { named.to_owned() }
}
