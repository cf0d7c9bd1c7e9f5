//! Reads local profile files beside the page, so that the page never waits.
//!
//! The rim of [`desk`]: takes messages, streams the file (through the browser's own gunzip where needed), and
//! posts what the desk says. See [`protocol`] for the words. Sends nothing anywhere.
//!
//! [`desk`]: flarepath_frontend::local_file::desk
//! [`protocol`]: flarepath_frontend::local_file::protocol

#[cfg(target_arch = "wasm32")]
mod worker_rim;

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker_rim::start();
}
