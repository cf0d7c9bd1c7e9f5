//! Breakdown by a label: the cost of each value, and the values that differ from the others of their group.
//!
//! 1. [`cells`]: one read of all starts and totals, by replica within a value of the label. Covered time as in
//!    [`super::covered`].
//! 2. [`rows`]: rate per second of covered time and replica, total, small timeline, for each value; and how each stands among the
//!    others, by [`flarepath_profile::stats::against_peers`].
//! 3. [`page`]: the part of the values that is asked for, in the order that is asked for.
//!
//! Memory is bounded by [`cells`]: with very many profiles, their times become coarser. The rows are cached, so that pages and orders
//! of one question cost no further read.

mod cells;
mod page;
mod rows;
#[cfg(test)]
mod tests;

pub(super) use cells::{Cells, Start};
pub(crate) use page::{Column, Page, PageQuery, page};
pub(crate) use rows::{Breakdown, Place, Row};

use super::cache::Operation;
use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::{ProfilePiece, SeriesInfo, StoreError};
use crate::work::ANSWERS;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

impl Querier {
    /// What each value of `label` costs. `now` tells what may still come.
    pub(crate) async fn breakdown(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        label: &str,
        now: UnixNanos,
    ) -> Result<Arc<Breakdown>, QueryError> {
        self.require(|offered| offered.profile_totals, "totals of single profiles")?;
        let series = self.series(who, question).await?;
        let question = self.restricted(who, question)?;
        let operation = Operation::Breakdown(profile_type.clone(), label.to_owned());
        let read = self.cells(who, &question, profile_type, label, series);
        let sample_type = profile_type.sample_type.clone();
        let compute = async move {
            let cells = read.await?;
            Ok(ANSWERS.run(move || Breakdown::of(&cells, &sample_type, now)).await?)
        };
        self.cache.get(operation, &question, compute.boxed()).await
    }

    /// The profiles of a question, which has its bounds, by replica within a value of `label`. `series` are those of the question.
    /// Nothing happens until it is polled.
    pub(super) fn cells(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        label: &str,
        series: Arc<Vec<SeriesInfo>>,
    ) -> BoxFuture<'static, Result<Cells, QueryError>> {
        let (store, wanted, label) = (self.store.clone(), profile_type.clone(), label.to_owned());
        let read = self.budget.run(who, question, move |selection| async move {
            let (range, of_type) = (selection.range, wanted.clone());
            let empty = ANSWERS.run(move || Cells::for_series(&series, &of_type, &label, range)).await;
            let mut cells = empty.map_err(|refused| StoreError::Busy(refused.to_string()))?;
            let mut visit = |of: &Labels, piece: &ProfilePiece<'_>| cells.add(of, piece);
            let block_ns = store.each_piece(&selection, &wanted, &mut visit).await?;
            Ok((cells, block_ns))
        });
        let finish = async move {
            let (mut cells, block_ns) = read.await?;
            let finished = move || {
                cells.finish(block_ns);
                cells
            };
            Ok(ANSWERS.run(finished).await?)
        };
        finish.boxed()
    }
}
