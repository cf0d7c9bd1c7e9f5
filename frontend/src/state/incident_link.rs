//! The address of the page about an incident: what the link of an alert, a timeline and the home page open.
//!
//! ```text
//! /i?service=checkout&type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&at=2026-11-21T14:02:00Z
//! ```

use super::query::Query;
use super::time_text::End;
use super::url_text::{path_with, put};

/// The address for a service of the store of `query`, with its filter, at `at_ns`, until `until_ns` where that is known; both in
/// nanoseconds since the epoch. An empty profile type is left to the page, an empty filter selects the whole service.
pub(crate) fn incident_link(
    query: &Query,
    service: &str,
    profile_type: &str,
    at_ns: i64,
    until_ns: Option<i64>,
) -> String {
    let mut params = Vec::new();
    params.extend(query.store_param());
    put(&mut params, "service", service);
    put(&mut params, "type", profile_type);
    put(&mut params, "selector", query.filter.trim());
    put(&mut params, "at", End::At(at_ns).text());
    put(&mut params, "until", until_ns.map(|ns| End::At(ns).text()).unwrap_or_default());
    path_with("/i", &params)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21T14:02:00Z
    const AT: i64 = 1_795_269_720_000_000_000;

    #[test]
    fn only_what_is_known_is_in_the_address() {
        let query = Query::default();
        assert_eq!(
            incident_link(&query, "checkout", "", AT, None),
            "/i?service=checkout&at=2026-11-21T14:02:00Z"
        );
        let stored = Query { store: Some("prod".into()), ..Query::default() };
        assert_eq!(
            incident_link(&stored, "checkout", "", AT, None),
            "/i?store=prod&service=checkout&at=2026-11-21T14:02:00Z"
        );
        let query = Query { filter: r#" {pod="a"}"#.into(), ..Query::default() };
        assert_eq!(
            incident_link(&query, "check out", "cpu:cpu:ns::", AT, Some(AT + 1)),
            "/i?service=check%20out&type=cpu:cpu:ns::&selector=%7Bpod%3D%22a%22%7D\
             &at=2026-11-21T14:02:00Z&until=2026-11-21T14:02:00.000000001Z"
        );
    }
}
