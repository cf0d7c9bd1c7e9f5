//! The walls of the house, checked by reading the sources: who may name what. Comments do not count.

#![allow(missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Rust sources below `folder`, by their path from the root.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut pending = vec![root().join(folder)];
    while let Some(at) = pending.pop() {
        for entry in fs::read_dir(&at).unwrap_or_else(|e| panic!("{}: {e}", at.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, code(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    assert!(!found.is_empty(), "no sources below {folder}");
    found
}

/// The text without comments and without what is quoted on one line. A quote that is a character (`'"'`) may hide
/// the rest of its line, which errs on the side of passing.
fn code(text: &str) -> String {
    let line =
        |line: &str| line.split("//").next().unwrap_or_default().split('"').step_by(2).collect::<String>();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a path in the text goes through `word` (`word::…`), or the text uses a word with `::` in it.
fn names(text: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(part_of_word);
        let rest = &text[at + word.len()..];
        !before && if word.contains("::") { !rest.starts_with(part_of_word) } else { rest.starts_with("::") }
    })
}

/// Fails when a source below `folder` outside of `allowed` names one of `words`.
fn only(folder: &str, allowed: &[&str], words: &[&str]) {
    let mut offences = Vec::new();
    for (path, text) in sources(folder) {
        if allowed.iter().any(|prefix| path.starts_with(prefix)) {
            continue;
        }
        offences.extend(words.iter().filter(|w| names(&text, w)).map(|w| format!("{path} names {w}")));
    }
    assert!(offences.is_empty(), "{offences:#?}");
}

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
    let handlers = sources("backend/src/http");
    let offences: Vec<&String> =
        handlers.iter().filter(|(_, text)| text.contains("ProfileStore")).map(|(path, _)| path).collect();
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
    for (path, text) in sources("frontend/src") {
        let rim =
            ["frontend/src/canvas/", "frontend/src/browser/", "frontend/src/api/", "frontend/src/worker"];
        let painter = path.starts_with("frontend/src/views/") && path.contains("painter");
        let allowed = painter || rim.iter().any(|prefix| path.starts_with(prefix));
        assert!(allowed || !names(&text, "web_sys"), "{path} names web_sys");
    }
}

#[test]
fn no_module_is_a_drawer_for_everything() {
    for folder in ["backend/src", "frontend/src", "crates/profile/src", "crates/wire/src"] {
        for (path, _) in sources(folder) {
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
        for (path, _) in sources(folder) {
            let text = fs::read_to_string(root().join(&path)).unwrap();
            assert!(text.starts_with("//!"), "{path} does not open with a module comment");
        }
    }
}

#[test]
fn names_are_found_in_code_only() {
    assert!(names("use axum::Router;", "axum"));
    assert!(!names("maxum::x axum_test axum", "axum"));
    assert!(names("use std::fs;", "std::fs") && !names("std::fsync", "std::fs"));
    assert_eq!(code("a // axum\nb(\"axum::x\")"), "a \nb()");
}
