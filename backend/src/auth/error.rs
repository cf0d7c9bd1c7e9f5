//! Errors of authentication and authorization.

use crate::db::DbError;
use crate::problem::ProblemKind;
use std::time::Duration;

/// A rejection, or a failure to decide.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// Session missing, unknown, expired or revoked; nothing says which.
    #[error("not signed in, or the session has ended; sign in again")]
    SignedOut,
    /// API token unknown, expired or revoked, or its owner disabled; nothing says which.
    #[error("invalid API token: unknown, expired or revoked; create a new one, or ask an administrator")]
    BadToken,
    /// Unknown name, wrong password or disabled account; nothing says which.
    #[error("wrong name or password")]
    WrongPassword,
    /// Authenticated, but not allowed.
    #[error("{0}")]
    Forbidden(String),
    /// Missing, or invisible to this caller.
    #[error("{0}")]
    NotFound(String),
    /// Invalid input.
    #[error("{message}")]
    Invalid {
        /// Problem type, such as `weak-password`.
        kind: ProblemKind,
        /// What is wrong and what to do.
        message: String,
    },
    /// The name is taken, or a concurrent change was first.
    #[error("{0}")]
    Conflict(String),
    /// Too many attempts.
    #[error("too many attempts; try again in {} s", .0.as_secs().max(1))]
    TooMany(Duration),
    /// The server has no administrator yet.
    #[error("this server is not set up yet: open it in a browser, or run `flarepath admin create`")]
    Unclaimed,
    /// The records database failed.
    #[error(transparent)]
    Records(#[from] DbError),
    /// A bug or a broken machine. The text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl AuthError {
    pub(crate) fn invalid(kind: ProblemKind, message: impl Into<String>) -> AuthError {
        AuthError::Invalid { kind, message: message.into() }
    }
}
