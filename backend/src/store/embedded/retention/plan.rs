//! Dry run of retention: the rows that it would drop now, by age, then by size, in the order and in the steps of both.
//!
//! Rows are counted along indexes, and their bytes estimated from some of them, so that a large database takes seconds. A server may
//! be running.

use super::super::damage;
use super::super::error::store_error;
use super::super::folder::FILE_NAME;
use super::super::migrations::newest_schema;
use super::super::space::measure;
use super::super::window::WIDEST;
use super::size::{may_go, step, step_width, target, unfolded_since};
use super::{ages, cutoff, newest};
use crate::sqlite::{self, schema};
use crate::store::{DiskUsage, Retention, StoreError};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::sqlite::SqliteConnection;
use std::path::Path;

/// Rows whose bytes are looked at for an estimate.
const SAMPLE: i64 = 500;

/// Why data would be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It is older than its level is kept.
    Age,
    /// The store is larger than it may be.
    Size,
}

/// Rows of a level that would be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    /// 0: single profiles; 1, 2, 3: blocks of 5 minutes, of 1 hour, of 1 day.
    pub(crate) level: usize,
    pub(crate) reason: Reason,
    /// Start of the first window with such rows.
    pub(crate) from: UnixNanos,
    /// End of the last.
    pub(crate) until: UnixNanos,
    pub(crate) rows: u64,
    /// Estimated.
    pub(crate) bytes: u64,
}

/// What would be dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// At present.
    pub(crate) usage: DiskUsage,
    /// At most one for each level and reason.
    pub(crate) planned: Vec<Planned>,
    /// Whether profiles that are not folded yet keep more from being dropped by size.
    pub(crate) waits: bool,
}

/// Plans for the database in `dir`.
///
/// # Errors
/// Also when its schema is not that of this version.
pub(crate) async fn plan(
    dir: &Path,
    retention: Option<Retention>,
    max_size: Option<u64>,
    now: UnixNanos,
) -> Result<Plan, StoreError> {
    let path = dir.join(FILE_NAME);
    if !path.exists() {
        return Err(StoreError::Unusable(format!("there is no {}", path.display())));
    }
    damage::before_opening(dir)?;
    let look = async {
        let mut connection = sqlite::open_to_read(&path).await?;
        if schema::version(&mut connection).await? != Some(newest_schema()) {
            return Ok(Err(StoreError::Unusable(format!(
                "{} was written by another version; start the server once, or use the version that wrote it",
                path.display()
            ))));
        }
        let usage = measure(&mut connection, dir).await?;
        Ok(usage.map(|usage| (usage, connection)))
    };
    let (usage, mut connection) = look.await.map_err(|error| store_error(&error, dir))??;
    let draft = Draft { usage, retention, max_size, now };
    draft.plan(&mut connection).await.map_err(|error| store_error(&error, dir))
}

struct Draft {
    usage: DiskUsage,
    retention: Option<Retention>,
    max_size: Option<u64>,
    now: UnixNanos,
}

impl Draft {
    async fn plan(&self, connection: &mut SqliteConnection) -> Result<Plan, sqlx::Error> {
        let mut plan = Plan { usage: self.usage, ..Plan::default() };
        let Some(newest) = newest(connection).await? else { return Ok(plan) };
        let now = self.now.min(newest);
        let before = |level: usize| self.retention.map_or(i64::MIN, |r| cutoff(now, ages(r)[level]));
        let mut younger = Vec::new();
        for level in 0..=WIDEST {
            let steps = steps(connection, level, now.0, before(WIDEST)).await?;
            let mean = mean_bytes(connection, level).await?;
            for (at_ns, rows) in steps {
                let until = UnixNanos(at_ns.saturating_add(step_width(level)));
                let found = Planned {
                    level,
                    reason: Reason::Age,
                    from: UnixNanos(at_ns),
                    until,
                    rows,
                    bytes: (rows as f64 * mean) as u64,
                };
                match at_ns < before(level) {
                    true => plan.add(found),
                    false => younger.push(Planned { reason: Reason::Size, ..found }),
                }
            }
        }
        let dropped: u64 = plan.planned.iter().map(|planned| planned.bytes).sum();
        let mut used = self.usage.used.saturating_sub(dropped);
        let waiting = unfolded_since(connection, step(0, now.0)).await?;
        for next in younger {
            if !self.is_too_large(used) || !may_go(next.level, next.until.0, waiting) {
                break;
            }
            used = used.saturating_sub(next.bytes);
            plan.add(next);
        }
        plan.waits = waiting.is_some() && self.is_too_large(used);
        Ok(plan)
    }

    fn is_too_large(&self, used: u64) -> bool {
        self.max_size.is_some_and(|max_size| used > target(max_size))
    }
}

impl Plan {
    fn add(&mut self, next: Planned) {
        match self.planned.last_mut() {
            Some(last) if (last.level, last.reason) == (next.level, next.reason) => {
                last.until = next.until;
                last.rows += next.rows;
                last.bytes += next.bytes;
            }
            _ => self.planned.push(next),
        }
    }
}

/// Rows of a level that may be dropped at `now_ns`, by the start of their step. Where everything goes by age, the next wider level
/// is not needed.
async fn steps(
    connection: &mut SqliteConnection,
    level: usize,
    now_ns: i64,
    all_before_ns: i64,
) -> Result<Vec<(i64, u64)>, sqlx::Error> {
    let sql = match level {
        0 => {
            "SELECT p.start_ns - p.start_ns % ?3 AS at, count(*) FROM service s CROSS JOIN profile p INDEXED BY profile_by_time \
             ON p.service_id = s.id AND p.start_ns < ?2 WHERE ?1 = 0 AND ?4 = ?4 AND ?5 = ?5 AND NOT EXISTS (SELECT 1 FROM unfolded u \
             WHERE u.service_id = s.id AND u.start_ns = p.start_ns AND u.profile_id = p.id) GROUP BY at ORDER BY at"
        }
        WIDEST => {
            "SELECT b.start_ns - b.start_ns % ?3 AS at, count(*) FROM service s CROSS JOIN block b INDEXED BY block_by_window \
             ON b.service_id = s.id AND b.level = ?1 AND b.start_ns < ?2 WHERE ?4 = ?4 AND ?5 = ?5 GROUP BY at ORDER BY at"
        }
        _ => {
            "SELECT b.start_ns - b.start_ns % ?3 AS at, count(*) FROM service s CROSS JOIN block b INDEXED BY block_by_window \
             ON b.service_id = s.id AND b.level = ?1 AND b.start_ns < ?2 WHERE b.start_ns < ?4 OR EXISTS (SELECT 1 FROM sealed w \
             WHERE w.service_id = s.id AND w.level = ?1 + 1 AND w.start_ns = b.start_ns - b.start_ns % ?5) GROUP BY at ORDER BY at"
        }
    };
    let wider = super::super::window::width((level + 1).min(WIDEST));
    let rows: Vec<(i64, i64)> = sqlx::query_as(sql)
        .bind(level as i64)
        .bind(step(level, now_ns))
        .bind(step_width(level))
        .bind(all_before_ns)
        .bind(wider)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|(at_ns, rows)| (at_ns, u64::try_from(rows).unwrap_or_default())).collect())
}

/// Bytes of a row of a level, its entries in indexes included, from some of them.
async fn mean_bytes(connection: &mut SqliteConnection, level: usize) -> Result<f64, sqlx::Error> {
    let sql = match level {
        0 => {
            "SELECT coalesce(avg(n), 0.0) FROM (SELECT length(head) + length(samples) + coalesce(length(details), 0) + 64 AS n \
             FROM profile WHERE ?1 = 0 ORDER BY id DESC LIMIT ?2)"
        }
        _ => {
            "SELECT coalesce(avg(n), 0.0) FROM (SELECT length(points) + length(samples) + 96 AS n FROM service s CROSS JOIN block b \
             INDEXED BY block_by_window ON b.service_id = s.id AND b.level = ?1 LIMIT ?2)"
        }
    };
    sqlx::query_scalar(sql).bind(level as i64).bind(SAMPLE).fetch_one(connection).await
}
