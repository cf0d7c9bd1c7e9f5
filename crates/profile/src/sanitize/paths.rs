//! Shortening of file paths, which name people (`/home/alice`), customers and build machines.
//!
//! | path | from the module on | name only |
//! |---|---|---|
//! | `/home/alice/shop/src/cart/sum.rs` | `src/cart/sum.rs` | `sum.rs` |
//! | `C:\Users\alice\shop\sum.cs` | `shop/sum.cs` | `sum.cs` |
//! | `/go/pkg/mod/github.com/a/b@v1.2.3/c/d.go` | `pkg/mod/github.com/a/b@v1.2.3/c/d.go` | `pkg/mod/github.com/a/b@v1.2.3/d.go` |
//! | `/app/node_modules/@x/y/lib/z.js` | `node_modules/@x/y/lib/z.js` | `node_modules/@x/y/z.js` |
//! | `https://shop.example/static/app.js` | `static/app.js` | `app.js` |
//! | `/home/alice` | `<home>` | `<home>` |
//!
//! The folder that packages are in stays before them, so that a shortened path is shortened no further.

use super::field::Field;

/// How much of a path stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathStyle {
    /// All of it.
    Full,
    /// What is inside of the module, the package or the home directory.
    ModuleRelative,
    /// The name of the file; of a package its name and version, too.
    BaseName,
}

/// The folders that packages are in, and how many parts of the path then name the package.
const PACKAGES: [&str; 8] = [
    "pkg/mod",
    "node_modules",
    "site-packages",
    "dist-packages",
    "gems",
    "registry/src",
    ".m2/repository",
    "rustc",
];
/// Folders at which a module's own files begin.
const SOURCES: [&str; 8] = ["src", "crates", "internal", "cmd", "lib", "pkg", "app", "packages"];
/// Folders whose children are people.
const HOMES: [&str; 3] = ["home", "users", "documents and settings"];
/// Folders at the root of file systems.
const ROOTS: [&str; 22] = [
    "home",
    "users",
    "root",
    "usr",
    "opt",
    "var",
    "tmp",
    "etc",
    "build",
    "builds",
    "srv",
    "mnt",
    "private",
    "workspace",
    "workspaces",
    "go",
    "nix",
    "__w",
    "github",
    "volumes",
    "data",
    "export",
];

/// The text with its paths in a style; `None` when that is the text itself.
pub(super) fn shorten(text: &str, field: Field, style: PathStyle) -> Option<String> {
    if style == PathStyle::Full || !text.contains(['/', '\\']) {
        return None;
    }
    let shorter = match field {
        Field::File | Field::Mapping => short_path(text, style),
        // `file+0xaddress`
        Field::Address => match text.rsplit_once("+0x") {
            Some((file, address)) => format!("{}+0x{address}", short_path(file, style)),
            None => short_path(text, style),
        },
        Field::LabelName
        | Field::LabelValue
        | Field::Version
        | Field::Function
        | Field::Text
        | Field::Selector => short_paths_in(text, style),
    };
    (shorter != text).then_some(shorter)
}

/// A text that is a path.
fn short_path(path: &str, style: PathStyle) -> String {
    let (absolute, rest) = without_root(path);
    let mut parts: Vec<&str> =
        rest.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if let Some((folder, at)) = package(&parts) {
        return in_package(folder, &parts[at..], style);
    }
    if let Some(home) = parts.iter().position(|part| HOMES.iter().any(|h| part.eq_ignore_ascii_case(h)))
        && (absolute || home == 0)
        && home < 3
    {
        parts.drain(..(home + 2).min(parts.len()));
        if parts.is_empty() {
            return "<home>".to_owned();
        }
    }
    match style {
        PathStyle::Full => path.to_owned(),
        PathStyle::BaseName => parts.last().copied().unwrap_or_default().to_owned(),
        PathStyle::ModuleRelative => {
            let start = match parts.iter().position(|part| SOURCES.contains(part)) {
                Some(source) if absolute && source + 1 < parts.len() => source,
                _ if absolute => parts.len().saturating_sub(2),
                _ => 0,
            };
            parts[start..].join("/")
        }
    }
}

/// What comes after a drive, a scheme and host, or the slash of the root, and whether there was one.
fn without_root(path: &str) -> (bool, &str) {
    if let Some((_, rest)) = path.split_once("://") {
        let host_end = rest.find(['/', '\\']).unwrap_or(rest.len());
        return (true, &rest[host_end..]);
    }
    let bytes = path.as_bytes();
    if bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'/' | b'\\')
    {
        return (true, &path[3..]);
    }
    (path.starts_with(['/', '\\']), path)
}

/// The last folder of packages, and where the parts behind it begin.
fn package(parts: &[&str]) -> Option<(&'static str, usize)> {
    let ends_at = |folder: &'static str| {
        let names: Vec<&str> = folder.split('/').collect();
        let at = parts.windows(names.len()).rposition(|window| window == names)?;
        (at + names.len() < parts.len()).then_some((folder, at + names.len()))
    };
    PACKAGES.into_iter().filter_map(ends_at).max_by_key(|&(_, at)| at)
}

/// What stays of a path inside of a package. Cargo's registry has a folder for each index, with a hash in its name,
/// and the compiler's own sources one for the commit.
fn in_package(folder: &str, inside: &[&str], style: PathStyle) -> String {
    let skip = match folder {
        "registry/src" if inside.len() > 2 && inside[0].contains('-') && !is_versioned(inside[0]) => 1,
        "rustc" if inside.len() > 1 && (inside[0].len() >= 40 || inside[0].starts_with('<')) => 1,
        _ => 0,
    };
    let inside = &inside[skip..];
    let name = match folder {
        "pkg/mod" => inside.iter().position(|part| part.contains('@')).map_or(1, |at| at + 1),
        "node_modules" if inside[0].starts_with('@') => 2,
        _ => 1,
    };
    let (name, rest) = inside.split_at(name.min(inside.len()));
    let mut kept = vec![folder];
    kept.extend(name);
    match style {
        PathStyle::BaseName => kept.extend(rest.last()),
        PathStyle::Full | PathStyle::ModuleRelative => kept.extend(rest),
    }
    kept.join("/")
}

/// `serde-1.0.219`
fn is_versioned(part: &str) -> bool {
    let version = part.rsplit_once('-').map_or("", |(_, version)| version);
    version.contains('.') && version.starts_with(|c: char| c.is_ascii_digit())
}

/// The paths in a text that is more than one.
fn short_paths_in(text: &str, style: PathStyle) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let Some(start) = (at..text.len()).find(|&i| starts_path(text, i)) else { break };
        let end = path_end(text, start);
        out.push_str(&text[at..start]);
        let path = &text[start..end];
        if is_file_path(path) {
            out.push_str(&short_path(path, style));
        } else {
            out.push_str(path);
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

fn boundary(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"()<>[]{}\"'`=,;:@|".contains(&byte)
}

/// Whether an absolute path, or a URL, may begin here: not in the middle of `a/b`.
fn starts_path(text: &str, i: usize) -> bool {
    let bytes = text.as_bytes();
    if i > 0 && !boundary(bytes[i - 1]) {
        return false;
    }
    let next = |n: usize| bytes.get(i + n).copied().unwrap_or(b' ');
    match bytes[i] {
        b'/' => next(1).is_ascii_alphanumeric() || next(1) >= 0x80 || b"._~<-@".contains(&next(1)),
        b'\\' => next(1) == b'\\',
        b if b.is_ascii_alphabetic() => {
            let scheme = bytes[i..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'+').count();
            text.as_bytes()[i + scheme..].starts_with(b"://")
                || (next(1) == b':' && matches!(next(2), b'/' | b'\\'))
        }
        _ => false,
    }
}

/// Where the path that begins at `start` ends. A home directory's owner may have blanks in the name.
fn path_end(text: &str, start: usize) -> usize {
    let head = text[start..].find("://").filter(|&n| n < 12).map_or(2, |n| n + 3);
    let ends = |b: u8| boundary(b) && b != b'@';
    let bytes = text.as_bytes();
    let end = |from: usize| bytes[from..].iter().position(|&b| ends(b)).map_or(bytes.len(), |n| from + n);
    let first = end((start + head).min(text.len()));
    let mut parts = text[start..first].rsplit(['/', '\\']);
    let (_, folder) = (parts.next(), parts.next().unwrap_or_default());
    if !HOMES.iter().any(|home| folder.eq_ignore_ascii_case(home)) {
        return first;
    }
    let owner = &text[first..];
    match owner.find(['/', '\\']) {
        Some(n)
            if n <= 40
                && owner.starts_with(' ')
                && !owner[..n].contains(|c: char| c != ' ' && c.is_ascii() && boundary(c as u8)) =>
        {
            end(first + n)
        }
        _ => first,
    }
}

/// Whether a path is one of a file system and not the route of a request: it is at a drive or in a known place, or ends
/// in a file's name.
fn is_file_path(path: &str) -> bool {
    let (_, rest) = without_root(path);
    let mut parts = rest.split(['/', '\\']).filter(|part| !part.is_empty());
    let known = parts.next().is_some_and(|first| ROOTS.iter().any(|root| first.eq_ignore_ascii_case(root)));
    let last = parts.next_back().unwrap_or_default();
    let extension = last.rsplit_once('.').map_or("", |(_, extension)| extension);
    let file = (1..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    known || file || path.starts_with('\\') || path.as_bytes().get(1) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/home/alice/shop/src/cart/sum.rs", "src/cart/sum.rs", "sum.rs")]
    #[case("/Users/alice/shop/sum.swift", "shop/sum.swift", "sum.swift")]
    #[case(r"C:\Users\Alice Smith\shop\sum.cs", "shop/sum.cs", "sum.cs")]
    #[case(
        "/go/pkg/mod/github.com/a/b@v1.2.3/c/d.go",
        "pkg/mod/github.com/a/b@v1.2.3/c/d.go",
        "pkg/mod/github.com/a/b@v1.2.3/d.go"
    )]
    #[case(
        "/home/u/.cargo/registry/src/index-1949cf8c6b5b557f/serde-1.0.219/src/de.rs",
        "registry/src/serde-1.0.219/src/de.rs",
        "registry/src/serde-1.0.219/de.rs"
    )]
    #[case("/app/node_modules/@x/y/lib/z.js", "node_modules/@x/y/lib/z.js", "node_modules/@x/y/z.js")]
    #[case(
        "/rustc/4d91de4e48198da2e33413efdcd9cd2cc0c46688/library/core/src/fmt.rs",
        "rustc/library/core/src/fmt.rs",
        "rustc/library/fmt.rs"
    )]
    #[case("https://shop.example/static/app.js", "static/app.js", "app.js")]
    #[case("file:///home/alice/x.py", "x.py", "x.py")]
    #[case("/home/alice", "<home>", "<home>")]
    #[case("/usr/lib/libc.so.6", "lib/libc.so.6", "libc.so.6")]
    #[case("src/main.rs", "src/main.rs", "main.rs")]
    #[case("[vdso]", "[vdso]", "[vdso]")]
    fn shortens_whole_paths(#[case] path: &str, #[case] module: &str, #[case] name: &str) {
        for (style, expected) in [(PathStyle::ModuleRelative, module), (PathStyle::BaseName, name)] {
            let of = |path: &str| shorten(path, Field::File, style).unwrap_or_else(|| path.to_owned());
            assert_eq!(of(path), expected);
            assert_eq!(of(expected), expected, "again");
        }
        assert_eq!(shorten(path, Field::File, PathStyle::Full), None);
    }

    #[rstest]
    #[case("<module> /home/alice/x.py:3", "<module> x.py:3")]
    #[case("(anonymous /home/Alice B. Smith/app/x.js:1)", "(anonymous x.js:1)")]
    #[case("see /home/alice, or C:\\Users\\bob\\x.cs", "see <home>, or x.cs")]
    #[case("f@https://shop.example/static/app.js:1:2", "f@app.js:1:2")]
    #[case("GET /api/v1/users/{id}", "GET /api/v1/users/{id}")]
    #[case("github.com/a/b.(*T).Do", "github.com/a/b.(*T).Do")]
    #[case("operator/(A const&)", "operator/(A const&)")]
    #[case("a / b", "a / b")]
    #[case("/", "/")]
    fn shortens_paths_within_names(#[case] name: &str, #[case] expected: &str) {
        let of = |name: &str| short_paths_in(name, PathStyle::BaseName);
        assert_eq!(of(name), expected);
        assert_eq!(of(expected), expected, "again");
    }

    #[test]
    fn address_keeps_its_file() {
        let short = shorten("/opt/acme/bin/app+0x1f", Field::Address, PathStyle::BaseName);
        assert_eq!(short.as_deref(), Some("app+0x1f"));
    }
}
