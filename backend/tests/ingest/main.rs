//! Requests of clients through the router into a store.

// Tasks and clocks of a test end with its process.
#![allow(clippy::disallowed_methods)]
#![allow(missing_docs)]

mod command;
mod legacy;
mod otlp;
mod push;
mod quotas;
mod read_only;
mod sdk;
mod server;
mod upload;
