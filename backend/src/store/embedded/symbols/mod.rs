//! Symbol tables of services: what a profile's stack ids mean.
//!
//! - [`table`]: the table in memory, append-only.
//! - [`resolve`]: from a pushed profile's ids to the table's.
//! - [`chunk`]: what a table gained, as bytes for the database.
//! - [`cache`]: which tables are in memory.

pub(super) mod cache;
pub(super) mod chunk;
mod hash;
pub(super) mod resolve;
pub(super) mod table;
