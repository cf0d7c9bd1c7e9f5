//! Errors of the records database.

use sqlx::migrate::MigrateError;

/// A failure of the records database. Messages never contain stored values.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database cannot be opened or reached.
    #[error("records database unavailable: {0}")]
    Unusable(String),
    /// The database server does not respond.
    #[error("records database unreachable: {0}")]
    Unreachable(String),
    /// The database file is damaged.
    #[error(
        "records database damaged ({0}): stop the server, keep a copy of the file and its -wal, and restore a backup (flarepath \
         restore), or recover what is readable with `sqlite3 FILE .recover`"
    )]
    DamagedFile(String),
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
            sqlx::Error::Database(cause) if cause.code().is_some_and(|code| is_damage(&code)) => {
                DbError::DamagedFile(cause.message().to_owned())
            }
            sqlx::Error::Database(cause) if cause.code().is_some_and(|code| is_unreachable(&code)) => {
                DbError::Unreachable(cause.message().to_owned())
            }
            sqlx::Error::PoolTimedOut => {
                DbError::Unreachable("no connection within the time limit".to_owned())
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => DbError::Unreachable(error.to_string()),
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
            MigrateError::Execute(error) => match DbError::from(error) {
                DbError::Database(text) => DbError::Unusable(format!("schema migration failed: {text}")),
                other => other,
            },
            other => DbError::Unusable(format!("schema migration failed: {other}")),
        }
    }
}

impl DbError {
    /// The public reason, without files and addresses.
    pub(crate) const fn reason(&self) -> &'static str {
        match self {
            DbError::Unreachable(_) => "the database of users and shares is unreachable; retry in a moment",
            DbError::DamagedFile(_) => {
                "the database of users and shares is damaged; the server's log names the file and what to do"
            }
            _ => "the database of users and shares cannot be read or written; see the server's log",
        }
    }

    /// Adds the path to an error about a file.
    pub(super) fn of_file(self, path: &str) -> DbError {
        match self {
            DbError::DamagedFile(text) => DbError::DamagedFile(format!("{path}: {text}")),
            other => other,
        }
    }
}

/// SQLITE_CORRUPT and SQLITE_NOTADB, with their extended codes. PostgreSQL's codes have five characters.
fn is_damage(code: &str) -> bool {
    code.len() < 5 && code.parse::<u32>().is_ok_and(|code| [11, 26].contains(&(code & 0xff)))
}

/// PostgreSQL: connection exceptions (class 08), too many connections, shutdown and startup (class 57P).
fn is_unreachable(code: &str) -> bool {
    code.len() == 5 && (code.starts_with("08") || code.starts_with("57P") || code == "53300")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_damaged_file_from_a_server_that_is_unreachable() {
        for (code, damage, unreachable) in [
            ("11", true, false),
            ("26", true, false),
            ("267", true, false),
            ("5", false, false),
            ("1555", false, false),
            ("57P01", false, true),
            ("08006", false, true),
            ("53300", false, true),
            ("23505", false, false),
        ] {
            assert_eq!((is_damage(code), is_unreachable(code)), (damage, unreachable), "{code}");
        }
    }
}
