//! The records database: users, sessions, tokens, shares, the audit log. SQLite beside the profiles by default, PostgreSQL
//! for several replicas; one code path for both.
//!
//! SQL and nothing else: one file per resource, no rules (those are in `auth` and `sharing`).
//! Statements are portable: `$1` placeholders, text, big integers and byte strings, `ON CONFLICT` and `RETURNING`. A sum of
//! big integers is a NUMERIC in PostgreSQL, so it is cast. Instants ([`UnixNanos`]) are big integers.
//!
//! [`UnixNanos`]: flarepath_profile::unix_nanos::UnixNanos

pub mod annotations;
pub(crate) mod api_tokens;
mod append_only;
mod attempts;
pub mod audit;
pub(crate) mod audit_exports;
pub(crate) mod audit_log;
pub mod bindings;
mod change;
mod check;
mod damage;
mod error;
pub(crate) mod files;
pub mod id;
pub(crate) mod identities;
pub mod instance;
pub(crate) mod invitations;
mod known_browsers;
mod leases;
pub(crate) mod markers;
mod migrations;
pub(crate) mod oidc_sign_ins;
mod open;
pub(crate) mod own_code;
pub(crate) mod refusals;
mod row;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod share_views;
pub mod shares;
mod snapshots;
pub mod teams;
pub(crate) mod users;

pub(crate) use change::Change;
pub use error::DbError;

use crate::opened_file::OpenedFile;
use sqlx::AnyPool;
use std::sync::{Arc, OnceLock};

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// A file in the data directory.
    Sqlite,
    /// A server, shared by replicas.
    Postgres,
}

/// A handle to the records database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Records {
    pool: AnyPool,
    /// For checks of readiness, which must not wait for requests.
    checker: AnyPool,
    dialect: Dialect,
    /// The database file, where there is one.
    file: Option<Arc<OpenedFile>>,
    /// Damage that was found in it.
    damage: Arc<OnceLock<String>>,
}

impl Records {
    /// Closes all connections.
    pub async fn close(&self) {
        self.checker.close().await;
        self.pool.close().await;
    }
}
