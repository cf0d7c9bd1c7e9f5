//! Totals: over time by labels, and of each profile.

use super::Question;
use crate::store::clickhouse::translate::label;
use crate::store::{StoreError, TotalsSeries};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;

impl Question<'_> {
    pub(in super::super) async fn totals(
        mut self,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        let (start, step_ns) = (self.selection.range.start.0, step_ns.max(1));
        let sql = self.totals_sql(start, step_ns, by);
        let rows =
            self.select("totals", sql, |row| Ok((row.array(1, |text| text.text())?, row.i64()?, row.i64()?)));
        let mut groups: BTreeMap<Vec<String>, Vec<(UnixNanos, i64)>> = BTreeMap::new();
        for (values, bucket, sum) in rows.await? {
            let at = i128::from(start) + i128::from(bucket) * i128::from(step_ns);
            groups.entry(values).or_default().push((UnixNanos(at as i64), sum));
        }
        let series = |(values, mut points): (Vec<String>, Vec<(UnixNanos, i64)>)| {
            points.sort_unstable();
            TotalsSeries { labels: by.iter().cloned().zip(values).collect(), points }
        };
        Ok(groups.into_iter().map(series).collect())
    }

    fn totals_sql(&mut self, start: i64, step_ns: i64, by: &[String]) -> String {
        let values = &mut self.conditions.values;
        let bucket =
            format!("toInt64(intDiv(toInt128(start) - {}, {}))", values.i64(start), values.i64(step_ns));
        let names: Vec<String> = by.iter().map(|name| format!("toString({})", label(name, values))).collect();
        let key =
            if by.is_empty() { "emptyArrayString()".to_owned() } else { format!("[{}]", names.join(", ")) };
        let of_series = match by.iter().all(|name| name == SERVICE_NAME) {
            true => String::new(),
            false => format!(
                " INNER JOIN (SELECT series, labels FROM series WHERE {} LIMIT 1 BY series) AS known USING (series)",
                self.conditions.labels
            ),
        };
        let (table, value, spans) = self.amounts();
        format!(
            "SELECT 1, {key} AS grouped, bucket, sum(amount) FROM (\
             SELECT service, series, {bucket} AS bucket, sum({value}) AS amount FROM {table} \
             WHERE {}{spans} GROUP BY service, series, bucket) AS found{of_series} GROUP BY grouped, bucket",
            self.rows
        )
    }

    /// The table of what is summed up, its column, and the condition of the spans, with its `AND`.
    fn amounts(&self) -> (&'static str, &'static str, String) {
        match &self.spans {
            None => ("profiles", "total", String::new()),
            Some(spans) => ("samples", "value", format!(" AND {spans}")),
        }
    }

    pub(in super::super) async fn each_total(
        self,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        let rows = &self.rows;
        let sql = match &self.spans {
            None => format!("SELECT 1, start, total FROM profiles WHERE {rows}"),
            Some(spans) => format!(
                "SELECT 1, any(start), sum(value) FROM samples WHERE {rows} AND {spans} GROUP BY profile"
            ),
        };
        let found = self.select("each_total", sql, |row| Ok((UnixNanos(row.i64()?), row.i64()?))).await?;
        found.into_iter().for_each(|(start, total)| visit(start, total));
        Ok(())
    }
}
