//! The address of the page that says what changed in a service: `/i?service=…&type=…&at=…`.

use super::time_text::End;
use super::url_text::{path_with, put};

/// The page about `service` from `at_ns` on, up to `until_ns`, or else up to now. `profile_type` and `selector`, which narrows the
/// service, may be empty. Times are nanoseconds since the epoch, and RFC 3339 in the address.
pub(crate) fn incident_link(
    service: &str,
    profile_type: &str,
    selector: &str,
    at_ns: i64,
    until_ns: Option<i64>,
) -> String {
    let mut params = Vec::new();
    put(&mut params, "service", service);
    put(&mut params, "type", profile_type);
    put(&mut params, "selector", selector);
    put(&mut params, "at", End::At(at_ns).text());
    put(&mut params, "until", until_ns.map_or(String::new(), |ns| End::At(ns).text()));
    path_with("/i", &params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc3339_and_what_is_empty_is_left_out() {
        let at = 1_795_273_500_000_000_000;
        assert_eq!(
            incident_link("a&b", "cpu:cpu", "", at, None),
            "/i?service=a%26b&type=cpu:cpu&at=2026-11-21T15:05:00Z"
        );
        let narrowed = incident_link("a", "", r#"{region="eu"}"#, at, Some(at + 60_000_000_000));
        assert_eq!(
            narrowed,
            "/i?service=a&selector=%7Bregion%3D%22eu%22%7D&at=2026-11-21T15:05:00Z&until=2026-11-21T15:06:00Z"
        );
    }
}
