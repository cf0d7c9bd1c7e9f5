//! Origin of a function's code: the service itself, a library, the language's runtime, the allocator, the kernel, or nothing but
//! waiting.
//!
//! The first line that applies decides:
//!
//! | sign | origin |
//! |---|---|
//! | own code was set for the service, and this is it | own |
//! | the kernel's mapping, `_[k]` behind the name, an entry point of the kernel, a system call | kernel, or waiting for its idle and wait functions |
//! | no symbol, no name, merged for privacy | unknown |
//! | a function of [`names`] that locks, waits or sleeps | waiting |
//! | a function of [`names`] that allocates, frees or collects garbage | memory |
//! | own code as [`OwnCode`] guesses it | own |
//! | the standard library or the runtime of a language | runtime |
//! | anything else | library |
//!
//! ```
//! use flarepath_profile::frame_table::FrameText;
//! use flarepath_profile::origin::{Origin, origin};
//! use flarepath_profile::own_code::OwnCode;
//!
//! let frame = FrameText { name: "runtime.mallocgc", symbolized: true, ..FrameText::default() };
//! assert_eq!(origin(frame, &OwnCode::default()), Origin::Memory);
//! ```

mod derived;
mod names;
mod runtime;

pub use derived::derived_origins;

use crate::call_tree::CallTree;
use crate::frame_table::{FrameId, FrameTable, FrameText, OTHER};
use crate::own_code::{OwnCode, is_shared_library};

/// Where the code of a function comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The service's own code.
    Own,
    /// Libraries and frameworks.
    Library,
    /// The language's runtime and standard library.
    Runtime,
    /// Allocator and garbage collector.
    Memory,
    /// The kernel and system calls.
    Kernel,
    /// Locks, waiting, idling.
    Waiting,
    /// No symbol, or no function at all.
    Unknown,
}

impl Origin {
    /// All of them, in the order of legends.
    pub const ALL: [Origin; 7] = [
        Origin::Own,
        Origin::Library,
        Origin::Runtime,
        Origin::Memory,
        Origin::Kernel,
        Origin::Waiting,
        Origin::Unknown,
    ];

    /// The word for it in links.
    pub fn word(self) -> &'static str {
        match self {
            Origin::Own => "own",
            Origin::Library => "library",
            Origin::Runtime => "runtime",
            Origin::Memory => "memory",
            Origin::Kernel => "kernel",
            Origin::Waiting => "waiting",
            Origin::Unknown => "unknown",
        }
    }

    /// The origin that a link means.
    pub fn parse(word: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|origin| origin.word() == word)
    }
}

/// The origin of each function of a table. The root's is [`Origin::Unknown`].
pub fn origins(frames: &FrameTable, own: &OwnCode) -> Vec<Origin> {
    // Where functions of a program have script files, those without a file are built into the engine.
    let is_script = (1..frames.len() as u32).any(|id| runtime::is_browser_script(frames.file(FrameId(id))));
    let of = |id: u32| {
        let frame = frames.text(FrameId(id));
        match origin(frame, own) {
            Origin::Own
                if is_script && frame.file.is_empty() && frame.mapping.is_empty() && !own.is_stated() =>
            {
                Origin::Runtime
            }
            origin => origin,
        }
    };
    std::iter::once(Origin::Unknown).chain((1..frames.len() as u32).map(of)).collect()
}

/// The origin of one function.
pub fn origin(frame: FrameText<'_>, own: &OwnCode) -> Origin {
    if own.is_stated() && own.is_own(frame) {
        return Origin::Own;
    }
    let name = plain(frame.name);
    if is_kernel(frame, name) {
        return if names::waits_in_kernel(name) { Origin::Waiting } else { Origin::Kernel };
    }
    if !frame.symbolized || matches!(name, "" | "??" | "???" | "[unknown]" | "unknown" | OTHER) {
        return Origin::Unknown;
    }
    let is_script = runtime::is_script(frame.file);
    // A script may have a `poll` or a `free` of its own.
    let is_c = !is_script && !name.contains(['.', '#']) && !name.contains("::");
    if names::waits(name) || (is_c && names::waits_in_c(name, is_shared_library(frame.mapping))) {
        return Origin::Waiting;
    }
    if names::manages_memory(name, frame) || (is_c && names::allocates_in_c(name)) {
        return Origin::Memory;
    }
    if names::waits_in_python(name, frame.file) {
        return Origin::Waiting;
    }
    match runtime::is_certainly(frame, name) {
        true => Origin::Runtime,
        false if !own.is_stated() && own.is_own(frame) && !frame.name.contains("node_modules/") => {
            Origin::Own
        }
        false if runtime::is_likely(frame) => Origin::Runtime,
        false => Origin::Library,
    }
}

/// What each origin spent itself, in the order of [`Origin::ALL`]: together the total of the tree, saturating. `origins` has an entry
/// for each frame; the root's own value, which is of no function, is unknown.
pub fn self_values(tree: &CallTree, origins: &[Origin]) -> [i64; Origin::ALL.len()] {
    let (frame, _, own, _) = tree.columns();
    let mut sums = [0_i64; Origin::ALL.len()];
    for (frame, value) in frame.iter().zip(own) {
        let origin = origins.get(frame.index()).copied().unwrap_or(Origin::Unknown);
        let sum = &mut sums[origin as usize];
        *sum = sum.saturating_add(*value);
    }
    sums
}

/// A name without what profilers and linkers add to it: `_[k]`, `@plt`, `+0x1c`, `.part.0`, and `:(idle):0`, as the Node SDK writes what V8
/// counts beside functions (file, name and line).
fn plain(name: &str) -> &str {
    let of_v8 = name.strip_prefix(':').and_then(|rest| rest.strip_suffix(":0"));
    let name = of_v8.filter(|inner| inner.starts_with('(')).unwrap_or(name);
    let bytes = name.as_bytes();
    let is_marked = bytes.len() > 4 && bytes.ends_with(b"]") && bytes[..bytes.len() - 2].ends_with(b"_[");
    let name = if is_marked { &name[..name.len() - 4] } else { name };
    let ends = ["@plt", "@@", "+0x", ".part.", ".isra.", ".constprop.", ".cold", ".llvm."];
    let end = ends.iter().filter_map(|end| name.find(end)).filter(|at| *at > 0).min();
    &name[..end.unwrap_or(name.len())]
}

fn is_kernel(frame: FrameText<'_>, name: &str) -> bool {
    let mapping = frame.mapping;
    let kernel_mapping = mapping.starts_with("[kernel")
        || mapping.starts_with("[guest.kernel")
        || matches!(mapping, "[vdso]" | "[vsyscall]")
        || mapping.contains("vmlinux")
        || mapping.ends_with(".ko");
    kernel_mapping || frame.name.ends_with("[k]") || names::enters_kernel(name, is_shared_library(mapping))
}

#[cfg(test)]
mod tests;
