//! Encodes a pushed profile as a row: ids of the symbol table, columns, head and details.

use super::columns::Columns;
use super::details::Details;
use super::points::Head;
use super::registry::Series;
use super::symbols::cache::ServiceSymbols;
use crate::store::Growth;
use flarepath_profile::profile::Profile;
use std::sync::Arc;

/// A profile as it will be stored, and the symbols its ids come from, which must be committed with it.
pub(crate) struct Row {
    pub(crate) series: Arc<Series>,
    pub(crate) start_ns: i64,
    pub(crate) head: Vec<u8>,
    pub(crate) samples: Vec<u8>,
    pub(crate) details: Option<Vec<u8>>,
    pub(crate) symbols: Arc<ServiceSymbols>,
}

impl Row {
    /// Encodes a profile; `None` if `growth` does not allow its new functions. Takes the service's lock only while ids are
    /// looked up. Not on an async thread.
    pub(crate) fn new(
        profile: &Profile,
        series: Arc<Series>,
        symbols: Arc<ServiceSymbols>,
        growth: &dyn Growth,
    ) -> std::io::Result<Option<Row>> {
        let allows = |functions| growth.allows_functions(&series.labels, functions);
        let Some(resolution) = symbols.resolve(profile, allows) else { return Ok(None) };
        let (samples, width) = (&profile.samples, profile.sample_types.len());
        let stack = |i: usize| resolution.stack(samples.stack(i));
        let ids = (0..samples.len()).map(|i| (stack(i), i as u32)).collect();
        let columns = Columns::gather(ids, width, |i| samples.values(i as usize));
        let default_type =
            profile.sample_types.iter().position(|t| t.kind == profile.default_sample_type).map(|i| i as u32);
        let head = Head {
            duration_ns: profile.duration_nanos,
            period: profile.period,
            default_type,
            totals: (0..width).map(|c| samples.total(c)).collect(),
            comments: profile.comments.iter().map(|&id| profile.str(id).to_owned()).collect(),
        };
        let details = Details::of(profile, stack).map(|d| d.encode(width)).transpose()?;
        Ok(Some(Row {
            start_ns: profile.time_nanos,
            head: head.encode(),
            samples: columns.encode()?,
            details,
            series,
            symbols,
        }))
    }

    /// Whether its series or its symbols were collected, so that the profile must be encoded again.
    pub(crate) fn is_outdated(&self) -> bool {
        self.series.is_retired() || self.symbols.is_retired()
    }

    /// Bytes that it will take in the database, roughly.
    pub(crate) fn bytes(&self) -> usize {
        64 + self.head.len() + self.samples.len() + self.details.as_ref().map_or(0, Vec::len)
    }
}
