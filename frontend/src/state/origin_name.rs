//! Names of the origins of code.

use flarepath_profile::origin::Origin;

/// As a legend names it.
pub(crate) fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Own => "Own code",
        Origin::Library => "Libraries",
        Origin::Runtime => "Runtime",
        Origin::Memory => "Memory management",
        Origin::Kernel => "Kernel",
        Origin::Waiting => "Waiting",
        Origin::Unknown => "Unknown",
    }
}

/// What belongs to it, in a sentence.
pub(crate) fn origin_hint(origin: Origin) -> &'static str {
    match origin {
        Origin::Own => "Code of the service itself, as set for it or guessed from names and files",
        Origin::Library => "Libraries and frameworks",
        Origin::Runtime => "Runtime and standard library of the language",
        Origin::Memory => "Allocator and garbage collector",
        Origin::Kernel => "Kernel and system calls",
        Origin::Waiting => "Locks, waiting and idle time",
        Origin::Unknown => "Functions without a symbol, and what was merged",
    }
}
