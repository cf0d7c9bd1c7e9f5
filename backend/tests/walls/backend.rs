//! The rooms of the backend: their order, and the only places for axum, the SQL driver, stores and wire types.

use crate::source::rust;
use crate::wall::{downward, only};

/// Lowest first. A room imports rooms of its own line and of lines above it here.
const ROOMS: &[&[&str]] = &[
    &[
        "allocator",
        "clock",
        "config",
        "opened_file",
        "os",
        "problem",
        "request_memory",
        "selector",
        "shutdown",
        "sqlite",
        "web_client",
        "work",
    ],
    &["db", "telemetry"],
    &["jobs"],
    &["store"],
    &["auth"],
    &["ingest", "query"],
    &["audit", "backup", "demo", "pyroscope", "self_profile", "sharing"],
    &["app"],
    &["http"],
    &["cli"],
];

#[test]
fn rooms_import_only_downward() {
    downward("backend/src", ROOMS);
}

#[test]
fn only_http_names_axum_and_tonic() {
    only("backend/src", &["backend/src/http/"], &["axum", "tonic", "tower_http"]);
}

#[test]
fn only_our_records_the_embedded_store_and_what_they_share_name_the_sql_driver() {
    only(
        "backend/src",
        &["backend/src/db/", "backend/src/sqlite/", "backend/src/store/embedded/"],
        &["sqlx"],
    );
}

#[test]
fn handlers_use_the_querier_and_stores_use_no_http() {
    only("backend/src/store", &[], &["crate::http", "axum"]);
    only("backend/src/query", &[], &["crate::http", "axum"]);
    let handlers = rust("backend/src/http");
    let offences: Vec<&String> =
        handlers.iter().filter(|s| s.code.contains("ProfileStore")).map(|s| &s.path).collect();
    assert!(offences.is_empty(), "handlers must use the querier, not the store: {offences:?}");
}

#[test]
fn configuration_imports_no_other_room() {
    let rooms: Vec<String> = ROOMS
        .iter()
        .copied()
        .flatten()
        .filter(|&&room| room != "config")
        .map(|room| format!("crate::{room}"))
        .collect();
    only("backend/src/config", &[], &rooms.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn authorization_and_records_use_no_http_queries_or_stores() {
    only("backend/src/auth", &[], &["crate::http", "crate::query", "crate::store", "axum"]);
    only("backend/src/db", &[], &["crate::auth", "crate::sharing", "crate::store"]);
}

#[test]
fn only_the_factory_names_the_embedded_store() {
    only(
        "backend/src",
        &["backend/src/store/", "backend/src/app/readiness"],
        &["store::embedded", "EmbeddedStore"],
    );
}

#[test]
fn wire_types_stop_at_http() {
    // A share stores the message that the browser opens.
    let allowed = ["backend/src/http/", "backend/src/cli/", "backend/src/sharing/payload"];
    only("backend/src", &allowed, &["flarepath_wire"]);
}

#[test]
fn label_patterns_are_compiled_in_one_place() {
    // The demo's services use CPU in regular expressions on purpose.
    let allowed = ["backend/src/selector/", "backend/src/demo/"];
    only("backend/src", &allowed, &["regex"]);
}
