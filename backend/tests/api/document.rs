//! The OpenAPI document says everything about each operation: types, bounds, examples, and every status.

use crate::schema::violations;
use crate::server::Server;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use flarepath::http::router::routes;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Operations by `METHOD path`.
struct Document {
    whole: Value,
    operations: Vec<(String, Value)>,
}

impl Document {
    async fn read() -> Document {
        let whole = Server::empty().get("/api/openapi.json", &[]).await.json();
        let mut operations = Vec::new();
        for (path, methods) in whole["paths"].as_object().unwrap() {
            let named =
                |(method, operation): (&String, &Value)| (format!("{method} {path}"), operation.clone());
            operations.extend(methods.as_object().unwrap().iter().map(named));
        }
        assert!(operations.len() > 90, "{}", operations.len());
        Document { whole, operations }
    }

    fn violations(&self, schema: &Value, value: &Value) -> Vec<String> {
        violations(&self.whole, schema, value)
    }

    /// Adds what is wrong with content: each type has a schema, and JSON an example that matches it.
    fn check_content(&self, place: &str, content: &Map<String, Value>, wrong: &mut Vec<String>) {
        for (media_type, content) in content {
            if !content["schema"].is_object() {
                wrong.push(format!("{place} has no schema of {media_type}"));
                continue;
            }
            match content.get("example") {
                Some(example) => wrong.extend(
                    self.violations(&content["schema"], example).iter().map(|why| format!("{place}: {why}")),
                ),
                None if media_type.ends_with("json") && media_type != "application/x-ndjson" => {
                    wrong.push(format!("{place} has no example of {media_type}"));
                }
                None => {}
            }
        }
    }
}

#[tokio::test]
async fn every_parameter_has_a_type_and_an_example() {
    let document = Document::read().await;
    let (mut wrong, mut plain, mut all) = (Vec::new(), 0, 0);
    for (place, operation) in &document.operations {
        for parameter in operation["parameters"].as_array().unwrap() {
            let (name, schema) = (&parameter["name"], &parameter["schema"]);
            let element = schema.get("items").unwrap_or(schema);
            let is_empty = parameter["example"] == "" || parameter["example"].is_null();
            if !element["type"].is_string() || is_empty {
                wrong.push(format!("{place}: {name} has no type or no example"));
            }
            for value in [Some(&parameter["example"]), schema.get("default")].into_iter().flatten() {
                let found = document.violations(schema, value);
                wrong.extend(found.iter().map(|why| format!("{place}: {name}{why}")));
            }
            all += 1;
            plain += usize::from(element.as_object().unwrap().len() == 1);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(plain * 3 < all, "{plain} of {all} parameters are any text");
}

#[tokio::test]
async fn every_body_and_response_has_a_schema_and_an_example() {
    let document = Document::read().await;
    let mut wrong = Vec::new();
    for (place, operation) in &document.operations {
        if let Some(body) = operation.get("requestBody") {
            document.check_content(place, body["content"].as_object().unwrap(), &mut wrong);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let place = format!("{place} {status}");
            match response.get("content") {
                Some(content) => document.check_content(&place, content.as_object().unwrap(), &mut wrong),
                None if matches!(status.as_str(), "200" | "204" | "302" | "304" | "431") => {}
                None => wrong.push(format!("{place} has no content")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_text_in_a_message_has_an_example() {
    let document = Document::read().await;
    let mut wrong = Vec::new();
    for (message, schema) in document.whole["components"]["schemas"].as_object().unwrap() {
        let whole = schema.get("examples").is_some();
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            let known = schema.get("examples").or(schema.get("enum")).or(schema.get("pattern"));
            let is_text = schema["type"] == "string" || schema["type"][0] == "string";
            if is_text && known.is_none() && !whole {
                wrong.push(format!("{message}.{field}"));
            }
        }
    }
    assert!(wrong.is_empty(), "http/openapi/field_table.rs has no example of {}", wrong.join(", "));
}

#[tokio::test]
async fn every_operation_has_its_error_statuses() {
    let document = Document::read().await;
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for (place, operation) in &document.operations {
        let id = operation["operationId"].as_str().unwrap();
        assert!(id.bytes().all(|b| b.is_ascii_alphanumeric()) && ids.insert(id), "{place}: {id}");
        let mut expected = vec!["400", "403", "431", "500", "503", "504"];
        if operation["x-permission"] != "public" {
            expected.push("401");
        }
        if operation.get("requestBody").is_some() {
            expected.extend(["408", "413", "415"]);
        }
        if operation["x-permission"] == "profiles:read" {
            expected.extend(["413", "501", "502"]);
        }
        let missing = expected.iter().filter(|status| operation["responses"].get(**status).is_none());
        wrong.extend(missing.map(|status| format!("{place} does not describe {status}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn parameters_are_accepted_within_their_bounds_only() {
    let document = Document::read().await;
    let server = Server::recorded().await;
    let mut asked = 0;
    for route in routes().iter().filter(|route| route.method == "GET" && !route.doc.example.is_empty()) {
        let (path, query) = route.doc.example.split_once('?').unwrap_or((route.doc.example, ""));
        let query = query.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
        let operation = &document.whole["paths"][route.path]["get"];
        for parameter in operation["parameters"].as_array().unwrap() {
            let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            let number = |bound: &str| schema[bound].as_i64().unwrap();
            let tried = match schema["type"].as_str().unwrap() {
                "integer" => vec![
                    (number("minimum"), true),
                    (number("maximum"), true),
                    (number("minimum") - 1, false),
                    (number("maximum") + 1, false),
                ],
                "boolean" => vec![(2, false)],
                _ if schema.get("enum").is_some() => vec![(0, false)],
                _ => vec![],
            };
            let others: Vec<&str> = query
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}=")))
                .collect();
            for (value, fits) in tried {
                let uri = format!("{path}?{}&{name}={value}", others.join("&"));
                let status = server.get(&uri.replace("?&", "?"), &[]).await.status;
                assert_eq!(status != StatusCode::BAD_REQUEST, fits, "{uri}: {status}");
                asked += 1;
            }
        }
    }
    assert!(asked > 20, "{asked}");
}

/// What cannot be decoded is a problem like every other, and no plain text.
#[tokio::test]
async fn paths_that_are_no_text_are_refused_with_a_problem() {
    let server = Server::empty();
    for route in routes().iter().filter(|route| route.path.contains('{')) {
        let parts: Vec<&str> =
            route.path.split('/').map(|part| if part.starts_with('{') { "%FF" } else { part }).collect();
        let request = Request::builder().method(route.method).uri(parts.join("/"));
        let request =
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from("{}")).unwrap();
        let answer = server.send(request).await;
        if !answer.status.is_success() {
            let content_type = answer.header(header::CONTENT_TYPE);
            assert_eq!(content_type, "application/problem+json", "{} {}", route.method, route.path);
        }
    }
}
