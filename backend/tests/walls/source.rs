//! Sources without comments and the contents of strings.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub(crate) struct Source {
    /// Its path from the root of the project, with `/`.
    pub(crate) path: String,
    /// Its code, see [`code`], and after it what its `use` lines import, one path a line; see [`imported`].
    pub(crate) code: String,
    /// Its unchanged text.
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let mut code = code(text);
        for path in imported(&code) {
            code.push_str(&format!("\nuse {path};"));
        }
        Source { path: path.to_owned(), code, text: text.to_owned() }
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Files below `folder` whose name ends in one of `endings`, except built and installed ones.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut pending = vec![root().join(folder)];
    while let Some(at) = pending.pop() {
        for entry in fs::read_dir(&at).unwrap_or_else(|e| panic!("{}: {e}", at.display())) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if !["node_modules", "target", "testdata", ".git"].contains(&name) {
                    pending.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let path_from_root = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source::new(&path_from_root, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no {endings:?} below {folder}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Rust sources below `folder`.
pub(crate) fn rust(folder: &str) -> Vec<Source> {
    files(folder, &[".rs"])
}

/// Removes comments and the contents of strings from Rust code. Line numbers do not change.
pub(crate) fn code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let word_before = kept.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let (len, kept_part) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), "")
        } else if rest.starts_with("/*") {
            (block_comment(rest), "")
        } else if next == '"' {
            (quoted(rest, '"'), "\"\"")
        } else if let Some(len) = raw_string(rest).filter(|_| !word_before) {
            (len, "\"\"")
        } else if let Some(len) = character(rest) {
            (len, "' '")
        } else {
            (next.len_utf8(), &rest[..next.len_utf8()])
        };
        kept.push_str(kept_part);
        if kept_part.is_empty() || kept_part == "\"\"" {
            kept.extend(rest[..len].chars().filter(|&c| c == '\n'));
        }
        rest = &rest[len..];
    }
    kept
}

/// Bytes of the block comment, nested ones included, that `text` begins with.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// Bytes up to and including the closing `quote`, of a text that begins with the opening one.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Bytes of the raw string (`r"…"`, `br#"…"#`) that `text` begins with.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(body.find(&end).map_or(text.len(), |at| start + at + end.len()))
}

/// Bytes of the character literal that `text` begins with; `None` for a lifetime.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if inside.starts_with('\\') {
        return Some(quoted(text, '\''));
    }
    let first = inside.chars().next()?;
    inside[first.len_utf8()..].starts_with('\'').then_some(first.len_utf8() + 2)
}

/// The paths that `use` lines with braces or another name import: `a::b` and `a::c::` of `use a::{b, c as d};`. With `::` at
/// the end, as what follows a name that stands for a crate or a module may be anything.
fn imported(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, keyword) in code.match_indices("use ") {
        let begins = code[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == '{' || c == ')');
        let Some(end) = code[at..].find(';').filter(|_| begins) else { continue };
        let tree = &code[at + keyword.len()..at + end];
        if tree.contains('{') || tree.contains(" as ") {
            expand("", tree, &mut found);
        }
    }
    found
}

/// Adds the paths of an import: `prefix`, then the branches of `tree`.
fn expand(prefix: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        let (path, _) = tree.split_once(" as ").unwrap_or((tree, ""));
        let path = format!("{prefix}{}", path.trim());
        found.push(path.trim_end_matches("self").trim_end_matches("::").to_owned() + "::");
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let inside = rest.rsplit_once('}').map_or(rest, |(inside, _)| inside);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inside.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            expand(&prefix, &inside[start..at], found);
            start = at + 1;
        }
    }
    if !inside[start..].trim().is_empty() {
        expand(&prefix, &inside[start..], found);
    }
}

#[test]
fn imports_with_braces_are_spelled_out() {
    let paths = |text: &str| imported(text).join(" ");
    assert_eq!(paths("use std::{env, fs::{self, File}};"), "std::env:: std::fs:: std::fs::File::");
    assert_eq!(paths("pub(crate) use a::{\n    b,\n    c as d,\n};"), "a::b:: a::c::");
    assert_eq!(paths("use axum as web;\nuse x::y;\nreuse {}"), "axum::");
}

#[test]
fn comments_and_strings_are_removed() {
    for (text, expected) in [
        ("a // axum\nb(\"axum::x\")", "a \nb(\"\")"),
        // Comment markers inside a string do not hide the rest of the line.
        ("f(\"https://x\"); axum::y", "f(\"\"); axum::y"),
        ("r#\"// \"quoted\" \"#; axum::y", "\"\"; axum::y"),
        ("'\"'; axum::y // z", "' '; axum::y "),
        ("'\\''; \"//\"; tokio::x", "' '; \"\"; tokio::x"),
        ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
        ("a /* b /* c */ d */ e", "a  e"),
        ("\"two\nlines\" x", "\"\"\n x"),
        ("b\"//\" x; for_r\"y\"", "b\"\" x; for_r\"\""),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
}
