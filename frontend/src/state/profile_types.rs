//! Names and order of profile types.

/// The type to show first: CPU time before samples, samples before memory, memory before the rest; then by id.
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
