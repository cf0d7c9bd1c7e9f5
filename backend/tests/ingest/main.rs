//! Profiles through the router into a store, as clients send them.

#![allow(missing_docs)]

mod command;
mod legacy;
mod otlp;
mod push;
mod read_only;
mod sdk;
mod server;
mod upload;
