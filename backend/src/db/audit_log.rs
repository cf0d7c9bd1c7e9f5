//! Reading the audit log, newest first, page by page.

use super::{DbError, Records};

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct AuditRow {
    /// Id.
    pub(crate) id: String,
    /// Nanoseconds since the epoch.
    pub(crate) at: i64,
    /// Kind of who did it.
    pub(crate) actor_kind: String,
    /// Id of it.
    pub(crate) actor_id: String,
    /// Its name then.
    pub(crate) actor_name: String,
    /// Address of the client.
    pub(crate) ip: String,
    /// What the client calls itself.
    pub(crate) user_agent: String,
    /// Id of the request.
    pub(crate) request_id: String,
    /// What was done.
    pub(crate) action: String,
    /// Kind of what it was done to.
    pub(crate) object_kind: String,
    /// Id of it.
    pub(crate) object_id: String,
    /// Its name then.
    pub(crate) object_name: String,
    /// What it was, JSON.
    pub(crate) before: Option<String>,
    /// What it is now, JSON.
    pub(crate) after: Option<String>,
}

/// Which lines. Empty texts stand for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditFilter {
    /// Id or name of who did it.
    pub(crate) actor: String,
    /// An action (`token.create`) or all of a kind (`token`).
    pub(crate) action: String,
    /// Id, name or kind of what it was done to.
    pub(crate) object: String,
    /// From then on, in nanoseconds since the epoch.
    pub(crate) from: i64,
    /// Before then.
    pub(crate) until: i64,
    /// Only lines that come after this one, in the order of the pages: its time and id.
    pub(crate) after: Option<(i64, String)>,
}

impl Records {
    /// The newest `limit` lines that a filter lets through, newest first.
    pub(crate) async fn audit_lines(
        &self,
        filter: &AuditFilter,
        limit: u32,
    ) -> Result<Vec<AuditRow>, DbError> {
        let rows = sqlx::query_as(
            "SELECT id, at, actor_kind, actor_id, actor_name, ip, user_agent, request_id, action, object_kind, object_id, \
             object_name, before, after FROM audit \
             WHERE ($1 = '' OR actor_id = $1 OR actor_name = $1) \
               AND ($2 = '' OR action = $2 OR substr(action, 1, length($2) + 1) = $2 || '.') \
               AND ($3 = '' OR object_id = $3 OR object_name = $3 OR object_kind = $3) \
               AND at >= $4 AND at < $5 AND (at < $6 OR (at = $6 AND id < $7)) \
             ORDER BY at DESC, id DESC LIMIT $8",
        );
        // Without a line to go on from, all are older than this.
        let (at, id) = filter.after.clone().unwrap_or((i64::MAX, String::new()));
        let bound = rows.bind(&filter.actor).bind(&filter.action).bind(&filter.object);
        let bound = bound.bind(filter.from).bind(filter.until).bind(at).bind(id).bind(i64::from(limit));
        Ok(bound.fetch_all(&self.pool).await?)
    }
}
