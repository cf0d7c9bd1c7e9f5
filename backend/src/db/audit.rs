//! The audit log: who did what, on what, from where.

use super::{DbError, id};
use serde_json::Value;
use sqlx::AnyConnection;

/// Who acted, from where: made from the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Nanoseconds since the epoch.
    pub(crate) at: i64,
    /// `user`, `service_account`, `local`, `anonymous` or `system`.
    pub(crate) kind: String,
    /// Id of the row; empty where there is none.
    pub(crate) id: String,
    /// Name at that time.
    pub(crate) name: String,
    /// Address of the client.
    pub(crate) ip: String,
    /// What it calls itself.
    pub(crate) user_agent: String,
    /// Id of the request, as the server's log has it.
    pub(crate) request_id: String,
}

/// A line to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Who.
    pub(crate) actor: Actor,
    /// What, such as `user.create`.
    pub(crate) action: &'static str,
    /// On what: kind, id and name of it.
    pub(crate) object: (&'static str, String, String),
    /// What it was. Never a secret.
    pub(crate) before: Option<Value>,
    /// What it is now. Never a secret.
    pub(crate) after: Option<Value>,
}

impl AuditEntry {
    /// A line without details.
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

    /// With what it was.
    #[must_use]
    pub(crate) fn before(mut self, value: Value) -> AuditEntry {
        self.before = Some(value);
        self
    }

    /// With what it is now.
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
    .bind(id::new_id())
    .bind(actor.at)
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
    /// All that stands in the log, a text a line: for tests that look for what must not be there.
    pub async fn audited_texts(&self) -> Result<Vec<String>, DbError> {
        let lines = sqlx::query_scalar(
            "SELECT actor_name || ' ' || ip || ' ' || user_agent || ' ' || action || ' ' || object_name || ' ' || \
             COALESCE(before, '') || ' ' || COALESCE(after, '') FROM audit ORDER BY id",
        );
        Ok(lines.fetch_all(&self.pool).await?)
    }

    /// What was done, by name, sorted: for tests that count.
    pub async fn audited_actions(&self) -> Result<Vec<String>, DbError> {
        Ok(sqlx::query_scalar("SELECT action FROM audit ORDER BY action").fetch_all(&self.pool).await?)
    }
}
