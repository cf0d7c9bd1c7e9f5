//! The composition root: everything that a handler may use, made once at start.

use crate::clock::Clock;
use crate::store::{ProfileStore, ProfileWriter};
use std::sync::Arc;

/// What handlers share. Outside things are trait objects, so that tests replace them.
pub struct App {
    /// Profiles to read.
    pub store: Arc<dyn ProfileStore>,
    /// Where pushed profiles go.
    pub writer: Arc<dyn ProfileWriter>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Warnings that stay on screen, such as that access is open to the network.
    pub warnings: Vec<String>,
}

impl App {
    /// An app over a store that is also its own writer.
    pub fn new<S: ProfileStore + ProfileWriter + 'static>(store: Arc<S>, clock: Arc<dyn Clock>) -> App {
        App { writer: store.clone(), store, clock, warnings: Vec::new() }
    }
}
