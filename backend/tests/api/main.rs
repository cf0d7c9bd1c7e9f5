//! The server's answers, through the router: no sockets, a fixed clock, a store in memory.

#![allow(missing_docs)]

mod diff;
mod errors;
mod heatmap;
mod lines;
mod openapi;
mod page;
mod pyroscope;
mod queries;
mod server;
mod start;
