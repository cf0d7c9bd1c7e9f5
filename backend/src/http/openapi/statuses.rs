//! Error statuses of a route: those that it states, and those that follow from its permission, body and answer.

use super::content::{bytes, json};
use crate::auth::Permission;
use crate::http::doc::Answer;
use crate::http::protocol::Protocol;
use crate::http::route::Route;
use crate::http::routes::params::STORE;
use crate::problem::ProblemKind;
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

type Statuses = &'static [(u16, &'static str)];

/// Of the middleware around every route ([`crate::http::middleware`]) and of the connection.
const ALWAYS: Statuses = &[
    (400, "A part of the request is malformed: the path, the query string, or the header `Host`"),
    (403, "The request comes from another site's page, or names a host that is not this server's"),
    (431, "The headers are too large"),
    (500, "Internal error; see the server's log"),
    (503, "The server is overloaded, or a database does not work"),
    (504, "The request did not complete in time"),
];

/// Of every route that is not public.
const REFUSALS: Statuses = &[
    (401, "Not signed in, or the token is invalid, expired or revoked"),
    (403, "The caller lacks the permission, or the request comes from another site's page"),
    (503, "The server has not been set up yet, or is overloaded"),
];

/// Of every body.
const BODIES: Statuses = &[
    (408, "The body stopped arriving"),
    (413, "The body is too large, or needs more memory than a request may take"),
    (415, "The content type or the content encoding is not supported"),
];

/// Of every query of the profile store.
const QUERIES: Statuses = &[
    (413, "The query exceeds a limit of the profile store; request a shorter range or fewer series"),
    (500, "The store failed"),
    (501, "The profile store does not support this query"),
    (502, "The profile store is unreachable, or denied access to the server"),
    (
        503,
        "The server is busy and has no room for another query to wait; `Retry-After` says when to try again",
    ),
    (504, "The query timed out; request a shorter range"),
    (507, "The disk is full"),
];

/// Of every route that reads a store that may be named.
const STORES: Statuses = &[(404, "The caller may read no store of this name")];

/// Of everything that stores profiles.
const INGEST: Statuses = &[
    (501, "No store of this server takes pushes (`ingest.store`)"),
    (502, "The profile store is unreachable, or denied access to the server"),
    (507, "The disk is full"),
];

/// The failures of a route, by status. What the route says of a status takes precedence.
pub(super) fn failures(route: &Route, schemas: &Map<String, Value>) -> Map<String, Value> {
    let mut statuses: BTreeMap<u16, &str> = BTreeMap::new();
    let mut add = |more: Statuses| statuses.extend(more.iter().copied());
    add(ALWAYS);
    if route.permission != Permission::Public {
        add(REFUSALS);
    }
    match route.permission {
        Permission::ReadProfiles | Permission::CreateShares => add(QUERIES),
        Permission::WriteProfiles => add(INGEST),
        _ => {}
    }
    if route.doc.params.iter().any(|param| param.name == STORE.name) {
        add(STORES);
    }
    if !route.doc.body.is_empty() {
        add(BODIES);
    }
    if let Answer::Message(_) | Answer::Created(_) = route.doc.answer {
        add(&[(406, "The caller accepts neither JSON nor protobuf")]);
    }
    add(route.doc.errors);
    let described = |(status, when): (u16, &str)| (status.to_string(), failure(route, status, when, schemas));
    statuses.into_iter().map(described).collect()
}

fn failure(route: &Route, status: u16, when: &str, schemas: &Map<String, Value>) -> Value {
    // The connection answers without a body, and so does "not modified".
    if status == 431 || status < 400 {
        return json!({ "description": when });
    }
    let mut content = Map::new();
    content.insert("application/problem+json".to_owned(), problem(status, when));
    match Protocol::of(route.path, &HeaderMap::new()) {
        Protocol::Connect => {
            content.insert("application/json".to_owned(), json("connect.Error", schemas));
        }
        Protocol::Otlp(_) | Protocol::Grpc => {
            content.insert("application/json".to_owned(), json("google.rpc.Status", schemas));
            content.insert("application/x-protobuf".to_owned(), bytes("application/x-protobuf"));
        }
        Protocol::Http => {}
    }
    json!({ "description": when, "content": content })
}

/// A problem with an example of this status.
fn problem(status: u16, when: &str) -> Value {
    let kind = ProblemKind::ALL.iter().find(|kind| kind.status() == status).map_or("", |kind| kind.name());
    json!({
        "schema": { "$ref": "#/components/schemas/Problem" },
        "example": { "type": kind, "title": kind.replace('-', " "), "status": status, "detail": when },
    })
}
