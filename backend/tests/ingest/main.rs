//! Profiles through the router into a store, as clients send them.

// Tasks and clocks of a test or a benchmark end with it.
#![allow(clippy::disallowed_methods)]
#![allow(missing_docs)]

mod command;
mod legacy;
mod otlp;
mod push;
mod read_only;
mod sdk;
mod server;
mod upload;
