//! Names and order of profile types.

use flarepath_profile::profile_type::rank;

/// The type to show first, by [`rank`]; then by id.
pub(crate) fn best_type(types: &[String]) -> Option<&str> {
    let of = |id: &str| {
        let (name, rest) = id.split_once(':').unwrap_or((id, ""));
        rank(name, rest.split(':').next().unwrap_or_default())
    };
    types.iter().map(String::as_str).min_by_key(|id| (of(id), *id))
}

/// The display name of a profile type: `CPU time`, `Memory in use`, or the words of the id.
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

    #[test]
    fn names_known_and_unknown_types() {
        assert_eq!(type_name("process_cpu:cpu:nanoseconds:cpu:nanoseconds"), "CPU time");
        assert_eq!(type_name("my_thing:some_count:count::"), "my thing · some count");
        assert_eq!(type_name("odd"), "odd");
    }
}
