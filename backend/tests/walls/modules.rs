//! The modules of a crate, and the modules that each of them names, without its tests.

use crate::source::{Source, code};
use std::collections::BTreeMap;

/// A path from the crate's root, such as `["auth", "gate"]` of `auth/gate.rs`. That of the root is empty.
pub(crate) type Path = Vec<String>;

/// `use` lines that lead to each other are followed this far.
const MOST_STEPS: usize = 8;

/// All modules of a crate by their path.
pub(crate) struct Modules {
    files: BTreeMap<Path, File>,
}

struct File {
    code: String,
    /// What its `use` lines import, by the name that it has here.
    names: BTreeMap<String, Path>,
    /// What it imports all of.
    globs: Vec<Path>,
    /// Every path that it names, from the crate's root.
    paths: Vec<Path>,
}

impl Modules {
    pub(crate) fn of(folder: &str, sources: &[Source]) -> Modules {
        let mut files = BTreeMap::new();
        for source in sources {
            if let Some(path) = module_of(folder, &source.path) {
                let code = without_tests(&code(&source.text));
                files.insert(
                    path,
                    File { code, names: BTreeMap::new(), globs: Vec::new(), paths: Vec::new() },
                );
            }
        }
        let mut modules = Modules { files };
        let all: Vec<Path> = modules.files.keys().cloned().collect();
        for module in all {
            modules.read(&module);
        }
        modules
    }

    /// Notes what a module names.
    fn read(&mut self, module: &Path) {
        let code = self.files[module].code.clone();
        let (mut names, mut globs, mut paths) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (path, name) in imports(&code) {
            let Some(mut path) = self.path_from_root(module, &path) else { continue };
            if path.last().is_some_and(|last| last == "*") {
                path.pop();
                globs.push(path.clone());
            } else if let Some(name) = name.or_else(|| path.last().cloned()) {
                names.insert(name, path.clone());
            }
            paths.push(path);
        }
        paths.extend(inline_paths(&code).iter().filter_map(|path| self.path_from_root(module, path)));
        if let Some(file) = self.files.get_mut(module) {
            (file.names, file.globs, file.paths) = (names, globs, paths);
        }
    }

    /// A path that is named in `module`, from the crate's root; `None` if it is of another crate.
    fn path_from_root(&self, module: &Path, path: &[String]) -> Option<Path> {
        let mut path = path;
        if let Some((last, rest)) = path.split_last()
            && last == "self"
            && !rest.is_empty()
        {
            path = rest;
        }
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" | "super" => {
                let ups = path.iter().take_while(|part| *part == "super" || *part == "self");
                let depth = ups.clone().filter(|part| *part == "super").count();
                let base = &module[..module.len().saturating_sub(depth)];
                Some([base, &path[ups.count()..]].concat())
            }
            _ => {
                let child = [&module[..], std::slice::from_ref(first)].concat();
                self.files.contains_key(&child).then(|| [&module[..], path].concat())
            }
        }
    }

    /// The module that declares what a path from the root names, through all `use` lines on the way.
    fn declaring(&self, path: &[String], steps: usize) -> Path {
        let mut at = Path::new();
        for (i, name) in path.iter().enumerate() {
            let child = [&at[..], std::slice::from_ref(name)].concat();
            if self.files.contains_key(&child) {
                at = child;
                continue;
            }
            let Some(file) = self.files.get(&at).filter(|_| steps < MOST_STEPS) else { return at };
            let imported = file.names.get(name).filter(|target| target[..] != path[..=i]);
            if let Some(target) = imported {
                return self.declaring(&[&target[..], &path[i + 1..]].concat(), steps + 1);
            }
            if declares(&file.code, name) {
                return at;
            }
            let through = |glob: &Path| self.declaring(&[&glob[..], &path[i..]].concat(), steps + 1);
            let declares_it =
                |module: &Path| self.files.get(module).is_some_and(|file| declares(&file.code, name));
            return file.globs.iter().map(through).find(declares_it).unwrap_or(at);
        }
        at
    }

    /// The modules that each module names, apart from those that it is in and those in it. Without modules of tests.
    pub(crate) fn edges(&self) -> BTreeMap<Path, Vec<Path>> {
        let is_test = |module: &Path| module.iter().any(|part| part == "tests");
        let of = |(module, file): (&Path, &File)| {
            let named = file.paths.iter().map(|path| self.declaring(path, 0));
            let mut named: Vec<Path> =
                named.filter(|other| !other.starts_with(module) && !module.starts_with(other)).collect();
            named.sort();
            named.dedup();
            (module.clone(), named)
        };
        self.files.iter().filter(|(module, _)| !is_test(module)).map(of).collect()
    }
}

/// The module of a file; `None` for `main.rs` and the entry points in `bin`, which are other crates.
fn module_of(folder: &str, path: &str) -> Option<Path> {
    let inside = path.strip_prefix(folder)?.trim_start_matches('/').strip_suffix(".rs")?;
    let mut parts: Path = inside.split('/').map(str::to_owned).collect();
    if ["main", "bin"].contains(&parts[0].as_str()) {
        return None;
    }
    if parts == ["lib"] || parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    Some(parts)
}

/// Code without the items that are compiled for tests only.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some((before, item)) = rest.split_once("#[cfg(test)]") {
        kept.push_str(before);
        rest = &item[item_end(item)..];
    }
    kept + rest
}

/// Bytes of the item that `text` begins with: up to its semicolon or its last brace.
fn item_end(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Paths of all `use` lines, each with the other name that it is given.
fn imports(code: &str) -> Vec<(Path, Option<String>)> {
    let mut found = Vec::new();
    for (at, keyword) in code.match_indices("use ") {
        let begins = code[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == ')' || c == '{');
        if let Some(end) = code[at..].find(';').filter(|_| begins) {
            branches("", &code[at + keyword.len()..at + end], &mut found);
        }
    }
    found
}

/// Adds the paths of an import: `prefix`, then the branches of `tree`.
fn branches(prefix: &str, tree: &str, found: &mut Vec<(Path, Option<String>)>) {
    let Some((head, rest)) = tree.split_once('{') else {
        let (path, name) = tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name)));
        let path = format!("{prefix}{}", path.trim());
        let parts = path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
        found.push((parts.collect(), name.map(|name| name.trim().to_owned())));
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let inside = rest.rsplit_once('}').map_or(rest, |(inside, _)| inside);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inside.char_indices().chain([(inside.len(), ',')]) {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            if !inside[start..at].trim().is_empty() {
                branches(&prefix, &inside[start..at], found);
            }
            start = at + 1;
        }
    }
}

/// Paths in code that begin with `crate`, `super` or `self`.
fn inline_paths(code: &str) -> Vec<Path> {
    let mut found = Vec::new();
    for first in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(first) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let end = code[at..].find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            let path = &code[at..end.map_or(code.len(), |end| at + end)];
            let parts = path.split("::").take_while(|part| !part.is_empty() && !part.contains(':'));
            found.push(parts.map(str::to_owned).collect());
        }
    }
    found
}

/// Whether code declares an item of this name.
fn declares(code: &str, name: &str) -> bool {
    let words = code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let keywords =
        ["struct", "enum", "trait", "type", "fn", "const", "static", "mod", "union", "macro_rules"];
    words
        .clone()
        .zip(words.skip(1))
        .any(|(keyword, declared)| declared == name && keywords.contains(&keyword))
}

#[test]
fn names_lead_to_the_module_that_declares_them() {
    let source = |path: &str, text: &str| Source::new(&format!("x/src/{path}"), text);
    let modules = Modules::of(
        "x/src",
        &[
            source("lib.rs", "pub mod a;"),
            source("a/mod.rs", "mod b;\nmod c;\npub(crate) use b::{B, other as renamed};\npub use c::*;"),
            source("a/b.rs", "pub(crate) struct B;"),
            source(
                "a/c.rs",
                "pub fn f() { super::renamed::g() }\n#[cfg(test)]\nmod tests { use super::super::b; }",
            ),
            source("d.rs", "use crate::a::{self, B};\nfn g() { crate::a::f() }"),
        ],
    );
    let edges = modules.edges();
    let named = |module: &[&str]| -> Vec<String> {
        let module: Path = module.iter().map(|part| (*part).to_owned()).collect();
        edges[&module].iter().map(|path| path.join("::")).collect()
    };
    assert_eq!(named(&["d"]), ["a", "a::b", "a::c"]);
    assert_eq!(named(&["a", "c"]), ["a::b"]);
    assert_eq!(named(&["a"]), [""; 0], "its own children do not count");
}
