//! Names of sample types in sentences.

/// The subject of a sentence, such as `CPU use`; for types that are not known, the name of the type.
pub(crate) fn cost_name(sample_type: &str) -> String {
    let known = match sample_type {
        "cpu" | "itimer" | "on_cpu" | "process_cpu" | "cpu_time" => "CPU use",
        "wall" => "Wall-clock time",
        "alloc_space" | "alloc_in_new_tlab_bytes" | "alloc_outside_tlab_bytes" | "alloc-size" => {
            "Memory allocation"
        }
        "alloc_objects" | "alloc_in_new_tlab_objects" | "alloc_outside_tlab_objects" => {
            "Number of allocations"
        }
        "inuse_space" | "live" | "live-size" => "Memory in use",
        "inuse_objects" => "Number of objects in use",
        "goroutine" | "goroutines" => "Number of goroutines",
        "threads" => "Number of threads",
        "contentions" | "lock_count" => "Number of lock contentions",
        "delay" | "lock_duration" | "lock_time" => "Time waiting for locks",
        "off_cpu" => "Time off CPU",
        "exceptions" | "exception" => "Number of exceptions",
        _ => return format!("`{sample_type}`"),
    };
    known.to_owned()
}

/// Whether a sample type is a level, such as memory in use: profiles show it at an instant, and adding them up over time says
/// nothing.
pub fn is_level(sample_type: &str) -> bool {
    matches!(
        sample_type,
        "inuse_space"
            | "inuse_objects"
            | "goroutine"
            | "goroutines"
            | "threads"
            | "live"
            | "live-size"
            | "heap-live-size"
    )
}

/// Whether a sample type counts samples, which depends on how often they are taken.
pub fn counts_samples(sample_type: &str) -> bool {
    matches!(sample_type, "samples" | "sample")
}

/// Whether two sampling periods are known and differ by more than a tenth.
pub fn periods_differ([a, b]: [i64; 2]) -> bool {
    a.min(b) > 0 && a.max(b) as f64 > 1.1 * a.min(b) as f64
}
