//! Where to go after signing in: only to a path of ours, or a link could lead people from our page to somebody else's.

/// The path (with query) that a browser may be sent to, or `/`.
///
/// Browsers read `\` as `/`, drop tabs and line breaks, and take `//host` and `scheme:` for other sites (WHATWG URL).
pub(crate) fn local_path(text: &str) -> &str {
    let ours = text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= 4096
        && !text.contains('\\')
        && text.bytes().all(|b| b > b' ' && b != 0x7f && b.is_ascii());
    // The path of an API is no page.
    if ours && !text.starts_with("/api/") { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_ours_pass() {
        for ours in ["/", "/explore?service=a&from=now-1h", "/s/abc", "/explore?next=//evil.example", "/a:b"]
        {
            assert_eq!(local_path(ours), ours);
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
