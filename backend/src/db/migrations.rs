//! The migrations of the records database, from `backend/migrations/records`.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// All migrations, in order. Those of a released version never change: their checksums are in the database.
pub(super) fn migrations() -> Migrator {
    let migration = |version, name: &'static str, sql: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        migration(1, "people", include_str!("../../migrations/records/0001_people.sql")),
        migration(2, "shares", include_str!("../../migrations/records/0002_shares.sql")),
        migration(3, "oidc", include_str!("../../migrations/records/0003_oidc.sql")),
        migration(4, "leases", include_str!("../../migrations/records/0004_leases.sql")),
        migration(5, "known browsers", include_str!("../../migrations/records/0005_known_browsers.sql")),
        migration(6, "share readers", include_str!("../../migrations/records/0006_share_readers.sql")),
        migration(7, "audit exports", include_str!("../../migrations/records/0007_audit_exports.sql")),
        migration(8, "own code", include_str!("../../migrations/records/0008_own_code.sql")),
        migration(9, "markers", include_str!("../../migrations/records/0009_markers.sql")),
    ])
}
