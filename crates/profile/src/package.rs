//! Package of a function, derived from its name and files.

use crate::frame_table::FrameText;

/// What a function belongs to, as far as its name, file and mapping tell:
///
/// | function | package |
/// |---|---|
/// | `github.com/a/b/pkg.(*T).Do` (Go) | `github.com/a/b/pkg` |
/// | `java/util/HashMap.put`, `java.util.HashMap.put` | `java/util`, `java.util` |
/// | `tokio::runtime::park::f`, `<alloc::vec::Vec<T> as X>::f` (Rust), `ns::Class::f(int)` (C++) | `tokio::runtime`, `alloc::vec`, `ns` |
/// | anything in `node_modules/@x/y/z.js`, `site-packages/x/y.py` | `@x/y`, `x` |
/// | anything in another script | its file |
/// | no symbol, or a plain C name | the file of the mapping, or else of the source |
pub fn package(frame: FrameText<'_>) -> &str {
    let FrameText { name, file, mapping, .. } = frame;
    if !frame.symbolized {
        return base_name(mapping);
    }
    if let Some(script) = script_package(file) {
        return script;
    }
    if name.contains("::") {
        return module_path(name);
    }
    // Arguments and type arguments hold dots and slashes of their own.
    let plain = &name[..name.find(['(', '[', '<', ' ', '$']).unwrap_or(name.len())];
    if let Some(slash) = plain.rfind('/') {
        let dot = plain[slash..].find('.').map_or(plain.len(), |dot| slash + dot);
        let is_class = plain[slash + 1..].starts_with(|c: char| c.is_uppercase());
        return &plain[..if is_class { slash } else { dot }];
    }
    match plain.find('.') {
        Some(_) => dotted(plain),
        None if mapping.is_empty() => file,
        None => base_name(mapping),
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// `java.util.HashMap.put` is of `java.util`: up to the first part that begins with a capital. Without one,
/// as in Go's `runtime.mallocgc`, the first part.
fn dotted(name: &str) -> &str {
    let mut start = 0;
    for part in name.split('.') {
        if start > 0 && part.starts_with(|c: char| c.is_uppercase()) {
            let parts_before = &name[..start - 1];
            return if parts_before.is_empty() { part } else { parts_before };
        }
        start += part.len() + 1;
    }
    name.split('.').next().unwrap_or(name)
}

/// The first one or two parts of a path of modules, without types and the function itself.
fn module_path(name: &str) -> &str {
    let name = name.trim_start_matches(['<', '&', '*', '(']);
    let mut end = 0;
    let mut rest = name;
    for _ in 0..2 {
        let Some(part_end) = rest.find("::") else { break };
        let part = &rest[..part_end];
        let is_module = part.chars().all(|c| c.is_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_module {
            break;
        }
        end += part_end + if end == 0 { 0 } else { 2 };
        rest = &rest[part_end + 2..];
    }
    if end > 0 {
        return &name[..end];
    }
    // A type at the beginning: it is all there is.
    &name[..name.find(['<', ':', ' ', '(']).unwrap_or(name.len())]
}

/// The package or the file of a script; `None` for compiled languages.
fn script_package(file: &str) -> Option<&str> {
    let extension = file.rsplit_once('.')?.1;
    if !matches!(extension, "js" | "mjs" | "cjs" | "ts" | "tsx" | "jsx" | "py" | "rb" | "php") {
        return None;
    }
    for folder in ["node_modules/", "site-packages/", "dist-packages/", "/gems/"] {
        if let Some(at) = file.rfind(folder) {
            let inside = &file[at + folder.len()..];
            let parts = if inside.starts_with('@') { 2 } else { 1 };
            let end = inside.match_indices('/').nth(parts - 1).map_or(inside.len(), |(i, _)| i);
            return Some(&inside[..end]);
        }
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("github.com/a/b.v2/pkg.(*T).Do", "", "github.com/a/b.v2/pkg")]
    #[case("encoding/json.Marshal", "", "encoding/json")]
    #[case("runtime.mallocgc", "", "runtime")]
    #[case("main.work[go.shape.int]", "", "main")]
    #[case("java/util/HashMap.put", "", "java/util")]
    #[case("java.util.HashMap.put(Object)", "", "java.util")]
    #[case("tokio::runtime::park::park", "", "tokio::runtime")]
    #[case("serde_json::from_str", "", "serde_json")]
    #[case("<alloc::vec::Vec<T> as core::ops::Drop>::drop", "", "alloc::vec")]
    #[case("std::vector<int, std::allocator<int> >::push_back(int&)", "", "std")]
    #[case("Reader::read(char*)", "", "Reader")]
    #[case("render", "/app/node_modules/@x/y/lib/z.js", "@x/y")]
    #[case("render", "/app/node_modules/a/node_modules/b/z.js", "b")]
    #[case("get", "/usr/lib/python3/site-packages/requests/api.py", "requests")]
    #[case("handler", "/app/server.ts", "/app/server.ts")]
    #[case("memcpy", "", "libc.so.6")]
    #[case("::", "", "")]
    #[case(".", "", "")]
    fn packages(#[case] name: &str, #[case] file: &str, #[case] expected: &str) {
        let mapping = "/usr/lib/libc.so.6";
        let frame = FrameText { name, file, mapping, symbolized: true, line: 0 };
        assert_eq!(package(frame), expected);
    }

    #[test]
    fn address_package_is_its_binary() {
        let frame = FrameText { name: "app+0x10", mapping: "/bin/app", ..FrameText::default() };
        assert_eq!(package(frame), "app");
    }

    proptest! {
        #[test]
        fn never_panics_on_any_name(name in "[a-zé./:<(@ ]{0,20}", file in "[a-zé./@]{0,20}", symbolized: bool) {
            package(FrameText { name: &name, file: &file, mapping: &file, symbolized, line: 0 });
        }
    }
}
