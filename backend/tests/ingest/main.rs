//! Profiles through the router into a store, as clients send them.

#![allow(missing_docs)]

mod push;
mod server;
