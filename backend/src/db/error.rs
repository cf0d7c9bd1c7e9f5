//! Errors of the records database.

use sqlx::migrate::MigrateError;

/// A failure of the records database. Messages never contain stored values.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database cannot be opened or reached.
    #[error("records database unavailable: {0}")]
    Unusable(String),
    /// A unique constraint is violated: the name is taken.
    #[error("record already exists")]
    Conflict,
    /// The row does not exist (any more).
    #[error("record not found")]
    Missing,
    /// A stored value is malformed.
    #[error("stored record is corrupt: {0}")]
    Damaged(String),
    /// Any other error of the database.
    #[error("records database query failed: {0}")]
    Database(String),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> DbError {
        match &error {
            sqlx::Error::RowNotFound => DbError::Missing,
            sqlx::Error::Database(cause) if cause.is_unique_violation() => DbError::Conflict,
            sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => DbError::Missing,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => {
                DbError::Unusable(error.to_string())
            }
            _ => DbError::Database(error.to_string()),
        }
    }
}

impl From<MigrateError> for DbError {
    fn from(error: MigrateError) -> DbError {
        match error {
            MigrateError::VersionMissing(version) => DbError::Unusable(format!(
                "its schema (version {version}) is from a newer flarepath; run that version or a newer one"
            )),
            other => DbError::Unusable(format!("schema migration failed: {other}")),
        }
    }
}
