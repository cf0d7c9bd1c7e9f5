//! The walls of the house, checked by reading the sources: who may name what. Comments do not count.

#![allow(missing_docs)]

mod source;
mod wall;

use source::{root, rust};
use std::fs;
use wall::{names, only};

fn dependencies(manifest: &str) -> String {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let (_, after) = text.split_once("[dependencies]").unwrap();
    after.split("\n[").next().unwrap().to_owned()
}

#[test]
fn dependencies_point_one_way() {
    for (manifest, never) in [
        ("crates/profile/Cargo.toml", &["flarepath-wire", "flarepath ", "flarepath-frontend"][..]),
        ("crates/wire/Cargo.toml", &["flarepath ", "flarepath-frontend"]),
        ("backend/Cargo.toml", &["flarepath-frontend"]),
        ("frontend/Cargo.toml", &["flarepath ", "flarepath.workspace"]),
    ] {
        let listed = dependencies(manifest);
        for name in never {
            assert!(!listed.contains(name), "{manifest} depends on {name}");
        }
    }
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
fn wire_types_stop_at_http_and_at_the_client() {
    // What a share stores is the very message that the browser opens.
    let allowed = ["backend/src/http/", "backend/src/cli/push", "backend/src/sharing/payload"];
    only("backend/src", &allowed, &["flarepath_wire"]);
    // A local file's tree travels from the worker to the page in the same columns as from the server, and a saved page
    // holds its trees in them.
    let local = [
        "frontend/src/local_file/",
        "frontend/src/state/local_",
        "frontend/src/worker",
        "frontend/src/views/save/saved.rs",
    ];
    only("frontend/src", &[&["frontend/src/api/"][..], &local].concat(), &["flarepath_wire"]);
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
fn the_profile_crate_does_no_io_and_knows_no_clock() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "std::thread",
        "std::time::Instant",
        "std::time::SystemTime",
        "web_sys",
        "js_sys",
        "tokio",
    ];
    only("crates/profile/src", &[], &words);
    only("crates/wire/src", &[], &words);
}

#[test]
fn only_rims_of_the_frontend_name_the_browser() {
    for source in rust("frontend/src") {
        let path = &source.path;
        let rim =
            ["frontend/src/canvas/", "frontend/src/browser/", "frontend/src/api/", "frontend/src/worker"];
        let painter = path.starts_with("frontend/src/views/") && path.contains("painter");
        let allowed = painter || rim.iter().any(|prefix| path.starts_with(prefix));
        assert!(allowed || !names(&source.code, "web_sys"), "{path} names web_sys");
    }
}

#[test]
fn no_module_is_a_drawer_for_everything() {
    for folder in ["backend/src", "frontend/src", "crates/profile/src", "crates/wire/src"] {
        for source in rust(folder) {
            let path = &source.path;
            for part in path.split('/') {
                let name = part.trim_end_matches(".rs");
                assert!(!["utils", "util", "common", "helpers", "misc", "shared"].contains(&name), "{path}");
            }
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for folder in ["backend/src", "frontend/src", "crates/profile/src", "crates/wire/src"] {
        for source in rust(folder) {
            assert!(source.text.starts_with("//!"), "{} does not open with a module comment", source.path);
        }
    }
}
