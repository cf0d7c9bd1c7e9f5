//! Rules for every file: its name, its module comment, its place.

use crate::source::rust;

const FOLDERS: [&str; 4] = ["backend/src", "frontend/src", "crates/profile/src", "crates/wire/src"];

#[test]
fn no_module_has_a_catch_all_name() {
    for folder in FOLDERS {
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
fn every_module_has_a_module_comment() {
    for folder in FOLDERS {
        for source in rust(folder) {
            assert!(source.text.starts_with("//!"), "{} does not start with a module comment", source.path);
        }
    }
}

#[test]
fn a_module_with_submodules_is_a_folder_with_mod_rs() {
    for folder in FOLDERS {
        let sources = rust(folder);
        let beside = |path: &str| format!("{}/", path.trim_end_matches(".rs"));
        for source in &sources {
            let inside = beside(&source.path);
            let split = sources.iter().find(|other| other.path.starts_with(&inside));
            assert!(split.is_none(), "{} is beside its folder: move it to {inside}mod.rs", source.path);
        }
    }
}
