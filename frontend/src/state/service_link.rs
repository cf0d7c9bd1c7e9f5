//! The address of a service's page.

use super::query::Query;
use super::url_text::{encode, path_with};

/// The path of a service's page; its name may hold any character.
pub(crate) fn service_path(service: &str) -> String {
    format!("/service/{}", encode(service))
}

/// The address of a service's page in the store of `query`; the time is left to the page.
pub(crate) fn service_link(service: &str, query: &Query) -> String {
    path_with(&service_path(service), query.store_param().as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_kept() {
        assert_eq!(service_link("a/b", &Query::default()), "/service/a%2Fb");
        let stored = Query { store: Some("prod".into()), ..Query::default() };
        assert_eq!(service_link("a", &stored), "/service/a?store=prod");
    }
}
