//! The migrations of the database of profiles, from `backend/migrations/profiles`.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// The newest version of the schema.
pub(crate) fn newest_schema() -> i64 {
    migrations().iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// All migrations, in order. Those of a released version never change: their checksums are in the database.
pub(super) fn migrations() -> Migrator {
    let migration = |version, name: &'static str, sql: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        migration(1, "profiles", include_str!("../../../migrations/profiles/0001_profiles.sql")),
        migration(2, "commits", include_str!("../../../migrations/profiles/0002_commits.sql")),
        migration(3, "collection", include_str!("../../../migrations/profiles/0003_collection.sql")),
    ])
}
