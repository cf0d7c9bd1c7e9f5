//! A profile that was rejected, with the reason.

use super::IngestError;
use std::fmt;

/// A rejected profile.
#[derive(Debug)]
pub(crate) struct Rejection {
    /// Its place in the request, such as `series 2, profile 1 {service_name="cart"}`; empty if it is the only one.
    pub(crate) which: String,
    /// The reason.
    pub(crate) error: IngestError,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.which.as_str() {
            "" => write!(f, "{}", self.error),
            which => write!(f, "{which}: {}", self.error),
        }
    }
}
