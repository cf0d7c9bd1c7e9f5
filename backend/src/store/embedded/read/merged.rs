//! Sums by stack, and what is made of them: merged trees, merged profiles, costs by source line.

use super::{Query, begin_with_symbols, get, next};
use crate::store::embedded::details::Details;
use crate::store::embedded::merge::{Accumulate, Merge};
use crate::store::embedded::points::Head;
use crate::store::embedded::registry::Selected;
use crate::store::embedded::snapshot::{Place, Projection, Snapshot};
use crate::store::embedded::symbols::cache::{SLICE, ServiceSymbols};
use crate::store::embedded::varint::Damaged;
use crate::store::embedded::{blocking, export};
use crate::store::{MergedTree, StoreError};
use crate::work::{CancelToken, Cancelled};
use flarepath_profile::call_tree::{self, CallTree};
use flarepath_profile::line_costs::{self, LineCost, LineSums};
use flarepath_profile::profile::Profile;
use flarepath_profile::stack_table::LocationId;
use sqlx::sqlite::SqliteRow;

/// The merge of one service.
struct Sums {
    by_stack: Vec<i64>,
    facts: Facts,
}

/// Facts about the profiles of a merge.
#[derive(Clone, Copy, Default)]
struct Facts {
    profiles: u64,
    oldest_ns: Option<i64>,
    duration_ns: i64,
    period: i64,
}

impl Facts {
    fn join(&mut self, other: &Facts) {
        self.profiles += other.profiles;
        self.oldest_ns = self.oldest_ns.into_iter().chain(other.oldest_ns).min();
        self.duration_ns = self.duration_ns.saturating_add(other.duration_ns);
        self.period = self.period.max(other.period);
    }

    /// The facts of a row of [`Projection::Samples`].
    fn read(place: Place, row: &SqliteRow) -> Result<Facts, StoreError> {
        let profiles = get::<i64>(row, 1)? as u64;
        let oldest_ns = Some(get(row, 3)?);
        if let Place::Blocks(_) = place {
            return Ok(Facts { profiles, oldest_ns, duration_ns: get(row, 4)?, period: get(row, 5)? });
        }
        let Head { duration_ns, period, .. } = Head::decode(get(row, 4)?)?;
        Ok(Facts { profiles, oldest_ns, duration_ns, period })
    }
}

impl Query<'_> {
    pub(in super::super) async fn call_tree(&self) -> Result<MergedTree, StoreError> {
        let (mut parts, facts) = self.by_service(tree_of).await?;
        let cancel = self.selection.cancel.clone();
        let tree = match parts.len() {
            0 => CallTree::empty(),
            1 => parts.remove(0),
            _ => {
                let merge = move || call_tree::merge_until(&parts, &|| cancel.is_cancelled());
                blocking(merge).await?.ok_or(Cancelled)?
            }
        };
        Ok(MergedTree { tree, profiles: facts.profiles })
    }

    pub(in super::super) async fn profile(&self) -> Result<Profile, StoreError> {
        let wanted = self.profile_type.clone();
        let build = move |symbols: &ServiceSymbols, sums: &[i64], cancel: &CancelToken| {
            Ok(export::profile_of(symbols, sums, &wanted, cancel)?)
        };
        let (mut parts, facts) = self.by_service(build).await?;
        let mut merged = match parts.len() {
            0 => export::empty(self.profile_type),
            1 => parts.remove(0),
            _ => {
                let (wanted, cancel) = (self.profile_type.clone(), self.selection.cancel.clone());
                blocking(move || export::merge(&parts, &wanted, &cancel)).await??
            }
        };
        merged.time_nanos = facts.oldest_ns.unwrap_or(0);
        merged.duration_nanos = facts.duration_ns;
        merged.period = facts.period;
        Ok(merged)
    }

    /// Call sites are looked at where they are, without making a profile.
    pub(in super::super) async fn line_costs(&self, function: &str) -> Result<Vec<LineCost>, StoreError> {
        let function = function.to_owned();
        let count = move |symbols: &ServiceSymbols, sums: &[i64], cancel: &CancelToken| {
            let mut lines = LineSums::new(&symbols.read().tables, &function);
            for (slice, sums) in sums.chunks(SLICE).enumerate() {
                cancel.check()?;
                let symbols = symbols.read();
                let stacks = symbols.stacks.iter().skip(slice * SLICE);
                for (&node, &sum) in stacks.zip(sums).filter(|(_, sum)| **sum != 0) {
                    lines.add(symbols.walk(node).map(LocationId), sum);
                }
            }
            Ok(lines.finish())
        };
        Ok(line_costs::join(self.by_service(count).await?.0))
    }

    /// What `make` makes of the sums of each service that has profiles, and facts about all of them. `make` runs off the
    /// threads that answer requests, one service at a time: sums take 8 bytes for each stack of a service.
    async fn by_service<T: Send + 'static>(
        &self,
        make: impl Fn(&ServiceSymbols, &[i64], &CancelToken) -> Result<T, StoreError> + Clone + Send + 'static,
    ) -> Result<(Vec<T>, Facts), StoreError> {
        let (mut parts, mut facts) = (Vec::new(), Facts::default());
        for selected in self.selected().await? {
            let (symbols, snapshot) = begin_with_symbols(self.store, &selected, self.selection, None).await?;
            // The table is read after the transaction has begun: it holds every stack that the transaction can see.
            let sums = self.sum(snapshot, &selected, symbols.stacks()).await?;
            if sums.facts.profiles == 0 {
                continue;
            }
            facts.join(&sums.facts);
            let (make, cancel) = (make.clone(), self.selection.cancel.clone());
            let made = move || {
                check_stacks(&symbols, &sums.by_stack)?;
                make(&symbols, &sums.by_stack, &cancel)
            };
            parts.push(blocking(made).await??);
        }
        Ok((parts, facts))
    }

    async fn sum(
        &self,
        mut snapshot: Snapshot<'_>,
        selected: &Selected,
        stacks: usize,
    ) -> Result<Sums, StoreError> {
        let Query { store, selection, .. } = *self;
        if !selection.spans.is_empty() {
            return self.sum_spans(snapshot, selected, stacks).await;
        }
        let mut merge = Merge::new(vec![0i64; stacks], &selection.cancel);
        let mut facts = Facts::default();
        for (place, range) in snapshot.places() {
            let mut rows = snapshot.rows(Projection::Samples, place, range);
            while let Some(row) = next(store, &mut rows).await? {
                let Some((_, column)) = self.column_of(selected, &row)? else { continue };
                merge.add(get(&row, 2)?, column, ()).await?;
                facts.join(&Facts::read(place, &row)?);
            }
        }
        Ok(Sums { by_stack: merge.finish().await?, facts })
    }

    async fn sum_spans(
        &self,
        mut snapshot: Snapshot<'_>,
        selected: &Selected,
        stacks: usize,
    ) -> Result<Sums, StoreError> {
        let Query { store, selection, .. } = *self;
        let sums = Sums { by_stack: vec![0i64; stacks], facts: Facts::default() };
        let mut merge = Merge::new(SpanSums { spans: selection.spans.clone(), sums }, &selection.cancel);
        let mut rows = snapshot.rows(Projection::Samples, Place::Details, selection.range);
        while let Some(row) = next(store, &mut rows).await? {
            let Some((_, column)) = self.column_of(selected, &row)? else { continue };
            let Head { duration_ns, period, .. } = Head::decode(get(&row, 3)?)?;
            let facts = Facts { profiles: 1, oldest_ns: Some(get(&row, 1)?), duration_ns, period };
            merge.add(get(&row, 2)?, column, facts).await?;
        }
        Ok(merge.finish().await?.sums)
    }
}

/// Fails if samples refer to symbols that are missing.
fn check_stacks(symbols: &ServiceSymbols, sums: &[i64]) -> Result<(), Damaged> {
    let lacks = |(slice, sums): (usize, &[i64])| symbols.read().lacks(slice * SLICE, sums);
    match sums.chunks(SLICE).enumerate().any(lacks) {
        true => Err(Damaged("samples refer to symbols that are missing")),
        false => Ok(()),
    }
}

fn tree_of(symbols: &ServiceSymbols, sums: &[i64], cancel: &CancelToken) -> Result<CallTree, StoreError> {
    let functions = symbols.functions(sums.len(), cancel)?;
    let tree = functions.call_tree(sums, &|| cancel.is_cancelled());
    Ok(tree.map_err(|e| StoreError::Corrupt(e.to_string()))?.ok_or(Cancelled)?)
}

/// Sums of the samples of some spans, and facts about the profiles that have any.
struct SpanSums {
    spans: Vec<String>,
    sums: Sums,
}

impl Accumulate for SpanSums {
    /// Facts of the profile.
    type Place = Facts;

    fn add(&mut self, packed: &[u8], column: usize, facts: Facts) -> Result<(), Damaged> {
        let details = Details::decode(packed)?;
        let mut found = false;
        for sample in details.in_spans(&self.spans) {
            let slot = self.sums.by_stack.get_mut(sample.stack as usize);
            let slot = slot.ok_or(Damaged("a span has an unknown stack"))?;
            *slot = slot.saturating_add(sample.values[column]);
            found = true;
        }
        if found {
            self.sums.facts.join(&facts);
        }
        Ok(())
    }
}
