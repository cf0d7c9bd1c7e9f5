//! Names of container images.

/// Whether the name says which image it is: by its digest, or by a tag with a whole version.
pub(crate) fn is_pinned(name: &str) -> bool {
    if let Some((_, digest)) = name.split_once("@sha256:") {
        return digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    // A colon before a slash is that of a port.
    let last = name.rsplit('/').next().unwrap_or_default();
    let Some((_, tag)) = last.split_once(':') else { return false };
    let version = tag.trim_start_matches('v').split('-').next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    version.split('.').count() >= 2 && version.split('.').all(is_number)
}

#[test]
fn tags_that_move_are_not_pinned() {
    let digest = "0123456789abcdef".repeat(4);
    let by_digest = format!("gcr.io/distroless/cc-debian13:nonroot@sha256:{digest}");
    for good in [
        "postgres:17.10-trixie",
        "prom/prometheus:v3.13.3",
        "localhost:5000/flarepath:0.1.0",
        by_digest.as_str(),
    ] {
        assert!(is_pinned(good), "{good}");
    }
    for bad in [
        "postgres",
        "postgres:17",
        "postgres:latest",
        "a.example:80/b",
        "rust:trixie",
        "a:1.x",
        "a@sha256:12",
    ] {
        assert!(!is_pinned(bad), "{bad}");
    }
}
