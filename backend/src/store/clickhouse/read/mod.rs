//! The questions, one file a kind. Each statement selects [`super::row_binary::ROW`] first and then what its reader reads.

mod costs;
mod merged;
mod series;
mod symbols;
mod tables;
mod times;
mod totals;

pub(super) use series::series;

use super::client::Client;
use super::row_binary::{Malformed, Reader};
use super::translate::Conditions;
use super::values::Values;
use crate::store::{MergedTree, ProfileTimes, Selection, StoreError, TimesBuilder};
use crate::work::CancelToken;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;

/// A question about profiles of one type.
pub(super) struct Question<'q> {
    client: &'q Client,
    selection: &'q Selection,
    profile_type: &'q ProfileType,
    conditions: Conditions,
    /// On `profiles` and `samples`: the series, the type and the range.
    rows: String,
    /// On `hourly_samples`: the series and the type.
    hourly: String,
    /// On `samples`: the spans, if the selection names any.
    spans: Option<String>,
}

impl<'q> Question<'q> {
    /// `None` if it selects nothing, whatever is stored.
    ///
    /// # Errors
    /// As [`Conditions::new`].
    pub(super) fn new(
        client: &'q Client,
        selection: &'q Selection,
        profile_type: &'q ProfileType,
    ) -> Result<Option<Question<'q>>, StoreError> {
        let Some(mut conditions) = Conditions::new(selection)? else { return Ok(None) };
        let of_type = conditions.of_type(profile_type);
        let hourly = format!("{} AND {of_type}", conditions.series);
        let rows = format!("{hourly} AND {}", conditions.starts(selection.range));
        let spans = conditions.spans(selection);
        Ok(Some(Question { client, selection, profile_type, conditions, rows, hourly, spans }))
    }

    async fn select<T: Send + 'static>(
        &self,
        operation: &'static str,
        sql: String,
        row: impl Fn(&mut Reader<'_>) -> Result<T, Malformed> + Send + 'static,
    ) -> Result<Vec<T>, StoreError> {
        let cancel = &self.selection.cancel;
        self.client.select(operation, cancel, sql, &self.conditions.values, row).await
    }
}

/// Whether there is a profile of a service.
pub(super) async fn has_service(client: &Client, service: &str) -> Result<bool, StoreError> {
    let mut values = Values::default();
    let sql = format!("SELECT 1 FROM profiles WHERE service = {} LIMIT 1", values.text(service));
    let found = client.select("has_service", &CancelToken::default(), sql, &values, |_| Ok(())).await?;
    Ok(!found.is_empty())
}

/// Whether the server answers.
pub(super) async fn check(client: &Client) -> Result<(), StoreError> {
    let (sql, cancel) = ("SELECT 1".to_owned(), CancelToken::default());
    client.select("check", &cancel, sql, &Values::default(), |_| Ok(())).await.map(drop)
}

/// The merge of no profiles.
pub(super) fn empty_tree() -> MergedTree {
    MergedTree { tree: CallTree::empty(), profiles: 0 }
}

/// Times of no profiles.
pub(super) fn no_times() -> ProfileTimes {
    TimesBuilder::new().finish(0)
}

/// Reads a map of labels.
fn labels(row: &mut Reader<'_>) -> Result<Labels, Malformed> {
    let pairs = row.array(2, |pair| Ok((pair.text()?, pair.text()?)))?;
    Ok(pairs.into_iter().collect())
}
