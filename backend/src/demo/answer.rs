//! [`Answer`]: the outcome of a request of the demo, as HTTP would say it.

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Served, with a body of so many bytes.
    Served(usize),
    /// The request cannot be processed as it is.
    Refused,
    /// The service could not do its work.
    Failed,
}

impl Answer {
    /// The status code (RFC 9110, 15.5.21 for what is refused).
    pub(super) fn status(self) -> &'static str {
        match self {
            Answer::Served(_) => "200",
            Answer::Refused => "422",
            Answer::Failed => "500",
        }
    }
}
