//! The rooms of the backend: which may import which, and who may name axum, the SQL driver, clocks and tasks.

use crate::source::rust;
use crate::wall::{downward, only};

/// Lowest first. A room imports rooms of its own line and of lines above it here.
const ROOMS: &[&[&str]] = &[
    &["clock", "selector", "shutdown", "telemetry", "web_client", "work", "config"],
    &["db"],
    &["store"],
    &["auth"],
    &["query", "ingest"],
    &["sharing", "pyroscope", "self_profile", "jobs", "demo"],
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
fn only_our_records_and_the_embedded_store_name_the_sql_driver() {
    only("backend/src", &["backend/src/db/", "backend/src/store/embedded/"], &["sqlx"]);
}

#[test]
fn handlers_hold_no_queries_and_stores_know_no_http() {
    only("backend/src/store", &[], &["crate::http", "axum"]);
    only("backend/src/query", &[], &["crate::http", "axum"]);
    let handlers = rust("backend/src/http");
    let offences: Vec<&String> =
        handlers.iter().filter(|s| s.code.contains("ProfileStore")).map(|s| &s.path).collect();
    assert!(offences.is_empty(), "handlers ask the querier, not the store: {offences:?}");
}

#[test]
fn configuration_is_plain_values() {
    only("backend/src/config", &[], &["crate::auth", "crate::store", "crate::db", "crate::sharing"]);
}

#[test]
fn wire_types_stop_at_http() {
    // What a share stores is the very message that the browser opens.
    let allowed = ["backend/src/http/", "backend/src/cli/push", "backend/src/sharing/payload"];
    only("backend/src", &allowed, &["flarepath_wire"]);
}

#[test]
fn label_patterns_are_compiled_in_one_place() {
    let allowed = ["backend/src/selector.rs"];
    only("backend/src", &allowed, &["regex"]);
}
