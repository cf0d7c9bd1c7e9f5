//! The API through the router, without sockets, with a fixed clock and a store in memory.

// Tasks of a test end with it.
#![allow(clippy::disallowed_methods)]
#![allow(missing_docs)]

#[path = "../answer/mod.rs"]
mod answer;
mod breakdown;
mod breakdown_of_many;
mod diff;
mod document;
mod errors;
mod health;
mod heatmap;
mod indicators;
mod lines;
#[path = "../metrics_source/mod.rs"]
mod metrics_source;
mod openapi;
mod overview;
mod overview_metrics;
mod page;
mod process;
mod pyroscope;
mod queries;
mod recorded;
mod remote_stores;
mod retention;
mod schema;
mod server;
mod start;
#[path = "../upstream/mod.rs"]
mod upstream;
mod verdict;
mod verdict_requests;
