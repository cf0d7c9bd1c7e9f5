//! Symbol tables of services, which give a profile's stack ids their meaning.
//!
//! - [`table`]: the table in memory, append-only.
//! - [`resolve`]: maps a pushed profile's ids to the table's.
//! - [`chunk`]: encodes what a table gained.
//! - [`cache`]: keeps tables in memory. [`loading`]: one load of a table at a time.

pub(super) mod cache;
pub(super) mod chunk;
mod hash;
pub(super) mod loading;
pub(super) mod resolve;
pub(super) mod table;
