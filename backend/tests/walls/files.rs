//! What every file keeps to: its name, its opening comment, its place.

use crate::source::rust;

const FOLDERS: [&str; 4] = ["backend/src", "frontend/src", "crates/profile/src", "crates/wire/src"];

#[test]
fn no_module_is_a_drawer_for_everything() {
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
fn every_module_says_what_it_is_for() {
    for folder in FOLDERS {
        for source in rust(folder) {
            assert!(source.text.starts_with("//!"), "{} does not open with a module comment", source.path);
        }
    }
}

#[test]
fn a_module_with_files_of_its_own_is_a_folder_with_mod_rs() {
    for folder in FOLDERS {
        let sources = rust(folder);
        let beside = |path: &str| format!("{}/", path.trim_end_matches(".rs"));
        for source in &sources {
            let inside = beside(&source.path);
            let split = sources.iter().find(|other| other.path.starts_with(&inside));
            assert!(split.is_none(), "{} stands beside its folder: move it to {inside}mod.rs", source.path);
        }
    }
}
