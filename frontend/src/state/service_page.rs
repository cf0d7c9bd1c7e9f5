//! The page of a service as part of the URL: its name in the path, the time and perhaps store and profile type in the query string.
//!
//! ```text
//! /service/team%2Fcheckout?from=now-1h&until=now
//! ```
//!
//! Names are one escaped segment. One whose slashes somebody has not escaped is read, too; a slash at the end is then not part of the
//! name.

use super::query::Query;
use super::service_link::service_path;
use super::url_text::{decode_segment, encode, path_with, put};

/// What the paths of these pages begin with.
const PREFIX: &str = "/service/";

/// Sample types of memory in use, the most telling first.
const IN_USE: [&str; 3] = ["inuse_space", "heap-live-size", "live-size"];

/// Names of labels that hold a namespace, in lower case with `.` and `-` as `_`.
const NAMESPACES: [&str; 4] =
    ["namespace", "k8s_namespace_name", "kubernetes_namespace", "service_namespace"];

/// The service whose page a path is of; `None` of any other path.
pub(crate) fn service_in(path: &str) -> Option<String> {
    let name = path.strip_prefix(PREFIX)?.trim_end_matches('/');
    (!name.is_empty()).then(|| decode_segment(name))
}

/// The address of a service's page in the store and at the time of `query`, of its profile type where that is chosen.
pub(crate) fn service_page(service: &str, query: &Query) -> String {
    let mut params = Vec::new();
    params.extend(query.store_param());
    put(&mut params, "type", query.profile_type.clone().unwrap_or_default());
    let (from, until) = query.range.map(|range| range.to_params()).unzip();
    put(&mut params, "from", from.unwrap_or_default());
    put(&mut params, "until", until.unwrap_or_default());
    path_with(&service_path(service), &params)
}

/// The parameter `service` of other pages about the service whose page a path is of, with `&` behind it; empty of any other path.
pub(crate) fn service_param(path: &str) -> String {
    service_in(path).map_or(String::new(), |service| format!("service={}&", encode(&service)))
}

/// Of a service's profile types the one of memory in use; `None` if it has none.
pub(crate) fn memory_type(types: &[String]) -> Option<&str> {
    let sample =
        |id: &str| id.split(':').nth(1).and_then(|own| IN_USE.iter().position(|known| *known == own));
    let found = types.iter().filter_map(|id| Some((sample(id)?, id.as_str())));
    found.min().map(|(_, id)| id)
}

/// The label that holds the namespace, if one does.
pub(crate) fn namespace_label<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['.', '-'], "_");
    NAMESPACES.iter().find_map(|known| names.clone().find(|name| plain(name) == *known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::time_range::TimeRange;

    #[test]
    fn any_name_survives_the_path() {
        for name in
            ["checkout", "team/checkout", "team/", "/", "a b+c", "100%", "größe?x=1#y", "shop.eu", "a%2Fb"]
        {
            let path = service_path(name);
            assert_eq!(service_in(&path).as_deref(), Some(name), "{path}");
            assert!(!path.trim_start_matches(PREFIX).contains(['/', '?', '#', ' ']), "{path}");
        }
        assert_eq!(service_path("team/checkout"), "/service/team%2Fcheckout");
    }

    #[test]
    fn paths_that_people_write_are_read() {
        assert_eq!(service_in("/service/team/checkout").as_deref(), Some("team/checkout"));
        assert_eq!(service_in("/service/checkout/").as_deref(), Some("checkout"));
        assert_eq!(service_in("/service/a+b").as_deref(), Some("a+b"), "no space, unlike in a query");
        for other in ["/service", "/service/", "/services/a", "/explore", ""] {
            assert_eq!(service_in(other), None, "{other}");
        }
    }

    #[test]
    fn an_address_has_the_time_and_a_type_that_was_chosen() {
        let query = Query { range: Some(TimeRange::LAST_HOUR), ..Query::default() };
        assert_eq!(service_page("a/b", &query), "/service/a%2Fb?from=now-1h&until=now");
        let typed = Query { profile_type: Some("cpu".into()), range: None, ..query };
        assert_eq!(service_page("a", &typed), "/service/a?type=cpu");
        let stored = Query { store: Some("prod".into()), ..Query::default() };
        assert_eq!(service_page("a", &stored), "/service/a?store=prod");
        assert_eq!(service_param("/service/a%2Fb"), "service=a%2Fb&");
        assert_eq!(service_param("/explore"), "");
    }

    #[test]
    fn memory_in_use_is_found_among_the_types() {
        let types = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let go = types(&[
            "memory:alloc_space:bytes:space:bytes",
            "memory:inuse_objects:count:space:bytes",
            "memory:inuse_space:bytes:space:bytes",
        ]);
        assert_eq!(memory_type(&go), Some("memory:inuse_space:bytes:space:bytes"));
        assert_eq!(memory_type(&types(&["x:heap-live-size:bytes::"])), Some("x:heap-live-size:bytes::"));
        assert_eq!(memory_type(&types(&["process_cpu:cpu:nanoseconds:cpu:nanoseconds"])), None);
    }

    #[test]
    fn namespaces_have_several_names() {
        assert_eq!(namespace_label(["pod", "k8s.namespace.name"].into_iter()), Some("k8s.namespace.name"));
        assert_eq!(namespace_label(["pod"].into_iter()), None);
    }
}
