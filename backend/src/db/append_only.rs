//! Has the database itself refuse to change or to remove rows of the audit log.
//!
//! Triggers are the one thing that both dialects write differently.

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

/// Several replicas that start at once take turns.
const POSTGRES_TURN: &str = "SELECT pg_advisory_lock(5021963)";
const POSTGRES_DONE: &str = "SELECT pg_advisory_unlock(5021963)";

pub(super) async fn guard(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), DbError> {
    match dialect {
        Dialect::Sqlite => {
            for statement in SQLITE {
                connection.execute(statement).await?;
            }
        }
        Dialect::Postgres => {
            connection.execute(POSTGRES_TURN).await?;
            for statement in POSTGRES {
                connection.execute(statement).await?;
            }
            connection.execute(POSTGRES_DONE).await?;
        }
    }
    Ok(())
}
