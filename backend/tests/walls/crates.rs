//! The dependencies of the crates, and the names that the pure crates must not use.

use crate::source::root;
use crate::wall::only;
use std::fs;

/// Our crates that a manifest links, in any of its tables of dependencies but those of tests.
fn linked(manifest: &str) -> Vec<&str> {
    let tables = manifest.split("\n[").filter(|table| {
        let name = table.split(']').next().unwrap_or_default();
        name.ends_with("dependencies") && !name.starts_with("dev-")
    });
    let names = tables.flat_map(str::lines).filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| name.starts_with("flarepath")).collect()
}

#[test]
fn dependencies_point_one_way() {
    let breaking = "[package]\nname = \"flarepath-wire\"\n[target.'cfg(unix)'.dependencies]\nflarepath.workspace = true\n\
                    [dependencies]\nflarepath-profile = { path = \"x\" }\n[dev-dependencies]\nflarepath-frontend = \"1\"";
    assert_eq!(linked(breaking), ["flarepath", "flarepath-profile"]);
    for (folder, allowed) in [
        ("crates/profile", &[] as &[&str]),
        ("crates/charts", &["flarepath-profile"]),
        ("crates/wire", &["flarepath-profile"]),
        ("backend", &["flarepath-profile", "flarepath-wire"]),
        ("frontend", &["flarepath-charts", "flarepath-profile", "flarepath-wire"]),
    ] {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        assert_eq!(linked(&manifest), allowed, "{folder}");
    }
}

/// I/O, the clock and the DOM.
const IMPURE: [&str; 9] = [
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

#[test]
fn profile_and_wire_use_no_io_and_no_clock() {
    only("crates/profile/src", &[], &IMPURE);
    only("crates/wire/src", &[], &IMPURE);
}

#[test]
fn charts_use_no_io_and_no_clock() {
    only("crates/charts/src", &[], &IMPURE);
}
