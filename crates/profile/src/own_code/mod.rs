//! Classification of functions as a service's own code or libraries, guessed from names, files and binaries.
//!
//! | sign | verdict |
//! |---|---|
//! | no symbol; a mapping that is a shared library | library |
//! | a file in `node_modules`, `site-packages`, a module cache, a registry, a toolchain | library |
//! | a package of a language's standard library or runtime | library |
//! | Rust: a crate that has `main`, or that the binary is named after | own |
//! | Rust, if such a crate is known: any other crate | library |
//! | Rust: a crate of [`library_crates`] | library |
//! | anything else | own |
//!
//! Or they are set, by [`OwnPattern`]s, or known one by one ([`OwnCode::at`]): then nothing is guessed.

mod library_crates;
mod own_positions;

use crate::frame_table::{FrameId, FrameTable, FrameText};
use crate::package::package;
use library_crates::is_library;
use std::collections::{BTreeMap, BTreeSet};

/// Folders of code that was downloaded or belongs to a toolchain.
const LIBRARY_FOLDERS: [&str; 17] = [
    "node_modules/",
    "site-packages/",
    "dist-packages/",
    "/gems/",
    "/pkg/mod/",
    // A Go module in a program that was built without paths.
    "@v0.",
    "@v1.",
    "@v2.",
    "/vendor/",
    "/go/src/",
    "/.cargo/registry/",
    "/.cargo/git/",
    "/rustc/",
    "/usr/include/",
    "/usr/lib/",
    "/lib/python",
    "node:",
];

/// First parts of packages that come with a language.
const LANGUAGE_ROOTS: [&str; 58] = [
    // Rust and C++
    "__rustc",
    "alloc",
    "core",
    "std",
    "__gnu_cxx",
    // Java
    "java",
    "javax",
    "jdk",
    "sun",
    "kotlin",
    "kotlinx",
    "scala",
    "groovy",
    // Go
    "archive",
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "fmt",
    "gcWriteBarrier",
    "hash",
    "html",
    "image",
    "internal",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "type:",
    "unicode",
    "unique",
    "vendor",
    "System",
];

/// First parts of packages that are frameworks around other code.
const FRAMEWORK_ROOTS: [&str; 13] = [
    "tokio",
    "rayon",
    "rayon_core",
    "boost",
    "absl",
    "folly",
    "jakarta",
    "golang.org",
    "google.golang.org",
    "go.uber.org",
    "gopkg.in",
    "k8s.io",
    "Microsoft",
];

/// Those whose functions have `::` in their names. `log`, `time` and others are packages of Go and crates of Rust.
const PATH_ROOTS: [&str; 5] = ["__rustc", "alloc", "core", "std", "__gnu_cxx"];

/// What every thread of a Rust program starts with.
const THREAD_START: &str = "__rust_begin_short_backtrace";

/// Beginnings of Java packages of frameworks.
const LIBRARY_PACKAGES: [&str; 6] =
    ["org.springframework", "org.apache", "org.hibernate", "io.netty", "com.fasterxml", "com.google"];

/// What counts as own code in one profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnCode {
    /// Rust crates known to be own.
    crates: BTreeSet<String>,
    /// Whether it is a Rust program.
    is_rust: bool,
    /// What was set in place of a guess.
    patterns: Option<Vec<OwnPattern>>,
    /// Source files of known functions by name, in place of both.
    functions: Option<BTreeMap<String, BTreeSet<String>>>,
}

/// Functions that somebody has said are own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnPattern {
    /// Their name begins with this text; of `<shop::Cart as Display>::fmt` with `shop::Cart`.
    Name(String),
    /// Their package is this one, or within it: `github.com/us` holds `github.com/us/shop`.
    Package(String),
    /// The path of their source file contains this text.
    File(String),
}

impl OwnPattern {
    fn matches(&self, frame: FrameText<'_>) -> bool {
        match self {
            OwnPattern::Name(text) => frame.name.trim_start_matches(['<', '&']).starts_with(text.as_str()),
            OwnPattern::Package(text) => package(frame)
                .strip_prefix(text.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', ':'])),
            OwnPattern::File(text) => frame.file.contains(text.as_str()),
        }
    }
}

impl OwnCode {
    /// Functions that match one of the patterns, and no others.
    pub fn set(patterns: Vec<OwnPattern>) -> OwnCode {
        OwnCode { patterns: Some(patterns), ..OwnCode::default() }
    }

    /// These functions, by name and source files, and no others.
    fn of_functions(functions: BTreeMap<String, BTreeSet<String>>) -> OwnCode {
        OwnCode { functions: Some(functions), ..OwnCode::default() }
    }

    /// What was set; `None` if it is guessed.
    pub fn patterns(&self) -> Option<&[OwnPattern]> {
        self.patterns.as_deref()
    }

    /// Guesses from all functions of a profile.
    pub fn guess(frames: &FrameTable) -> OwnCode {
        let mut crates = BTreeSet::new();
        let mut roots = BTreeSet::new();
        let mut binaries = BTreeSet::new();
        let mut is_rust = false;
        for id in 1..frames.len() as u32 {
            let frame = frames.text(FrameId(id));
            is_rust |= frame.name.ends_with(THREAD_START);
            if let Some((root, "main")) = frame.name.split_once("::") {
                crates.insert(root.to_owned());
            }
            if frame.name.contains("::") {
                roots.insert(root(package(frame)));
                binaries
                    .insert(frame.mapping.rsplit(['/', '\\']).next().unwrap_or_default().replace('-', "_"));
            }
        }
        crates.extend(binaries.into_iter().filter(|binary| roots.contains(binary.as_str())));
        OwnCode { crates, is_rust, ..OwnCode::default() }
    }

    /// Whether a function is the service's own.
    pub fn is_own(&self, frame: FrameText<'_>) -> bool {
        if let Some(functions) = &self.functions {
            return functions.get(frame.name).is_some_and(|files| files.contains(frame.file));
        }
        if let Some(patterns) = &self.patterns {
            return patterns.iter().any(|pattern| pattern.matches(frame));
        }
        let in_library = |path: &str| LIBRARY_FOLDERS.iter().any(|folder| path.contains(folder));
        if !frame.symbolized || in_library(frame.file) || is_shared_library(frame.mapping) {
            return false;
        }
        let package = package(frame);
        if OwnCode::is_of_language(frame)
            || LIBRARY_PACKAGES.iter().any(|p| package.replace('/', ".").starts_with(p))
        {
            return false;
        }
        let root = root_of(frame);
        // Of a Rust program, names without a path are C functions linked into it.
        match (self.crates.is_empty(), frame.name.contains("::")) {
            (false, _) => self.crates.contains(root),
            (true, true) => !is_library(root),
            (true, false) => !self.is_rust,
        }
    }

    /// Whether it is known what is own, and nothing is guessed.
    pub(crate) fn is_stated(&self) -> bool {
        self.patterns.is_some() || self.functions.is_some()
    }

    /// Whether a function belongs to a language's standard library or runtime, or to a framework.
    pub(crate) fn is_of_language(frame: FrameText<'_>) -> bool {
        let root = root_of(frame);
        LANGUAGE_ROOTS.contains(&root) || FRAMEWORK_ROOTS.contains(&root)
    }

    /// Whether a function belongs to a language's standard library or runtime.
    pub(crate) fn is_of_runtime(frame: FrameText<'_>) -> bool {
        let root = root_of(frame);
        match frame.name.contains("::") {
            true => PATH_ROOTS.contains(&root),
            false => LANGUAGE_ROOTS.contains(&root),
        }
    }
}

/// The first part of a function's package, or of its trait's where its type says nothing.
fn root_of(frame: FrameText<'_>) -> &str {
    trait_root(frame.name).unwrap_or_else(|| root(package(frame)))
}

/// The crate of the trait of a Rust function of any type: `alloc` of `<T as alloc::vec::spec_from_elem::SpecFromElem>::from_elem`.
fn trait_root(name: &str) -> Option<&str> {
    let (of, rest) = name.strip_prefix('<')?.split_once(" as ")?;
    let is_parameter = of.len() <= 2 && of.starts_with(|c: char| c.is_ascii_uppercase());
    if is_parameter { rest.split("::").next() } else { None }
}

/// The first part of a package: `tokio` of `tokio::runtime`, `java` of `java.util`, `github.com` of `github.com/a/b`.
fn root(package: &str) -> &str {
    let end = match package.contains('/') {
        true => package.find('/'),
        false => package.find("::").or_else(|| package.find('.').filter(|_| !package.contains("::"))),
    };
    &package[..end.unwrap_or(package.len())]
}

/// Whether the file of a mapping is a shared library, or no file.
pub(crate) fn is_shared_library(mapping: &str) -> bool {
    let name = mapping.rsplit(['/', '\\']).next().unwrap_or(mapping);
    name.starts_with('[') || [".so", ".dylib", ".dll"].iter().any(|ending| name.contains(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn frame<'a>(name: &'a str, file: &'a str, mapping: &'a str) -> FrameText<'a> {
        FrameText { name, file, mapping, symbolized: true, line: 0 }
    }

    #[rstest]
    #[case("main.handler", "/app/main.go", "", true)]
    #[case("shop/pricing.Discount", "", "", true)]
    #[case("encoding/json.Marshal", "", "", false)]
    #[case("runtime.mallocgc", "", "", false)]
    #[case("github.com/a/b.F", "/root/go/pkg/mod/github.com/a/b@v1.0.0/f.go", "", false)]
    #[case("github.com/a/b.F", "github.com/a/b@v1.4.3/f.go", "", false)]
    #[case("github.com/us/shop.F", "/src/shop/f.go", "", true)]
    #[case("java/util/HashMap.put", "", "", false)]
    #[case("com.shop.Cart.add", "", "", true)]
    #[case("org.apache.kafka.Producer.send", "", "", false)]
    #[case("render", "/app/node_modules/x/y.js", "", false)]
    #[case("handler", "/app/server.ts", "", true)]
    #[case("get", "/usr/lib/python3/site-packages/requests/api.py", "", false)]
    #[case("memcpy", "", "/usr/lib/libc.so.6", false)]
    #[case("work", "", "/bin/app", true)]
    #[case("alloc::vec::Vec<T>::push", "", "/bin/app", false)]
    fn guesses(#[case] name: &str, #[case] file: &str, #[case] mapping: &str, #[case] own: bool) {
        assert_eq!(OwnCode::default().is_own(frame(name, file, mapping)), own);
    }

    #[test]
    fn other_crates_of_a_rust_program_are_libraries() {
        let tree = crate::call_tree::oracle::tree("shop::main;shop::cart::add;regex::Regex::new 1");
        let own = OwnCode::guess(tree.frames());
        let is_own = |name| own.is_own(frame(name, "", "/bin/server"));
        assert!(is_own("<shop::cart::Cart as core::fmt::Display>::fmt"));
        assert!(!is_own("regex::Regex::new") && !is_own("malloc"));
    }

    #[test]
    fn what_is_set_replaces_the_guess() {
        let own = OwnCode::set(vec![
            OwnPattern::Name("shop::".to_owned()),
            OwnPattern::Package("github.com/us".to_owned()),
            OwnPattern::File("/app/vendor/ours/".to_owned()),
        ]);
        let is_own = |name, file| own.is_own(frame(name, file, ""));
        assert!(is_own("<shop::cart::Cart as core::fmt::Display>::fmt", "") && is_own("shop::main", ""));
        assert!(is_own("github.com/us/shop.F", "") && is_own("f", "/app/vendor/ours/f.go"));
        assert!(!is_own("github.com/usher.F", "") && !is_own("main.handler", "/app/main.go"));
        assert!(!OwnCode::set(Vec::new()).is_own(frame("main.handler", "/app/main.go", "")));
        assert_eq!((own.patterns().map(<[_]>::len), OwnCode::default().patterns()), (Some(3), None));
    }

    #[test]
    fn known_crates_are_libraries_where_only_threads_were_sampled() {
        let tree = crate::call_tree::oracle::tree(
            "start_thread;std::sys::backtrace::__rust_begin_short_backtrace;shop::serve;regex::regex::string::Regex::new 1",
        );
        let own = OwnCode::guess(tree.frames());
        let is_own = |name| own.is_own(frame(name, "", ""));
        assert!(is_own("shop::serve") && is_own("<shop::Cart as serde::ser::Serialize>::serialize"));
        assert!(!is_own("regex::regex::string::Regex::new") && !is_own("__rustc::__rdl_alloc"));
        assert!(!is_own("<T as alloc::vec::spec_from_elem::SpecFromElem>::from_elem"));
        assert!(is_own("<T as shop::Priced>::price"));
        assert!(!is_own(
            "<regex_automata::meta::strategy::Core as regex_automata::meta::strategy::Strategy>::search"
        ));
        assert!(!is_own("malloc"));
        // A package of another language, and not a crate.
        assert!(OwnCode::default().is_own(frame("metrics.Count", "", "")));
    }

    #[test]
    fn a_frame_without_a_symbol_is_not_own() {
        assert!(!OwnCode::default().is_own(FrameText { name: "app+0x10", ..FrameText::default() }));
    }
}
