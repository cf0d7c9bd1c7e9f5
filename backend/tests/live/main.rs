//! A running server: the built binary, an empty data directory, real clients of other projects.

// Tasks and clocks of a test or a benchmark end with it.
#![allow(clippy::disallowed_methods)]

mod kill;
mod otlp_client;
mod running_server;
mod sdk_java;
mod sdk_node;
mod sdk_python;
mod sdk_rust;
mod sdk_token;
