//! Failures of lists of markers.

use crate::db::DbError;
use crate::query::QueryError;
use crate::work::Refused;

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MarkerError {
    /// The records database failed.
    #[error(transparent)]
    Records(#[from] DbError),
    /// The series that decide on what the caller sees cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The server is busy or going down.
    #[error(transparent)]
    Refused(#[from] Refused),
}
