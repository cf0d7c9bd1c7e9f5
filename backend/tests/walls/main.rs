//! Architecture tests, which read the sources: the names that each folder may use, and the order of rooms (top-level modules).
//! Comments and strings are ignored. ARCHITECTURE.md lists the invariants.

#![allow(missing_docs)]

mod audit;
mod backend;
mod chance;
mod charts;
mod crates;
mod cycles;
mod english;
mod files;
mod frontend;
mod look;
mod map;
mod metrics;
mod modules;
mod profile;
mod source;
mod wall;
