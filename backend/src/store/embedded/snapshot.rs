//! Reads the rows that answer a range, of one service, in one transaction.
//!
//! The plan takes the widest sealed windows inside the range, then narrower ones in what is left, then single profiles
//! at the edges. Profiles that no block contains yet are read one by one inside the windows. All in one transaction, so
//! folding, which moves profiles from one to the other, never shows.

use super::registry::Selected;
use super::retention;
use super::window::{Segment, WIDEST, carve, first_window, width};
use crate::store::TimeRange;
use crate::work::CancelToken;
use futures::stream::BoxStream;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{Sqlite, Transaction};

/// The columns to read of each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Projection {
    /// series, number of profiles, samples, start of the oldest, then duration and period (of blocks) or head.
    Samples,
    /// series, start, points (of blocks) or head (of single profiles).
    Points,
    /// series, points, duration and period (of blocks); series, start, head (of single profiles).
    Times,
    /// series, start (of blocks: of their window), samples.
    Cells,
    /// series, start of the newest profile; one row a series.
    Newest,
}

/// The rows to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Blocks of a level.
    Blocks(usize),
    /// All single profiles.
    Profiles,
    /// Single profiles that no block contains.
    Unfolded,
    /// Single profiles whose samples have labels or times: series, start, details, head.
    Details,
}

/// Steps of SQLite's virtual machine between two looks at a token: about a millisecond.
const SQLITE_STEPS: i32 = 10_000;

/// A read transaction on one service.
pub(crate) struct Snapshot<'a> {
    transaction: Transaction<'static, Sqlite>,
    selected: &'a Selected,
    series: Option<String>,
    /// The plan: disjoint pieces that cover the range.
    pub(crate) segments: Vec<Segment>,
}

impl<'a> Snapshot<'a> {
    /// Begins the transaction and plans `range`. With a step, windows must fall between multiples of it since the
    /// epoch, unless retention has dropped what they are made of. SQLite gives up soon after `cancel` says so.
    pub(crate) async fn begin(
        readers: &SqlitePool,
        selected: &'a Selected,
        range: TimeRange,
        step_ns: Option<i64>,
        cancel: &CancelToken,
    ) -> Result<Snapshot<'a>, sqlx::Error> {
        let mut transaction = readers.begin().await?;
        watch(&mut transaction, cancel).await?;
        let series = (!selected.all).then(|| {
            let ids: Vec<String> = selected.series.keys().map(i64::to_string).collect();
            format!("[{}]", ids.join(","))
        });
        let mut snapshot = Snapshot { transaction, selected, series, segments: Vec::new() };
        snapshot.segments = snapshot.plan(range, step_ns).await?;
        Ok(snapshot)
    }

    async fn plan(&mut self, range: TimeRange, step_ns: Option<i64>) -> Result<Vec<Segment>, sqlx::Error> {
        let dropped = retention::load(&mut self.transaction).await?;
        let (mut plan, mut gaps) = (Vec::new(), vec![range]);
        for level in (1..=WIDEST).rev() {
            let mut left = Vec::new();
            for gap in gaps {
                let mut windows = self.sealed(level, gap).await?;
                if step_ns.is_some_and(|step| step % width(level) != 0) {
                    windows.retain(|&start| start < dropped[level - 1]);
                }
                let (segments, rest) = carve(gap, level, &windows, dropped[level - 1]);
                plan.extend(segments);
                left.extend(rest);
            }
            gaps = left;
        }
        plan.extend(gaps.into_iter().filter(|g| !g.is_empty()).map(|range| Segment { level: 0, range }));
        Ok(plan)
    }

    async fn sealed(&mut self, level: usize, gap: TimeRange) -> Result<Vec<i64>, sqlx::Error> {
        sqlx::query_scalar(
            "SELECT start_ns FROM sealed WHERE service_id = ? AND level = ? AND start_ns >= ? AND start_ns < ? \
             ORDER BY start_ns",
        )
        .bind(self.selected.service)
        .bind(level as i64)
        .bind(first_window(level, gap.start.0))
        .bind(gap.end.0)
        .fetch_all(&mut *self.transaction)
        .await
    }

    /// Everything that the plan reads.
    pub(crate) fn places(&self) -> Vec<(Place, TimeRange)> {
        let of = |s: &Segment| match s.level {
            0 => vec![(Place::Profiles, s.range)],
            level => vec![(Place::Blocks(level), s.range), (Place::Unfolded, s.range)],
        };
        self.segments.iter().flat_map(of).collect()
    }

    /// The rows of selected series at a place, in a range.
    pub(crate) fn rows(
        &mut self,
        projection: Projection,
        place: Place,
        range: TimeRange,
    ) -> BoxStream<'_, Result<SqliteRow, sqlx::Error>> {
        let level = if let Place::Blocks(level) = place { level as i64 } else { 0 };
        sqlx::query(statement(projection, place))
            .bind(self.selected.service)
            .bind(level)
            .bind(range.start.0)
            .bind(range.end.0)
            .bind(self.series.clone())
            .fetch(&mut *self.transaction)
    }
}

/// Lets SQLite give up soon after `cancel` says so. Taken off again before the connection's next use, see `connection`.
pub(crate) async fn watch(
    connection: &mut SqliteConnection,
    cancel: &CancelToken,
) -> Result<(), sqlx::Error> {
    connection.lock_handle().await?.set_progress_handler(SQLITE_STEPS, cancel.watch());
    Ok(())
}

/// The statement that reads columns of blocks, of single profiles or of unfolded ones (`p`). Parameters: service, level, start and
/// end of the range, and a JSON list of series or NULL for all.
macro_rules! select {
    (@from blocks) => {
        "FROM block p WHERE p.service_id = ?1 AND p.level = ?2 AND p.start_ns >= ?3 AND p.start_ns < ?4"
    };
    (@from profiles) => {
        "FROM profile p WHERE p.service_id = ?1 AND p.start_ns >= ?3 AND p.start_ns < ?4"
    };
    (@from unfolded) => {
        "FROM unfolded u CROSS JOIN profile p ON p.id = u.profile_id \
         WHERE u.service_id = ?1 AND u.start_ns >= ?3 AND u.start_ns < ?4"
    };
    ($columns:literal, $table:ident, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " ",
            select!(@from $table),
            " AND (?5 IS NULL OR p.series_id IN (SELECT value FROM json_each(?5)))",
            $rest
        )
    };
}

fn statement(projection: Projection, place: Place) -> &'static str {
    macro_rules! at_place {
        ($of_blocks:literal, $of_profiles:literal, $rest:literal) => {
            match place {
                Place::Blocks(_) => select!($of_blocks, blocks, $rest),
                Place::Unfolded => select!($of_profiles, unfolded, $rest),
                Place::Profiles => select!($of_profiles, profiles, $rest),
                Place::Details => {
                    select!(
                        "p.series_id, p.start_ns, p.details, p.head",
                        profiles,
                        " AND p.details IS NOT NULL"
                    )
                }
            }
        };
    }
    match projection {
        Projection::Samples => at_place!(
            "p.series_id, p.profiles, p.samples, p.oldest_ns, p.duration_ns, p.period",
            "p.series_id, 1, p.samples, p.start_ns, p.head",
            ""
        ),
        Projection::Points => {
            at_place!("p.series_id, p.start_ns, p.points", "p.series_id, p.start_ns, p.head", "")
        }
        Projection::Times => {
            at_place!("p.series_id, p.points, p.duration_ns, p.period", "p.series_id, p.start_ns, p.head", "")
        }
        Projection::Cells => {
            at_place!("p.series_id, p.start_ns, p.samples", "p.series_id, p.start_ns, p.samples", "")
        }
        Projection::Newest => at_place!(
            "p.series_id, max(p.newest_ns)",
            "p.series_id, max(p.start_ns)",
            " GROUP BY p.series_id"
        ),
    }
}
