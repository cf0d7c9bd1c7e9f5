//! Triggers that make the database reject updates of audit entries, and deletions of entries that are not in an export.
//!
//! A row of `audit_exports` permits the deletion of the entries up to its last one. Such a row must count every entry up to
//! there, and can neither be changed nor deleted, so what can be deleted only ever grows by what an export has counted.
//!
//! Triggers are the one thing that the two dialects write differently.

use super::{DbError, Dialect};
use sqlx::AnyConnection;
use sqlx::Executor;

const SQLITE: [&str; 7] = [
    "CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_delete_exported BEFORE DELETE ON audit WHEN NOT EXISTS ( \
         SELECT 1 FROM audit_exports e WHERE e.last_at >= OLD.at AND (e.last_at > OLD.at OR e.last_id >= OLD.id)) \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    // REPLACE deletes without a trigger.
    "CREATE TRIGGER IF NOT EXISTS audit_no_replace BEFORE INSERT ON audit \
     WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_exports_complete BEFORE INSERT ON audit_exports WHEN NEW.entries <> ( \
         SELECT COUNT(*) FROM audit a WHERE a.at < NEW.last_at OR (a.at = NEW.last_at AND a.id <= NEW.last_id)) \
         OR EXISTS (SELECT 1 FROM audit_exports WHERE id = NEW.id) \
     BEGIN SELECT RAISE(ABORT, 'an export must count every audit entry up to its last: append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_exports_no_update BEFORE UPDATE ON audit_exports \
     BEGIN SELECT RAISE(ABORT, 'the list of audit exports is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_exports_no_delete BEFORE DELETE ON audit_exports \
     BEGIN SELECT RAISE(ABORT, 'the list of audit exports is append-only'); END",
    // Of earlier versions; the new trigger exists already.
    "DROP TRIGGER IF EXISTS audit_no_delete",
];

const POSTGRES: [&str; 9] = [
    "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE OR REPLACE FUNCTION audit_delete_exported() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN \
       IF EXISTS (SELECT 1 FROM audit_exports e \
           WHERE e.last_at >= OLD.at AND (e.last_at > OLD.at OR e.last_id >= OLD.id)) THEN RETURN OLD; END IF; \
       RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE OR REPLACE FUNCTION audit_export_is_complete() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN \
       IF NEW.entries <> (SELECT COUNT(*) FROM audit a \
           WHERE a.at < NEW.last_at OR (a.at = NEW.last_at AND a.id <= NEW.last_id)) THEN \
         RAISE EXCEPTION 'an export must count every audit entry up to its last: append-only'; END IF; \
       RETURN NEW; END $$",
    // Before the trigger of earlier versions is limited to updates.
    "CREATE OR REPLACE TRIGGER audit_delete_exported BEFORE DELETE ON audit \
     FOR EACH ROW EXECUTE FUNCTION audit_delete_exported()",
    "CREATE OR REPLACE TRIGGER audit_no_change BEFORE UPDATE ON audit \
     FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    "CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    "CREATE OR REPLACE TRIGGER audit_exports_complete BEFORE INSERT ON audit_exports \
     FOR EACH ROW EXECUTE FUNCTION audit_export_is_complete()",
    "CREATE OR REPLACE TRIGGER audit_exports_no_change BEFORE UPDATE OR DELETE ON audit_exports \
     FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    "CREATE OR REPLACE TRIGGER audit_exports_no_truncate BEFORE TRUNCATE ON audit_exports \
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
