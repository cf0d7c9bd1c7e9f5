//! Disk space of the database: how much it takes, and how the space of free pages goes back to the file system.
//!
//! - [`usage`]: measuring. [`history`], [`forecast`]: growth, and when the disk will be full. [`watch`]: doing so regularly.
//! - [`give_back`]: what the writer does, a slice at a time between transactions. New databases have SQLite's incremental vacuum:
//!   pages at the end of the file move into free ones, and the file gets shorter. Databases of earlier versions lack it, and
//!   adding it takes a copy of everything; there [`holes`] are punched where pages are free ([`freelist`]), so that the file keeps
//!   its length and takes less of the disk.
//!
//! docs/decisions/0019-space-given-back.md has the reasons.

mod forecast;
mod freelist;
mod give_back;
mod history;
mod holes;
#[cfg(test)]
mod tests;
mod usage;
mod watch;

pub(super) use give_back::{Slice, Space, open_file};
pub(super) use usage::measure;
pub(super) use watch::{Watch, observe, report};

/// Free pages that are kept for reuse, in bytes: what retention frees in ten minutes is needed again in the next ten.
const LEAST_KEPT: u64 = 64 << 20;
/// The same as a part of the used pages: a twentieth.
const KEPT_PART: u64 = 20;

/// Bytes of free pages to keep beside `used` bytes of data.
pub(super) fn kept(used: u64) -> u64 {
    LEAST_KEPT.max(used / KEPT_PART)
}
