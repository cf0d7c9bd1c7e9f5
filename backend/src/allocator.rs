//! Gives memory back to the system that the C library's allocator would keep.
//!
//! glibc keeps freed memory for two reasons, and each has its remedy (docs/decisions/0017-memory-given-back.md):
//!
//! - A freed block of up to 32 MiB raises the size above which blocks are mapped one by one to its own size. From then on
//!   blocks of that size come from the heaps of threads, which keep them: one heap of each thread that ever hashed a password.
//!   [`map_large_blocks`] fixes the size, so that large blocks always go back when they are freed.
//! - Small blocks leave holes in the heaps. [`give_back`] returns whole free pages; a job calls it once a minute, when there
//!   is something to return.
//!
//! Elsewhere than on Linux with glibc both do nothing.

/// Blocks of this size and more are mapped one by one, and go back to the system when they are freed. A hash of a password
/// takes 19 MiB, a large profile some dozens. Mapping costs page faults, so that what is allocated with every query stays
/// below.
const MAPPED_BYTES: i32 = 4 << 20;
/// Free bytes in the heaps below which nothing is returned.
const WORTHWHILE_BYTES: usize = 8 << 20;

/// Fixes the size of blocks that are mapped one by one. To be called before threads are started.
pub(crate) fn map_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(unsafe_code, reason = "no safe wrapper exists")]
    // SAFETY: the function has no preconditions and locks what it changes.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_BYTES);
    }
}

/// Returns free pages of all heaps to the system. Takes milliseconds, during which other threads wait for memory: not for
/// async threads.
pub(crate) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(unsafe_code, reason = "no safe wrapper exists")]
    // SAFETY: the function has no preconditions and locks what it changes.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// [`give_back`], if the heaps hold much that is free.
pub(crate) fn give_back_if_worthwhile() {
    if free_bytes() >= WORTHWHILE_BYTES {
        give_back();
    }
}

/// Bytes that are free in the heaps, as far as that is known.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn free_bytes() -> usize {
    #[expect(unsafe_code, reason = "no safe wrapper exists")]
    // SAFETY: the function has no preconditions and locks what it reads.
    unsafe { libc::mallinfo2() }.fordblks
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn free_bytes() -> usize {
    0
}
