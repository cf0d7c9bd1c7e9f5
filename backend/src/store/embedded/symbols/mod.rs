//! Symbol tables of services, which give a profile's stack ids their meaning.
//!
//! - [`table`]: the table in memory, append-only.
//! - [`draft`]: a new table without what nothing refers to any more.
//! - [`resolve`]: maps a pushed profile's ids to the table's.
//! - [`chunk`]: encodes what a table gained.
//! - [`cache`]: keeps tables in memory. [`loading`]: one load of a table at a time.

pub(super) mod cache;
pub(super) mod chunk;
pub(super) mod draft;
mod hash;
pub(super) mod loading;
pub(super) mod resolve;
pub(super) mod table;
