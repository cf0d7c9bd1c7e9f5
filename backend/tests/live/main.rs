//! Real clients of other projects against a running server: the built binary with an empty data directory.

// Tasks and clocks of a test end with its process.
#![allow(clippy::disallowed_methods)]

mod data_directory;
mod demo_metrics;
mod demo_node;
mod kill;
mod otlp_client;
mod prometheus;
mod recording;
mod running_server;
mod sdk_java;
mod sdk_node;
mod sdk_python;
mod sdk_rust;
mod sdk_token;
mod seen_tree;
