//! Start times of profiles, by replica, and their totals, by series. Of all profiles, whatever spans the selection names.

use super::{Question, labels};
use crate::store::clickhouse::client::blocking;
use crate::store::{PieceVisitor, ProfilePiece, ProfileTimes, StoreError, TimesBuilder};

impl Question<'_> {
    pub(in super::super) async fn profile_times(self) -> Result<ProfileTimes, StoreError> {
        let sql = self.by_series(
            "arraySort(groupArray(start)) AS starts, sum(duration) AS durations, max(period) AS longest",
        );
        let sql = format!("SELECT 1, labels, starts, durations, longest FROM {sql}");
        let found = self.select("profile_times", sql, |row| {
            Ok((labels(row)?, row.array(8, |start| start.i64())?, row.i64()?, row.i64()?))
        });
        let found = found.await?;
        let times = move || {
            let mut times = TimesBuilder::new();
            for (labels, starts, duration_ns, period) in found {
                let place = times.place(&labels);
                times.add(place, &starts, duration_ns, period);
            }
            times.finish(0)
        };
        blocking(times).await
    }

    pub(in super::super) async fn each_piece(self, visit: &mut PieceVisitor<'_>) -> Result<(), StoreError> {
        let sql =
            self.by_series("arraySort(groupArray((start, total))) AS pairs, sum(duration) AS durations");
        let sql = format!("SELECT 1, labels, pairs, durations FROM {sql}");
        let found = self.select("each_piece", sql, |row| {
            Ok((labels(row)?, row.array(16, |pair| Ok((pair.i64()?, pair.i64()?)))?, row.i64()?))
        });
        for (labels, pairs, duration_ns) in found.await? {
            let (starts, totals): (Vec<i64>, Vec<i64>) = pairs.into_iter().unzip();
            visit(&labels, &ProfilePiece { starts: &starts, totals: &totals, duration_ns });
        }
        Ok(())
    }

    /// Aggregates of the profiles of each series, with its labels.
    fn by_series(&self, aggregates: &str) -> String {
        format!(
            "(SELECT series, {aggregates} FROM profiles WHERE {} GROUP BY series) AS found \
             INNER JOIN (SELECT series, labels FROM series WHERE {} LIMIT 1 BY series) AS known USING (series)",
            self.rows, self.conditions.labels
        )
    }
}
