//! The dependencies of the crates, and the names that the pure crates must not use.

use crate::source::root;
use crate::wall::only;
use std::fs;

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
fn profile_and_wire_use_no_io_and_no_clock() {
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
