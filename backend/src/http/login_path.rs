//! The path of the login page, with the page to return to.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All that a value in a query must escape (RFC 3986, section 3.4); `/` stays readable.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
/// Longer return paths are dropped.
const MAX_NEXT: usize = 4096;

/// `/login?problem=…&next=…`, each part only where there is something to say.
pub(super) fn login_path(problem: Option<&str>, next: &str) -> String {
    let next = Some(next).filter(|next| *next != "/" && next.len() <= MAX_NEXT);
    let problem = problem.map(|code| format!("problem={code}"));
    let next = next.map(|next| format!("next={}", utf8_percent_encode(next, VALUE)));
    let query: Vec<String> = problem.into_iter().chain(next).collect();
    if query.is_empty() { "/login".to_owned() } else { format!("/login?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::login_path;

    #[test]
    fn encodes_the_return_path_as_one_parameter() {
        let path = |next: &str| login_path(None, next);
        assert_eq!(path("/"), "/login");
        assert_eq!(
            path("/explore?service=a&from=now-1h"),
            "/login?next=/explore%3Fservice%3Da%26from%3Dnow-1h"
        );
        assert_eq!(path("//evil.example"), "/login?next=//evil.example", "checked where it is followed");
        assert_eq!(path(&format!("/{}", "a".repeat(5000))), "/login");
        assert_eq!(login_path(Some("stale"), "/"), "/login?problem=stale");
        assert_eq!(login_path(Some("stale"), "/a?b"), "/login?problem=stale&next=/a%3Fb");
    }
}
