//! Two kinds of checks: names that only some folders may use, and the order of rooms. Each check first proves on a made-up
//! line that it would find a violation.

use crate::source::{Source, rust};

/// Whether a path in the code goes through `word` (`word::…`), or the code uses a word with `::` in it. A word that
/// ends in `(` or `.`, or begins with `.`, is searched for literally.
pub(crate) fn names(code: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let starts_word = word.starts_with(part_of_word);
    code.match_indices(word).any(|(at, _)| {
        let before = starts_word && code[..at].chars().next_back().is_some_and(part_of_word);
        let rest = &code[at + word.len()..];
        let ends = if word.ends_with(['(', '.']) {
            true
        } else if word.contains("::") || word.starts_with('.') {
            !rest.starts_with(part_of_word)
        } else {
            rest.starts_with("::")
        };
        !before && ends
    })
}

/// Sources that name one of `words` and are not below one of `allowed`.
pub(crate) fn offences(sources: &[Source], allowed: &[&str], words: &[&str]) -> Vec<String> {
    let outside = sources.iter().filter(|s| !allowed.iter().any(|prefix| s.path.starts_with(prefix)));
    let named = |s: &Source| {
        words.iter().filter(|w| names(&s.code, w)).map(|w| format!("{} names {w}", s.path)).collect()
    };
    outside.flat_map(|s| -> Vec<String> { named(s) }).collect()
}

/// Fails when a source below `folder` outside of `allowed` names one of `words`.
pub(crate) fn only(folder: &str, allowed: &[&str], words: &[&str]) {
    for word in words {
        for line in breaking(word) {
            let made_up = Source::new(&format!("{folder}/breaks_the_wall.rs"), &line);
            assert_eq!(
                offences(&[made_up], allowed, &[word]).len(),
                1,
                "{word} would not be found in {line}"
            );
        }
    }
    let found = offences(&rust(folder), allowed, words);
    assert!(found.is_empty(), "{found:#?}");
}

/// Made-up lines that use `word`, imported in every way that there is.
fn breaking(word: &str) -> Vec<String> {
    if word.ends_with('(') {
        return vec![format!("fn f() {{ {word}); }}")];
    }
    if word.ends_with('.') {
        return vec![format!("fn f() {{ {word}x(); }}")];
    }
    if word.starts_with('.') {
        return vec![format!("fn f() {{ x{word}(); }}")];
    }
    let nested = word.replace("::", "::{");
    let closing = "}".repeat(word.matches("::").count());
    let mut lines = vec![
        format!("use {word}::x;"),
        format!("use {word} as other;"),
        format!("use {nested}::{{self, x}}{closing};"),
    ];
    if word.contains("::") {
        lines.push(format!("use {nested}{closing};"));
    }
    lines
}

/// Fails if a source below `folder` outside of `allowed` has `text` in its code.
pub(crate) fn nowhere_else(folder: &str, allowed: &[&str], text: &str) {
    let found = |sources: &[Source]| -> Vec<String> {
        let outside = sources.iter().filter(|s| !allowed.iter().any(|prefix| s.path.starts_with(prefix)));
        outside.filter(|s| s.code.contains(text)).map(|s| s.path.clone()).collect()
    };
    let made_up = Source::new(&format!("{folder}/breaks_the_wall.rs"), &format!("impl {text} X {{}}"));
    assert_eq!(found(&[made_up]).len(), 1, "{text} would not be found");
    let found = found(&rust(folder));
    assert!(found.is_empty(), "{text}: {found:#?}");
}

/// Fails if a room below `folder` imports a higher one. `rooms` are the modules of the crate, lowest first; those in one
/// entry are on the same level and may import each other.
pub(crate) fn downward(folder: &str, rooms: &[&[&str]]) {
    let level = |room: &str| rooms.iter().position(|level| level.contains(&room));
    let check = |sources: &[Source]| -> Vec<String> {
        let mut found = Vec::new();
        for source in sources {
            let Some(room) = room_of(folder, &source.path) else { continue };
            let Some(own) = level(&room) else {
                found.push(format!("{} is in no room of the list", source.path));
                continue;
            };
            for target in imports(folder, source) {
                if level(&target).is_some_and(|level| level > own) {
                    found.push(format!("{} ({room}) imports {target}", source.path));
                }
            }
        }
        found
    };
    let (lowest, highest) = (rooms[0][0], rooms[rooms.len() - 1][0]);
    for line in [format!("use crate::{highest}::x;"), format!("use crate::{{{lowest}::y, {highest}::x}};")] {
        let made_up = Source::new(&format!("{folder}/{lowest}/breaks_the_wall.rs"), &line);
        assert_eq!(check(&[made_up]).len(), 1, "{line} would not be found");
    }
    let made_up =
        Source::new(&format!("{folder}/{lowest}/a/b.rs"), &format!("use super::super::super::{highest};"));
    assert_eq!(check(&[made_up]).len(), 1, "an import through super would not be found");
    let found = check(&rust(folder));
    assert!(found.is_empty(), "{found:#?}");
}

/// The module of the crate that a file belongs to; `None` for `lib.rs`, `main.rs` and the entry points in `bin`.
fn room_of(folder: &str, path: &str) -> Option<String> {
    let inside = path.strip_prefix(folder)?.trim_start_matches('/');
    let first = inside.split('/').next()?;
    let name = first.trim_end_matches(".rs");
    (!["lib", "main", "bin"].contains(&name)).then(|| name.to_owned())
}

/// The modules of the crate that a file names, through `crate::` or through `super::` up to the root.
fn imports(folder: &str, source: &Source) -> Vec<String> {
    let inside = source.path.strip_prefix(folder).unwrap_or_default().trim_start_matches('/');
    // `a/b.rs` and `a/b/mod.rs` are both two modules below the root.
    let depth = inside.trim_end_matches("mod.rs").trim_end_matches('/').split('/').count();
    let to_root = "super::".repeat(depth);
    let mut found = Vec::new();
    for prefix in ["crate::", to_root.as_str()] {
        for (at, _) in source.code.match_indices(prefix) {
            let before = source.code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            found.extend(first_words(&source.code[at + prefix.len()..]));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// `a` of `a::b`, or `a` and `c` of `{a::b, c::{d, e}}`.
fn first_words(path: &str) -> Vec<String> {
    let word =
        |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let mut found = Vec::new();
    let mut depth = 0;
    let mut item = String::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(std::mem::take(&mut item)),
            _ if depth == 0 => item.push(c),
            _ => {}
        }
    }
    found.push(item);
    found.iter().map(|item| word(item.trim())).filter(|name| !name.is_empty()).collect()
}

#[test]
fn names_are_found_as_whole_words() {
    assert!(names("use axum::Router;", "axum"));
    assert!(!names("maxum::x axum_test axum", "axum"));
    assert!(names("use std::fs;", "std::fs") && !names("std::fsync", "std::fs"));
    assert!(names("x.dyn_into::<T>()", ".dyn_into") && !names("x.dyn_into_y()", ".dyn_into"));
    assert!(names("tokio::spawn(f)", "tokio::spawn(") && !names("tokio::spawn_blocking(f)", "tokio::spawn("));
    assert!(names("window().name()", "window().") && !names("a_window().name()", "window()."));
}
