//! Why records could not be read or changed.

use sqlx::migrate::MigrateError;

/// A failure of the records database. Its text never holds what was written.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// It cannot be opened or reached.
    #[error("the records database cannot be used: {0}")]
    Unusable(String),
    /// A row of the same name is there already.
    #[error("there is one already")]
    Conflict,
    /// The row that a change speaks of is not there (any more).
    #[error("it is not there")]
    Missing,
    /// What is stored cannot be understood.
    #[error("a record cannot be understood: {0}")]
    Damaged(String),
    /// Anything else the database said.
    #[error("the records database failed: {0}")]
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
                "it was written by a newer flarepath (tables {version}); run that version or a newer one"
            )),
            other => DbError::Unusable(format!("its tables cannot be brought up to date: {other}")),
        }
    }
}
