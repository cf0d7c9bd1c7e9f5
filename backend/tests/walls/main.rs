//! The walls of the house, checked by reading the sources: who may name what, and which room may import which.
//! Comments and strings do not count. ARCHITECTURE.md lists the walls.

#![allow(missing_docs)]

mod backend;
mod crates;
mod english;
mod files;
mod frontend;
mod source;
mod wall;
