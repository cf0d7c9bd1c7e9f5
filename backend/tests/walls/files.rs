//! Rules for every file: its name, its module comment, its place. Each check first proves that it finds a made-up violation.

use crate::source::{Source, rust};

const FOLDERS: [&str; 5] =
    ["backend/src", "frontend/src", "crates/charts/src", "crates/profile/src", "crates/wire/src"];

/// Names that say nothing about what is in a module.
const CATCH_ALL: [&str; 6] = ["utils", "util", "common", "helpers", "misc", "shared"];

/// Names of files and folders that were riddles.
const RIDDLE_NAMES: [&str; 15] = [
    "asked",
    "beside",
    "cleaned",
    "desk",
    "door",
    "held",
    "leave",
    "made",
    "next",
    "told",
    "when",
    "whole",
    "wish",
    "worker_rim",
    "written",
];

/// Names of types that were riddles: a type is named by the noun of what it is.
const RIDDLE_TYPES: [&str; 7] = ["Asked", "Desk", "Held", "Made", "Told", "Wish", "Written"];

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
fn files_and_types_are_named_by_nouns_of_the_field() {
    no_file(("frontend/src/pages/door/mod.rs", ""), |source, _| {
        source.path.split('/').any(|part| RIDDLE_NAMES.contains(&part.trim_end_matches(".rs")))
    });
    no_file(("backend/src/sharing/x.rs", "pub(crate) struct ShareDesk;\nenum Held { A }"), |source, _| {
        declared_types(&source.code).any(|name| RIDDLE_TYPES.iter().any(|riddle| name.ends_with(riddle)))
    });
}

/// Names of the types that code declares.
fn declared_types(code: &str) -> impl Iterator<Item = &str> {
    let words = code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let after = words.clone().skip(1);
    words
        .zip(after)
        .filter(|(keyword, _)| ["struct", "enum", "trait", "type"].contains(keyword))
        .map(|(_, name)| name)
}

#[test]
fn every_module_has_a_module_comment() {
    no_file(("backend/src/x.rs", "use std::fs;"), |source, _| !source.text.starts_with("//! "));
}

/// Comments such as “Its name.” above `pub(crate) user_name`, which say nothing that the name does not say. Public items need one.
fn echoes(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let alone = lines.windows(3).filter(|three| !three[0].starts_with("///"));
    alone.filter(|three| is_echo(three[1], three[2])).map(|three| three[1]).collect()
}

fn is_echo(comment: &str, item: &str) -> bool {
    let articles = ["Its ", "The ", "A ", "An "];
    let noun = comment.strip_prefix("/// ").and_then(|text| text.strip_suffix('.'));
    let noun = noun.and_then(|text| articles.iter().find_map(|article| text.strip_prefix(article)));
    let name = item.strip_prefix("pub(").and_then(|item| item.split_once(") ")).map(|(_, declared)| {
        let keyword =
            |word: &&str| ["async", "const", "fn", "struct", "enum", "trait", "type"].contains(word);
        declared.split_whitespace().find(|word| !keyword(word)).unwrap_or_default()
    });
    let (Some(noun), Some(name)) = (noun, name) else { return false };
    let name: String =
        name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').filter(|c| *c != '_').collect();
    noun.split_whitespace().all(|word| name.to_lowercase().contains(&word.to_lowercase()))
}

#[test]
fn comments_say_more_than_names() {
    no_file(
        ("backend/src/x.rs", "struct X {\n    /// Its name.\n    pub(crate) user_name: String,\n}"),
        |source, _| !echoes(&source.text).is_empty(),
    );
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
