//! What Explore shows when the link leaves it open: the service seen last, CPU first, a range that has data.

use crate::state::query::Query;
use crate::state::time_range::TimeRange;

/// A service, as far as the choice needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceInfo {
    /// Value of `service_name`.
    pub(crate) name: String,
    /// Its profile types.
    pub(crate) profile_types: Vec<String>,
    /// How many series it has.
    pub(crate) series: u64,
    /// Its newest profile, milliseconds since the epoch.
    pub(crate) newest_ms: i64,
}

/// The name under which a server profiles itself.
const OWN_SERVICE: &str = "flarepath";

/// Fills in what `query` leaves open. What it says is kept, even when no such service is known: the answer
/// then says so.
pub(crate) fn complete(query: &Query, services: &[ServiceInfo]) -> Query {
    let mut query = query.clone();
    if query.service.is_none() {
        let newest =
            services.iter().max_by_key(|s| s.newest_ms / 60_000 * 1000 + (s.name != "flarepath") as i64);
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

/// CPU time before samples, samples before memory, memory before the rest; then in order.
pub(crate) fn best_type(types: &[String]) -> Option<&str> {
    types.iter().map(String::as_str).min_by_key(|id| (rank(id), *id))
}

fn rank(id: &str) -> u8 {
    let part = |i| id.split(':').nth(i).unwrap_or_default();
    match (part(0), part(1)) {
        (_, "cpu") => 0,
        ("process_cpu", _) => 1,
        (_, "itimer" | "wall") => 2,
        (_, "samples") => 3,
        (_, "inuse_space") => 4,
        (_, "alloc_space") => 5,
        ("memory", _) => 6,
        _ => 7,
    }
}

/// A profile type for people: `CPU time`, `Memory in use`, or the words of the id.
pub(crate) fn type_name(id: &str) -> String {
    let mut parts = id.split(':');
    let (name, sample) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let known = match (name, sample) {
        (_, "cpu") => "CPU time",
        ("process_cpu", "samples") => "CPU samples",
        (_, "itimer") => "CPU time (itimer)",
        ("wall", "wall") => "Wall time",
        ("memory", "inuse_space") => "Memory in use",
        ("memory", "inuse_objects") => "Objects in use",
        ("memory", "alloc_space") => "Memory allocated",
        ("memory", "alloc_objects") => "Objects allocated",
        ("mutex", "contentions") => "Mutex contentions",
        ("mutex", "delay") => "Mutex delay",
        ("block", "contentions") => "Block contentions",
        ("block", "delay") => "Block delay",
        ("goroutine" | "goroutines", _) => "Goroutines",
        _ => "",
    };
    match (known.is_empty(), sample.is_empty()) {
        (false, _) => known.to_owned(),
        (true, true) => name.replace('_', " "),
        (true, false) => format!("{} · {}", name.replace('_', " "), sample.replace('_', " ")),
    }
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
    fn the_newest_service_and_its_cpu_come_first() {
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
    fn what_the_link_says_is_kept() {
        let said = Query { service: Some("gone".into()), ..Query::default() };
        let query = complete(&said, &[service("shop", 1, &[CPU])]);
        assert_eq!((query.service.as_deref(), query.profile_type), (Some("gone"), None));
    }

    #[test]
    fn our_own_profile_starts_short() {
        let query = complete(&Query::default(), &[service("flarepath", 1, &[CPU])]);
        assert_eq!(query.range, Some(TimeRange::LAST_15_MINUTES));
        assert_eq!(complete(&Query::default(), &[]).service, None);
    }

    #[test]
    fn types_have_names() {
        assert_eq!(type_name(CPU), "CPU time");
        assert_eq!(type_name("my_thing:some_count:count::"), "my thing · some count");
        assert_eq!(type_name("odd"), "odd");
    }
}
