//! Series with profiles in a range, and their types.

use super::labels;
use crate::store::clickhouse::client::Client;
use crate::store::clickhouse::translate::Conditions;
use crate::store::{Selection, SeriesInfo, StoreError};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use rustc_hash::FxHashMap;
use std::sync::Arc;

pub(in super::super) async fn series(
    client: &Client,
    selection: &Selection,
) -> Result<Vec<SeriesInfo>, StoreError> {
    let Some(mut conditions) = Conditions::new(selection)? else { return Ok(Vec::new()) };
    let starts = conditions.starts(selection.range);
    let Conditions { values, labels: of_labels, series, .. } = conditions;
    let sql = format!(
        "SELECT 1, labels, types, newest FROM (\
         SELECT series, groupUniqArray(type) AS types, max(start) AS newest FROM profiles \
         WHERE {series} AND {starts} GROUP BY series) AS found \
         INNER JOIN (SELECT series, labels FROM series WHERE {of_labels} LIMIT 1 BY series) AS known \
         USING (series)"
    );
    let rows = client.select("series", &selection.cancel, sql, &values, |row| {
        Ok((labels(row)?, row.array(1, |text| text.text())?, row.i64()?))
    });
    let mut lists = TypeLists::default();
    let info = |(labels, types, newest)| SeriesInfo {
        labels: Arc::new(labels),
        profile_types: lists.of(types),
        newest: UnixNanos(newest),
    };
    Ok(rows.await?.into_iter().map(info).collect())
}

/// Lists of profile types; many series share them.
#[derive(Default)]
struct TypeLists(FxHashMap<Vec<String>, Arc<[ProfileType]>>);

impl TypeLists {
    /// Leaves out texts that are no types, such as those with a colon in a part: no question can name them.
    fn of(&mut self, mut texts: Vec<String>) -> Arc<[ProfileType]> {
        texts.sort_unstable();
        if let Some(known) = self.0.get(&texts) {
            return known.clone();
        }
        let mut types: Vec<ProfileType> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        types.sort_unstable();
        let types: Arc<[ProfileType]> = types.into();
        self.0.insert(texts, types.clone());
        types
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_of_types_are_kept_once() {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        let mut lists = TypeLists::default();
        let both = lists.of(texts(&["b:x:y:z:u", "a:x:y:z:u", "a:x:y"]));
        assert_eq!(both.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(Arc::ptr_eq(&both, &lists.of(texts(&["a:x:y", "a:x:y:z:u", "b:x:y:z:u"]))));
    }
}
