//! Limits of local files.

/// Decompressed bytes above which a file is not read. Decoded it takes two to four times that, and a page of
/// WebAssembly ends at 4 GiB.
pub(crate) const MAX_BYTES: u64 = 1 << 30;
