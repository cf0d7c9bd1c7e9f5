//! The OpenAPI 3.1 document, generated from the route table and the schemas of the messages.

mod content;
mod example;
mod field_rules;
mod field_table;
mod fields;
mod operation;
mod protocols;
mod query_fields;
mod schemas;
mod statuses;

use super::route::Route;
use operation::operation;
pub(crate) use schemas::{Named, add};
use serde_json::{Map, Value, json};

/// The document that describes `routes`.
pub(super) fn document(routes: &[Route]) -> Value {
    let schemas = schemas::all();
    let mut paths = Map::new();
    for route in routes {
        let operations = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        operations[route.method.to_ascii_lowercase()] = operation(route, &schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Flarepath",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Responses are JSON or, with `Accept: application/x-protobuf`, protobuf with the same fields. Errors are \
                            `application/problem+json` (RFC 9457). `x-permission` is the permission that the caller must have on \
                            the profiles concerned.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": security_schemes() },
    })
}

/// Authentication schemes.
fn security_schemes() -> Value {
    json!({
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-fp_session",
            "description": "A browser session; named `fp_session` over plain HTTP on localhost.",
        },
        "bearer": { "type": "http", "scheme": "bearer", "description": "An API token." },
        "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "An API token as the password, with any user name: what profilers send.",
        },
    })
}
