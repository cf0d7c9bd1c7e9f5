//! Input limits. Every decoder checks them; they bound memory.

/// Bytes of a profile after decompression. A server keeps room for many senders; a browser reads what its own
/// person opens, and is bounded by the memory of a tab: decoded, a profile takes two to four times its bytes.
pub const MAX_PROFILE_BYTES: usize = if cfg!(target_arch = "wasm32") { 1 << 30 } else { 64 << 20 };
/// Decompressed bytes for each compressed one, above which an input is taken for a bomb (after 1 MiB).
pub const MAX_INFLATE_RATIO: usize = 1000;
/// Frames in one stack, inlined ones included. What is deeper is cut at the root end.
pub const MAX_STACK_DEPTH: usize = 10_000;
/// Samples in one profile.
pub(crate) const MAX_SAMPLES: usize = 4_000_000;

/// Bytes that a reader may use besides an input of `input` bytes: three times as much, and at least what makes 64 MiB in all.
/// Small inputs can be mostly tables; large ones that are would end a server that reads several at once.
pub(crate) fn decode_room(input: usize) -> usize {
    const SMALL: usize = 64 << 20;
    if cfg!(target_arch = "wasm32") {
        return usize::MAX;
    }
    input.saturating_mul(4).max(SMALL).saturating_sub(input)
}

/// Labels of a series.
pub const MAX_LABELS: usize = 64;
/// Bytes in a label's name.
pub const MAX_LABEL_NAME_BYTES: usize = 1024;
/// Bytes in a label's value.
pub const MAX_LABEL_VALUE_BYTES: usize = 2048;
/// Bytes in the name of a function or a file; longer ones are cut.
pub const MAX_SYMBOL_BYTES: usize = 65_535;
