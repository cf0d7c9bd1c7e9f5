//! The services of the store, and the query to show when a link leaves parts of it open.

use super::profile_types::best_type;
use super::query::Query;
use super::time_range::TimeRange;

/// A service that has profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceInfo {
    /// Value of `service_name`.
    pub(crate) name: String,
    /// Profile type ids.
    pub(crate) profile_types: Vec<String>,
    /// How many series it has.
    pub(crate) series: u64,
    /// Time of its newest profile, in milliseconds since the epoch.
    pub(crate) newest_ms: i64,
}

/// The name under which a server profiles itself.
const OWN_SERVICE: &str = "flarepath";

/// Fills in what `query` leaves open: the service with the newest profile, CPU before other types, a range that has
/// data. What the query names stays, even if it is unknown: the answer then says so.
pub(crate) fn complete(query: &Query, services: &[ServiceInfo]) -> Query {
    let mut query = query.clone();
    if query.service.is_none() {
        let newest =
            services.iter().max_by_key(|s| s.newest_ms / 60_000 * 1000 + (s.name != OWN_SERVICE) as i64);
        query.service = newest.map(|s| s.name.clone());
    }
    let chosen = services.iter().find(|s| Some(&s.name) == query.service.as_ref());
    if query.profile_type.is_none() {
        query.profile_type = chosen.and_then(|s| best_type(&s.profile_types)).map(str::to_owned);
    }
    if query.range.is_none() {
        // A server that has only itself to show was most likely just started: an hour would be mostly empty.
        let alone = services.len() == 1 && chosen.is_some_and(|s| s.name == OWN_SERVICE);
        query.range = Some(if alone { TimeRange::LAST_15_MINUTES } else { TimeRange::LAST_HOUR });
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

    fn service(name: &str, newest_ms: i64, types: &[&str]) -> ServiceInfo {
        ServiceInfo {
            name: name.into(),
            profile_types: types.iter().map(|t| (*t).to_owned()).collect(),
            series: 1,
            newest_ms,
        }
    }

    #[test]
    fn prefers_the_newest_service_and_its_cpu_profile() {
        let services = [
            service("old", 0, &[CPU]),
            service(
                "shop",
                600_000,
                &["memory:inuse_space:bytes:space:bytes", CPU, "process_cpu:samples:count:cpu:nanoseconds"],
            ),
            service("flarepath", 610_001, &[CPU]),
        ];
        let query = complete(&Query::default(), &services);
        assert_eq!(query.service.as_deref(), Some("shop"));
        assert_eq!(query.profile_type.as_deref(), Some(CPU));
        assert_eq!(query.range, Some(TimeRange::LAST_HOUR));
    }

    #[test]
    fn keeps_what_the_link_names() {
        let named = Query { service: Some("gone".into()), ..Query::default() };
        let query = complete(&named, &[service("shop", 1, &[CPU])]);
        assert_eq!((query.service.as_deref(), query.profile_type), (Some("gone"), None));
    }

    #[test]
    fn starts_with_fifteen_minutes_of_its_own_profile() {
        let query = complete(&Query::default(), &[service("flarepath", 1, &[CPU])]);
        assert_eq!(query.range, Some(TimeRange::LAST_15_MINUTES));
        assert_eq!(complete(&Query::default(), &[]).service, None);
    }
}
