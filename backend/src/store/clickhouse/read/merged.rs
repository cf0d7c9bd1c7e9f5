//! Merged profiles and call trees.

use super::Question;
use super::tables::Tables;
use crate::store::clickhouse::client::blocking;
use crate::store::embedded::export::empty;
use crate::store::{MergedTree, StoreError};
use flarepath_profile::call_tree;
use flarepath_profile::profile::Profile;

/// Facts about the profiles of a merge.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    profiles: u64,
    oldest_ns: i64,
    duration_ns: i64,
    period: i64,
}

impl Question<'_> {
    pub(in super::super) async fn call_tree(mut self) -> Result<MergedTree, StoreError> {
        let (profile, facts) = self.merged().await?;
        let tree = blocking(move || call_tree::from_profile(&profile, 0)).await?;
        let name = self.client.upstream().name();
        let tree = tree.map_err(|error| StoreError::TooLarge(format!("{name}: {error}")))?;
        Ok(MergedTree { tree, profiles: facts.profiles })
    }

    pub(in super::super) async fn profile(mut self) -> Result<Profile, StoreError> {
        let (mut profile, facts) = self.merged().await?;
        profile.time_nanos = facts.oldest_ns;
        profile.duration_nanos = facts.duration_ns;
        profile.period = facts.period;
        Ok(profile)
    }

    /// A sample for each stack whose sum is not zero, and facts.
    async fn merged(&mut self) -> Result<(Profile, Facts), StoreError> {
        let facts = self.facts().await?;
        if facts.profiles == 0 {
            return Ok((empty(self.profile_type), facts));
        }
        let sql = self.sums_sql();
        let sums = self.select("sums", sql, |row| Ok((row.u128()?, row.i64()?))).await?;
        let symbols = self.symbols().await?;
        let (profile_type, cancel) = (self.profile_type.clone(), self.selection.cancel.clone());
        let name = self.client.upstream().name().to_owned();
        let merge = move || -> Result<Profile, StoreError> {
            let mut tables = Tables::new(&symbols, &profile_type);
            for (at, (stack, sum)) in sums.into_iter().enumerate() {
                if at.is_multiple_of(4096) {
                    cancel.check()?;
                }
                let stack = tables.stack(stack).map_err(|missing| missing.of(&name))?;
                tables.profile.samples.push(stack, &[sum], &[]);
            }
            Ok(tables.profile)
        };
        Ok((blocking(merge).await??, facts))
    }

    async fn facts(&self) -> Result<Facts, StoreError> {
        let rows = &self.rows;
        let in_spans = self.spans.as_ref().map_or_else(String::new, |spans| {
            format!(" AND profile IN (SELECT profile FROM samples WHERE {rows} AND {spans})")
        });
        let sql = format!(
            "SELECT 1, count(), min(start), sum(duration), max(period) FROM profiles WHERE {rows}{in_spans}"
        );
        let found = self.select("facts", sql, |row| {
            Ok(Facts {
                profiles: row.u64()?,
                oldest_ns: row.i64()?,
                duration_ns: row.i64()?,
                period: row.i64()?,
            })
        });
        Ok(found.await?.pop().unwrap_or_default())
    }

    /// Sums by stack: of whole hours from the hourly sums, and of the rest from the samples.
    fn sums_sql(&mut self) -> String {
        let whole_hours = self.conditions.whole_hours(self.selection.range);
        let Question { hourly, rows, spans, .. } = &*self;
        let of_samples = |condition: &str| format!("SELECT stack, value FROM samples WHERE {condition}");
        let amounts = match (spans, whole_hours) {
            (Some(spans), _) => of_samples(&format!("{rows} AND {spans}")),
            (None, None) => of_samples(rows),
            (None, Some((whole, edges))) => format!(
                "SELECT stack, value FROM hourly_samples WHERE {hourly} AND {whole} UNION ALL {}",
                of_samples(&format!("{hourly} AND {edges}"))
            ),
        };
        format!("SELECT 1, stack, sum(value) AS total FROM ({amounts}) GROUP BY stack HAVING total != 0")
    }
}
