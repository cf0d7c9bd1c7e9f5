//! Our own records: people, sessions, tokens, shares, the audit log. SQLite beside the profiles by default, PostgreSQL
//! when several replicas serve; one code path for both.
//!
//! Here is SQL and nothing else: one file a resource, no rules. Rules live in [`crate::auth`] and [`crate::sharing`].
//! Statements are portable: `$1` placeholders, text, big integers and byte strings, `ON CONFLICT` and `RETURNING`. A sum of
//! big integers is a NUMERIC in PostgreSQL, so it is cast.

pub(crate) mod annotations;
pub(crate) mod api_tokens;
mod append_only;
mod attempts;
pub mod audit;
pub(crate) mod audit_log;
pub mod bindings;
mod change;
mod error;
pub(crate) mod id;
pub(crate) mod identities;
pub mod instance;
pub(crate) mod invitations;
pub(crate) mod oidc_sign_ins;
mod open;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod share_views;
pub mod shares;
mod snapshots;
pub mod teams;
pub(crate) mod users;

pub(crate) use change::Change;
pub use error::DbError;

use sqlx::AnyPool;

/// The databases that records may live in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// A file in the data folder.
    Sqlite,
    /// A server that replicas share.
    Postgres,
}

/// The way to our records. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Records {
    pool: AnyPool,
    dialect: Dialect,
}

impl Records {
    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
