//! The profile type that a row is about: the one that Explore shows first.

use flarepath_profile::profile_type::{ProfileType, rank};

/// The first by [`rank`]; then by name.
pub(super) fn main_type<'t>(types: impl Iterator<Item = &'t ProfileType>) -> Option<&'t ProfileType> {
    types.min_by_key(|of| (rank(&of.name, &of.sample_type), *of))
}

/// Nanoseconds of CPU time in one of its values; `None` if it does not measure CPU time.
pub(super) fn cpu_nanos(profile_type: &ProfileType) -> Option<f64> {
    if profile_type.sample_type != "cpu" {
        return None;
    }
    match profile_type.sample_unit.as_str() {
        "nanoseconds" | "ns" => Some(1.0),
        "microseconds" | "us" => Some(1e3),
        "milliseconds" | "ms" => Some(1e6),
        "seconds" | "s" => Some(1e9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_comes_first_and_only_it_has_cores() {
        let of = |types: &[&str]| {
            let types: Vec<ProfileType> = types.iter().map(|text| text.parse().unwrap()).collect();
            let found = main_type(types.iter())?;
            Some((found.sample_type.clone(), cpu_nanos(found)))
        };
        let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
        let samples = "process_cpu:samples:count:cpu:nanoseconds";
        let memory = "memory:inuse_space:bytes:space:bytes";
        assert_eq!(of(&[memory, samples, cpu]), Some(("cpu".to_owned(), Some(1.0))));
        assert_eq!(of(&[memory, samples]), Some(("samples".to_owned(), None)));
        assert_eq!(of(&[memory, "goroutine:goroutine:count::"]), Some(("inuse_space".to_owned(), None)));
        assert_eq!(of(&[]), None);
    }
}
