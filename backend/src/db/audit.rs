//! Writing the audit log.

use super::DbError;
use super::id::{AuditEntryId, PrincipalId};
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::Value;
use sqlx::AnyConnection;

/// Who acts, and from where, taken from the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    pub(crate) at: UnixNanos,
    /// `user`, `service_account`, `local`, `anonymous` or `system`.
    pub(crate) kind: String,
    pub(crate) id: PrincipalId,
    /// Name at that time.
    pub(crate) name: String,
    /// Client address.
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    /// Request id, as in the server's log.
    pub(crate) request_id: String,
}

/// An entry to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    pub(crate) actor: Actor,
    /// Such as `user.create`.
    pub(crate) action: &'static str,
    /// Kind, id and name of what was acted on.
    pub(crate) object: (&'static str, String, String),
    /// State before. Never a secret.
    pub(crate) before: Option<Value>,
    /// State after. Never a secret.
    pub(crate) after: Option<Value>,
}

impl AuditEntry {
    /// An entry without before and after.
    pub fn new(
        actor: &Actor,
        action: &'static str,
        kind: &'static str,
        id: impl Into<String>,
        name: impl Into<String>,
    ) -> AuditEntry {
        AuditEntry {
            actor: actor.clone(),
            action,
            object: (kind, id.into(), name.into()),
            before: None,
            after: None,
        }
    }

    /// Sets the state before.
    #[must_use]
    pub(crate) fn before(mut self, value: Value) -> AuditEntry {
        self.before = Some(value);
        self
    }

    /// Sets the state after.
    #[must_use]
    pub(crate) fn after(mut self, value: Value) -> AuditEntry {
        self.after = Some(value);
        self
    }
}

pub(super) async fn insert(connection: &mut AnyConnection, entry: AuditEntry) -> Result<(), DbError> {
    let AuditEntry { actor, action, object: (kind, object, name), before, after } = entry;
    sqlx::query(
        "INSERT INTO audit (id, at, actor_kind, actor_id, actor_name, ip, user_agent, request_id, action, \
         object_kind, object_id, object_name, before, after) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(AuditEntryId::random())
    .bind(actor.at.0)
    .bind(actor.kind)
    .bind(actor.id)
    .bind(actor.name)
    .bind(actor.ip)
    .bind(actor.user_agent)
    .bind(actor.request_id)
    .bind(action)
    .bind(kind)
    .bind(object)
    .bind(name)
    .bind(before.map(|v| v.to_string()))
    .bind(after.map(|v| v.to_string()))
    .execute(connection)
    .await?;
    Ok(())
}

impl super::Records {
    /// Every entry as text, for tests that search the log for secrets.
    pub async fn audited_texts(&self) -> Result<Vec<String>, DbError> {
        let lines = sqlx::query_scalar(
            "SELECT actor_name || ' ' || ip || ' ' || user_agent || ' ' || action || ' ' || object_name || ' ' || \
             COALESCE(before, '') || ' ' || COALESCE(after, '') FROM audit ORDER BY id",
        );
        Ok(lines.fetch_all(&self.pool).await?)
    }

    /// The actions of all entries, sorted, for tests that count them.
    pub async fn audited_actions(&self) -> Result<Vec<String>, DbError> {
        Ok(sqlx::query_scalar("SELECT action FROM audit ORDER BY action").fetch_all(&self.pool).await?)
    }
}
