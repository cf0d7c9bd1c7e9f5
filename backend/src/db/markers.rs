//! Table of the markers that were posted.

use super::id::MarkerId;
use super::row::{insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// Deployments of one version that are read at most.
const MOST_OF_VERSION: i64 = 20;

/// A marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MarkerRow {
    pub(crate) id: MarkerId,
    pub(crate) at: UnixNanos,
    /// One of `markers::KINDS`.
    pub(crate) kind: String,
    pub(crate) service: String,
    /// Narrows the service; empty for all of it.
    pub(crate) selector: String,
    pub(crate) version: String,
    pub(crate) text: String,
    pub(crate) url: String,
    pub(crate) idempotency_key: Option<String>,
    /// The name of the account that posted it.
    pub(crate) created_by: String,
    pub(crate) created_at: UnixNanos,
}

row!(
    MarkerRow: id, at, kind, service, selector, version, text, url, idempotency_key, created_by, created_at
);

/// Which markers to read, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MarkerFilter {
    /// Of this service; `None` for all services.
    pub(crate) service: Option<String>,
    /// Of this kind; empty for all kinds.
    pub(crate) kind: String,
    /// Earliest time.
    pub(crate) from: UnixNanos,
    /// Latest time, excluded.
    pub(crate) until: UnixNanos,
    /// Continue after the marker with this time and id.
    pub(crate) after: (UnixNanos, String),
}

/// `FROM` … with the condition on the service, which is `$1`; two statements, so that each uses its index.
macro_rules! listed {
    ($service:literal) => {
        concat!(
            "FROM markers WHERE ",
            $service,
            " AND ($2 = '' OR kind = $2) AND at >= $3 AND at < $4 AND (at > $5 OR (at = $5 AND id > $6)) \
             ORDER BY at, id LIMIT $7"
        )
    };
}

impl Records {
    /// The oldest `limit` markers that match a filter.
    pub(crate) async fn markers(
        &self,
        filter: &MarkerFilter,
        limit: usize,
    ) -> Result<Vec<MarkerRow>, DbError> {
        let rows = match filter.service {
            Some(_) => select(listed!("service = $1")),
            None => select(listed!("$1 = ''")),
        };
        let (at, id) = filter.after.clone();
        let rows = rows.bind(filter.service.clone().unwrap_or_default()).bind(filter.kind.clone());
        let rows = rows.bind(filter.from.0).bind(filter.until.0).bind(at.0).bind(id);
        Ok(rows.bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(&self.pool).await?)
    }

    /// The newest `limit` markers of all services, from one time to another, the latter excluded; newest first.
    pub(crate) async fn newest_markers(
        &self,
        (from, until): (UnixNanos, UnixNanos),
        limit: usize,
    ) -> Result<Vec<MarkerRow>, DbError> {
        let rows = select("FROM markers WHERE at >= $1 AND at < $2 ORDER BY at DESC, id DESC LIMIT $3");
        let rows = rows.bind(from.0).bind(until.0).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// Deployments of a version of a service, from one time to another, both included; oldest first, and at most
    /// [`MOST_OF_VERSION`].
    pub(crate) async fn deployments(
        &self,
        service: &str,
        version: &str,
        (from, to): (UnixNanos, UnixNanos),
    ) -> Result<Vec<MarkerRow>, DbError> {
        let rows = select(
            "FROM markers WHERE service = $1 AND kind = 'deploy' AND version = $2 AND at >= $3 AND at <= $4 \
             ORDER BY at, id LIMIT $5",
        );
        let rows = rows.bind(service.to_owned()).bind(version.to_owned()).bind(from.0).bind(to.0);
        Ok(rows.bind(MOST_OF_VERSION).fetch_all(&self.pool).await?)
    }

    /// The marker of a service that was posted with this key.
    pub(crate) async fn marker_by_key(&self, service: &str, key: &str) -> Result<Option<MarkerRow>, DbError> {
        let row = select("FROM markers WHERE service = $1 AND idempotency_key = $2");
        Ok(row.bind(service.to_owned()).bind(key.to_owned()).fetch_optional(&self.pool).await?)
    }
}

impl Change {
    /// The marker with this id.
    pub(crate) async fn marker(&mut self, id: &MarkerId) -> Result<Option<MarkerRow>, DbError> {
        Ok(select("FROM markers WHERE id = $1").bind(id).fetch_optional(self.connection()).await?)
    }

    /// How many markers a service has, and how many there are in all.
    pub(crate) async fn count_markers(&mut self, service: &str) -> Result<(i64, i64), DbError> {
        let of_service = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM markers WHERE service = $1");
        let of_service = of_service.bind(service.to_owned()).fetch_one(self.connection()).await?;
        let all = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM markers");
        Ok((of_service, all.fetch_one(self.connection()).await?))
    }

    /// Inserts a marker.
    ///
    /// # Errors
    /// [`DbError::Conflict`] if the service has one with the same key.
    pub(crate) async fn insert_marker(&mut self, row: &MarkerRow) -> Result<(), DbError> {
        self.run(insert("markers", row, &[], "")).await.map(drop)
    }

    /// Deletes a marker.
    pub(crate) async fn delete_marker(&mut self, id: &MarkerId) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM markers WHERE id = $1");
        self.run(delete.bind(id)).await.map(drop)
    }

    /// Deletes what happened before a time. Returns how many.
    pub(crate) async fn delete_markers_before(&mut self, before: UnixNanos) -> Result<u64, DbError> {
        let delete = sqlx::query("DELETE FROM markers WHERE at < $1");
        self.run(delete.bind(before.0)).await
    }
}
