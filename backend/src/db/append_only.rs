//! Triggers that make the database reject updates and deletes of audit entries.
//!
//! Triggers are the one thing that the two dialects write differently.

use super::{DbError, Dialect};
use sqlx::AnyConnection;
use sqlx::Executor;

const SQLITE: [&str; 2] = [
    "CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
];

const POSTGRES: [&str; 3] = [
    "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE OR REPLACE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit \
     FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    "CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
];

/// Serializes replicas that start at the same time.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_lock(5021963)";
const POSTGRES_UNLOCK: &str = "SELECT pg_advisory_unlock(5021963)";

pub(super) async fn install(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), DbError> {
    match dialect {
        Dialect::Sqlite => {
            for statement in SQLITE {
                connection.execute(statement).await?;
            }
        }
        Dialect::Postgres => {
            connection.execute(POSTGRES_LOCK).await?;
            for statement in POSTGRES {
                connection.execute(statement).await?;
            }
            connection.execute(POSTGRES_UNLOCK).await?;
        }
    }
    Ok(())
}
