//! Credentials: tokens and keys recognized by shape, and values with a telling name such as `password=`.

use super::runs::{at, base64url, run_end, words};
use std::ops::Range;

type Found = Vec<Range<usize>>;

/// From `-----BEGIN`, when that names a private key, to the end of its last line, or of the text.
pub(super) fn private_key(text: &str, found: &mut Found) {
    let mut done = 0;
    for (start, begin) in text.match_indices("-----BEGIN") {
        let rest = &text[start + begin.len()..];
        let header = rest.split("-----").next().unwrap_or(rest);
        if start < done || !header.contains("PRIVATE KEY") {
            continue;
        }
        let end = rest.find("-----END").map(|end| {
            let tail = &rest[end + "-----END".len()..];
            start + begin.len() + end + "-----END".len() + tail.find("-----").map_or(tail.len(), |n| n + 5)
        });
        done = end.unwrap_or(text.len());
        found.push(start..done);
    }
}

/// Header, payload and what follows of the signature: all are base64 of an object, `{"`.
pub(super) fn jwt(text: &str, found: &mut Found) {
    let mut done = 0;
    for (start, _) in text.match_indices("eyJ") {
        let header = run_end(text.as_bytes(), start, base64url);
        if start < done || header - start < 8 || at(text, header) != Some(b'.') {
            continue;
        }
        let payload = run_end(text.as_bytes(), header + 1, base64url);
        if payload - header > 5 {
            done = run_end(text.as_bytes(), payload, |b| base64url(b) || b == b'.');
            found.push(start..done);
        }
    }
}

/// The credentials behind `Bearer` and `Basic`, if they look like any: `BasicAuthentication` is a class.
pub(super) fn authorization(text: &str, found: &mut Found) {
    for scheme in ["bearer", "basic"] {
        for start in words(text, scheme) {
            let gap = start + scheme.len();
            let from = run_end(text.as_bytes(), gap, |b| matches!(b, b' ' | b'\t' | b':' | b'=' | b'+'));
            let from = if text[gap..].starts_with("%20") { gap + 3 } else { from };
            let end = run_end(text.as_bytes(), from, |b| base64url(b) || b".~+/=".contains(&b));
            let token = &text[from..end];
            let telling = token.contains(|c: char| c.is_ascii_digit() || c == '=');
            if from > gap && token.len() >= 6 && (telling || token.len() >= 20) {
                found.push(from..end);
            }
        }
    }
}

/// `AKIA` or `ASIA` and 16 of upper case or digits.
pub(super) fn aws_key(text: &str, found: &mut Found) {
    let kind = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    prefixed(text, &["AKIA", "ASIA"], 16, kind, found);
}

/// `gh?_` and 20 or more letters and digits; `github_pat_`.
pub(super) fn github_token(text: &str, found: &mut Found) {
    let prefixes = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"];
    prefixed(text, &prefixes, 20, |b| b.is_ascii_alphanumeric() || b == b'_', found);
}

/// `xox?-` and 10 or more of what follows.
pub(super) fn slack_token(text: &str, found: &mut Found) {
    let prefixes = ["xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"];
    prefixed(text, &prefixes, 10, |b| b.is_ascii_alphanumeric() || b == b'-', found);
}

/// `fp_<kind>_<32 characters>_<check>`, whole or cut.
pub(super) fn flarepath_token(text: &str, found: &mut Found) {
    let prefixes = ["fp_pat_", "fp_sa_", "fp_agt_", "fp_shr_"];
    prefixed(text, &prefixes, 12, |b| b.is_ascii_alphanumeric() || b == b'_', found);
}

fn prefixed(text: &str, prefixes: &[&str], shortest: usize, kind: impl Fn(u8) -> bool, found: &mut Found) {
    for prefix in prefixes {
        for (start, _) in text.match_indices(prefix) {
            let end = run_end(text.as_bytes(), start + prefix.len(), &kind);
            if end - start - prefix.len() >= shortest {
                found.push(start..end);
            }
        }
    }
}

/// Names of what no one else may know, in lower case.
const SECRETS: [&str; 9] =
    ["password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "api-key", "access_key"];

/// The value behind `password=`, `"token":"…"`, `secret: …`. Not behind `token::`, which is a path of modules, nor behind
/// `setPassword:confirm:`, which is a method.
pub(super) fn assignment(text: &str, found: &mut Found) {
    let assigns = |w: &[u8]| w[0] == b'=' || (w[0] == b':' && matches!(w[1], b' ' | b'"' | b'\''));
    if !text.as_bytes().windows(2).any(assigns) {
        return;
    }
    for name in SECRETS {
        for start in words(text, name) {
            let bytes = text.as_bytes();
            let end = start + name.len();
            let quote = run_end(bytes, end, |b| matches!(b, b'"' | b'\'' | b' '));
            let equal = matches!(at(text, quote), Some(b'=')) && at(text, quote + 1) != Some(b'=');
            let colon =
                at(text, quote) == Some(b':') && matches!(at(text, quote + 1), Some(b' ' | b'"' | b'\''));
            if !equal && !colon {
                continue;
            }
            let from = run_end(bytes, quote + 1, |b| matches!(b, b'"' | b'\'' | b' '));
            let value = |b: u8| !b.is_ascii_whitespace() && !b"\"'&,;)}]<>".contains(&b);
            let end = run_end(bytes, from, value);
            if end - from >= 4 {
                found.push(from..end);
            }
        }
    }
}
