//! The rooms of the backend: their order, and the only places for axum, the SQL driver, stores and wire types.

use crate::wall::{downward, nowhere_else, only};

/// Lowest first. A room imports rooms of its own line and of lines above it here.
pub(crate) const ROOMS: &[&[&str]] = &[
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
    &["indicators", "ingest", "query"],
    &["audit", "backup", "demo", "markers", "pyroscope", "self_profile", "sharing"],
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
    only("backend/src", &["backend/src/http/"], &["axum", "tower_http"]);
    // Parca is asked over gRPC: tonic's client, and nothing else of it.
    only("backend/src", &["backend/src/http/", "backend/src/store/parca/client.rs"], &["tonic"]);
    only("backend/src", &["backend/src/http/"], &["tonic::server"]);
}

#[test]
fn only_records_embedded_store_and_sqlite_name_the_sql_driver() {
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
    nowhere_else("backend/src/http", &[], "ProfileStore");
}

#[test]
fn adapters_of_stores_are_below_store() {
    let tests = ["backend/src/query/tests", "backend/src/query/regression/tests"];
    let allowed: Vec<&str> = ["backend/src/store/"].into_iter().chain(tests).collect();
    nowhere_else("backend/src", &allowed, "ProfileStore for");
    nowhere_else("backend/src", &allowed, "Freshness for");
}

#[test]
fn routes_are_below_http() {
    nowhere_else("backend/src", &["backend/src/http/"], "Route::");
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
    only("backend/src", &["backend/src/store/"], &["store::parca", "ParcaStore"]);
    only("backend/src", &["backend/src/store/"], &["store::pyroscope", "PyroscopeStore"]);
    only(
        "backend/src",
        &["backend/src/store/", "backend/src/cli/clickhouse"],
        &["store::clickhouse", "ClickHouseStore"],
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
    only("backend/src", &allowed, &["regex", "regex_syntax", "regex_automata"]);
}

#[test]
fn sources_of_metrics_are_asked_in_one_place() {
    // It prints the query with the bounds in it; the others pass it on.
    let allowed =
        ["service.rs", "cached.rs", "prometheus/"].map(|file| format!("backend/src/indicators/{file}"));
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    for asks in [".range(query", ".range(&query"] {
        nowhere_else("backend/src/indicators", &allowed, asks);
    }
    nowhere_else("backend/src", &["backend/src/indicators/"], "MetricsSource");
}
