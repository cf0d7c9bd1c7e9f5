//! Sample types in words: `62.1 % of CPU`.

use super::text::one_line;
use std::borrow::Cow;

/// The words; for types that are not known, the name of the type.
pub(crate) fn cost_words(sample_type: &str) -> Cow<'_, str> {
    let words = match sample_type {
        "cpu" | "itimer" | "on_cpu" | "process_cpu" | "cpu_time" => "CPU",
        "wall" => "wall time",
        "inuse_space" | "live_bytes" => "memory in use",
        "inuse_objects" => "objects in use",
        "alloc_space" | "alloc_bytes" => "allocated memory",
        "alloc_objects" => "allocations",
        "goroutine" | "goroutines" => "goroutines",
        "delay" => "delay",
        "contentions" => "contentions",
        "" => "what was sampled",
        other => return one_line(other, 40),
    };
    Cow::Borrowed(words)
}
