//! Why somebody was not let in, or may not do what was asked.

use crate::db::DbError;
use std::time::Duration;

/// A refusal, or a failure to decide.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// Credentials that are wrong, expired or revoked; nothing says which.
    #[error("you are not signed in, or no longer; sign in again")]
    SignedOut,
    /// An API token that is wrong, expired or revoked, or whose owner is gone; nothing says which.
    #[error(
        "the API token is not valid: it is unknown, expired or revoked; make a new one, or ask an administrator"
    )]
    BadToken,
    /// Name or password is wrong, or the account is disabled; nothing says which.
    #[error("name or password is wrong")]
    WrongPassword,
    /// Known, but not allowed.
    #[error("{0}")]
    Forbidden(String),
    /// Not there, or not for this caller.
    #[error("{0}")]
    NotFound(String),
    /// What was given cannot be used.
    #[error("{message}")]
    Invalid {
        /// Kind of the problem, such as `weak-password`.
        kind: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// Something of that name, or another change, was there first.
    #[error("{0}")]
    Conflict(String),
    /// Too many attempts.
    #[error("too many attempts; try again in {} s", .0.as_secs().max(1))]
    TooMany(Duration),
    /// Nobody has claimed this instance yet.
    #[error("nobody has set up this server yet: open it in a browser, or run `flarepath admin create`")]
    Unclaimed,
    /// Records cannot be read or written.
    #[error(transparent)]
    Records(#[from] DbError),
    /// A bug or a broken machine; the cause is for the log.
    #[error("{0}")]
    Internal(String),
}

impl AuthError {
    /// What was given cannot be used.
    pub(crate) fn invalid(kind: &'static str, message: impl Into<String>) -> AuthError {
        AuthError::Invalid { kind, message: message.into() }
    }
}
