//! The path to return to after signing in: only a path of this server, or a link could redirect to a foreign site.

/// `text` if it is a path (with query) that a browser may be redirected to, `/` otherwise.
///
/// Browsers read `\` as `/`, drop tabs and line breaks, and take `//host` and `scheme:` for other sites (WHATWG URL).
pub(crate) fn local_path(text: &str) -> &str {
    let is_local = text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= 4096
        && !text.contains('\\')
        && text.bytes().all(|b| b > b' ' && b != 0x7f && b.is_ascii());
    // An API path is not a page.
    if is_local && !text.starts_with("/api/") { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_local_pages_are_accepted() {
        for local in ["/", "/explore?service=a&from=now-1h", "/s/abc", "/explore?next=//evil.example", "/a:b"]
        {
            assert_eq!(local_path(local), local);
        }
        for foreign in [
            "",
            "evil",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil",
            "https://evil.example",
            "https:evil",
            "javascript:x",
            "/\t/evil.example",
            "/\n/evil",
            " //evil",
            "/a b",
            "/\u{7f}",
            "/\u{ff0f}evil",
            "/api/v1/export?x",
        ] {
            assert_eq!(local_path(foreign), "/", "{foreign:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(5000))), "/");
    }
}
