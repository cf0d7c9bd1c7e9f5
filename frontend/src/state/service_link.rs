//! [`service_path`]: the address of a service's page.

use super::url_text::encode;

/// The path of a service's page; its name may hold any character.
pub(crate) fn service_path(service: &str) -> String {
    format!("/service/{}", encode(service))
}
