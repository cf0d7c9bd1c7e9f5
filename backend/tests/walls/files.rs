//! Rules for every file: its name, its module comment, its place. Each check first proves that it finds a made-up violation.

use crate::source::{Source, rust};

const FOLDERS: [&str; 4] = ["backend/src", "frontend/src", "crates/profile/src", "crates/wire/src"];

/// Names that say nothing about what is in a module.
const CATCH_ALL: [&str; 6] = ["utils", "util", "common", "helpers", "misc", "shared"];

/// Words that a module comment must not begin with: its first noun is its subject.
const RIDDLES: [&str; 8] = ["What", "Who", "Where", "When", "Which", "Whether", "How", "Why"];

/// Fails if `offends` finds a file, or does not find the made-up one.
fn no_file(made_up: (&str, &str), offends: impl Fn(&Source, &[Source]) -> bool) {
    let (path, text) = made_up;
    let made_up = Source::new(path, text);
    assert!(offends(&made_up, &rust(FOLDERS[0])), "{path} would not be found");
    for folder in FOLDERS {
        let sources = rust(folder);
        let found: Vec<&String> =
            sources.iter().filter(|source| offends(source, &sources)).map(|source| &source.path).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn no_module_has_a_catch_all_name() {
    no_file(("backend/src/query/helpers/mod.rs", ""), |source, _| {
        source.path.split('/').any(|part| CATCH_ALL.contains(&part.trim_end_matches(".rs")))
    });
}

#[test]
fn every_module_has_a_module_comment() {
    no_file(("backend/src/x.rs", "use std::fs;"), |source, _| !source.text.starts_with("//! "));
}

#[test]
fn module_comments_begin_with_their_subject() {
    no_file(("backend/src/x.rs", "//! How a refusal is answered."), |source, _| {
        let first = source.text.trim_start_matches("//! ").split_whitespace().next();
        first.is_some_and(|word| RIDDLES.contains(&word))
    });
}

#[test]
fn a_module_with_submodules_is_a_folder_with_mod_rs() {
    no_file(("backend/src/store.rs", ""), |source, sources| {
        let inside = format!("{}/", source.path.trim_end_matches(".rs"));
        sources.iter().any(|other| other.path.starts_with(&inside))
    });
}
