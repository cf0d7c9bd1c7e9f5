//! Costs of functions over time: sums by column and stack in one query, and a call tree for each column.

use super::Question;
use super::tables::Tables;
use crate::store::clickhouse::client::blocking;
use crate::store::{CostsOverTime, CostsQuery, StoreError};
use flarepath_profile::call_tree;
use flarepath_profile::sample::Samples;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;

/// Sums of one column, by stack.
type Sums = Vec<(u128, i64)>;

impl Question<'_> {
    pub(in super::super) async fn costs_over_time(
        mut self,
        query: &CostsQuery,
    ) -> Result<CostsOverTime, StoreError> {
        let columns = self.columns(query.step_ns.max(1)).await?;
        if columns.is_empty() {
            return Ok(CostsOverTime::new());
        }
        let symbols = self.symbols().await?;
        let (profile_type, cancel, query) =
            (self.profile_type.clone(), self.selection.cancel.clone(), query.clone());
        let name = self.client.upstream().name().to_owned();
        let compute = move || -> Result<CostsOverTime, StoreError> {
            let mut tables = Tables::new(&symbols, &profile_type);
            let mut costs = CostsOverTime::new();
            for (start, sums) in columns {
                cancel.check()?;
                let mut samples = Samples::new(1);
                for (stack, sum) in sums {
                    let stack = tables.stack(stack).map_err(|missing| missing.of(&name))?;
                    samples.push(stack, &[sum], &[]);
                }
                tables.profile.samples = samples;
                let tree = call_tree::from_profile(&tables.profile, 0);
                let tree = tree.map_err(|error| StoreError::TooLarge(format!("{name}: {error}")))?;
                costs.insert(start, query.of_tree(&tree));
            }
            Ok(costs)
        };
        blocking(compute).await?
    }

    /// The columns that have profiles, by their left edge.
    async fn columns(&mut self, step_ns: i64) -> Result<BTreeMap<UnixNanos, Sums>, StoreError> {
        let step = self.conditions.values.i64(step_ns);
        let column = format!("start - positiveModulo(start, {step})");
        let (rows, spans) = (&self.rows, &self.spans);
        let in_spans = spans.as_ref().map_or_else(String::new, |spans| format!(" AND {spans}"));
        let sql = format!(
            "SELECT 1, {column} AS edge, stack, sum(value) FROM samples WHERE {rows}{in_spans} GROUP BY edge, stack"
        );
        let sums =
            self.select("costs", sql, |row| Ok((UnixNanos(row.i64()?), row.u128()?, row.i64()?))).await?;
        let mut columns: BTreeMap<UnixNanos, Sums> = BTreeMap::new();
        for (edge, stack, sum) in sums {
            columns.entry(edge).or_default().push((stack, sum));
        }
        if self.spans.is_none() {
            // Profiles without samples have a column as well.
            let sql = format!("SELECT DISTINCT 1, {column} FROM profiles WHERE {}", self.rows);
            let edges = self.select("costs", sql, |row| Ok(UnixNanos(row.i64()?))).await?;
            for edge in edges {
                columns.entry(edge).or_default();
            }
        }
        Ok(columns)
    }
}
