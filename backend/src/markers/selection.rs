//! Selectors of markers: what narrows a service, as it is stored, and the whole selector of its series.

use crate::db::DbError;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};

/// The selector of a service's series, narrowed by what a marker stores.
///
/// # Errors
/// [`DbError::Damaged`] if that does not parse.
pub(super) fn whole(service: &str, narrowing: &str) -> Result<Selector, DbError> {
    let mut matchers = vec![of_service(service)];
    if !narrowing.is_empty() {
        let stored: Selector =
            narrowing.parse().map_err(|error| DbError::Damaged(format!("selector of a marker: {error}")))?;
        matchers.extend(stored.matchers);
    }
    Ok(Selector { matchers })
}

/// What narrows the service in a selector: its matchers of other labels, as text; empty if there are none.
pub(super) fn narrowing(selector: &Selector) -> String {
    let others = selector.matchers.iter().filter(|matcher| matcher.name != SERVICE_NAME);
    let others = Selector { matchers: others.cloned().collect() };
    if others.matchers.is_empty() { String::new() } else { others.to_string() }
}

/// The matcher of a service.
pub(super) fn of_service(service: &str) -> Matcher {
    Matcher { name: SERVICE_NAME.to_owned(), op: MatchOp::Equal, value: service.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_a_service_and_what_narrows_it() {
        for (text, narrow) in [
            (r#"{service_name="shop"}"#, ""),
            (r#"{service_name="shop", region="eu"}"#, r#"{region="eu"}"#),
            (r#"{service_name="shop", region=~"eu-.*", pod!="a"}"#, r#"{region=~"eu-.*", pod!="a"}"#),
        ] {
            let selector: Selector = text.parse().unwrap();
            assert_eq!(narrowing(&selector), narrow);
            assert_eq!(whole("shop", narrow).unwrap(), selector);
        }
        assert!(whole("shop", "{").is_err());
    }
}
