//! Reading the audit log: filtered, newest first, in pages.

use super::id::{AuditEntryId, PrincipalId};
use super::row::{row, select};
use super::{DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// An entry of the audit log.
///
/// Serialized, it is a line of an export, with the fields of the API.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct AuditRow {
    pub(crate) id: AuditEntryId,
    #[serde(rename = "at_ns")]
    pub(crate) at: UnixNanos,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: PrincipalId,
    /// Name at that time.
    pub(crate) actor_name: String,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) request_id: String,
    pub(crate) action: String,
    pub(crate) object_kind: String,
    /// Id of a record of that kind; empty where there is none.
    pub(crate) object_id: String,
    /// Name at that time.
    pub(crate) object_name: String,
    /// JSON.
    pub(crate) before: Option<String>,
    /// JSON.
    pub(crate) after: Option<String>,
}

row!(
    AuditRow: id, at, actor_kind, actor_id, actor_name, ip, user_agent, request_id, action, object_kind, object_id,
    object_name, before, after
);

/// Which entries to read. Empty strings match everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditFilter {
    /// Id or name of the actor.
    pub(crate) actor: String,
    /// An action (`token.create`) or a whole group (`token`).
    pub(crate) action: String,
    /// Id, name or kind of the object.
    pub(crate) object: String,
    /// Earliest time.
    pub(crate) from: UnixNanos,
    /// Latest time, excluded.
    pub(crate) until: UnixNanos,
    /// Continue after the entry with this time and id.
    pub(crate) after: Option<(UnixNanos, AuditEntryId)>,
}

impl Records {
    /// The newest `limit` entries that match a filter, newest first.
    pub(crate) async fn audit_entries(
        &self,
        filter: &AuditFilter,
        limit: u32,
    ) -> Result<Vec<AuditRow>, DbError> {
        let rows = select(
            "FROM audit \
             WHERE ($1 = '' OR actor_id = $1 OR actor_name = $1) \
               AND ($2 = '' OR action = $2 OR substr(action, 1, length($2) + 1) = $2 || '.') \
               AND ($3 = '' OR object_id = $3 OR object_name = $3 OR object_kind = $3) \
               AND at >= $4 AND at < $5 AND (at < $6 OR (at = $6 AND id < $7)) \
             ORDER BY at DESC, id DESC LIMIT $8",
        );
        let (at, id) = filter.after.clone().unwrap_or_else(|| (UnixNanos::MAX, AuditEntryId::from("")));
        let bound = rows.bind(&filter.actor).bind(&filter.action).bind(&filter.object);
        let bound = bound.bind(filter.from.0).bind(filter.until.0).bind(at.0).bind(id).bind(i64::from(limit));
        Ok(bound.fetch_all(&self.pool).await?)
    }
}
