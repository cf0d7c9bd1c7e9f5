//! [`ProfileSamples`]: the values of one profile, summed up by stack and span.

use super::symbols::{ProfileSymbols, SymbolRows};
use crate::store::NewProfile;
use crate::store::clickhouse::ids::Id;
use crate::store::clickhouse::translate::span_number;
use flarepath_profile::profile::Profile;
use flarepath_profile::sample::SampleLabelValue;
use rustc_hash::FxHashMap;

/// The label of a sample that names its span.
const SPAN_ID: &str = "span_id";

/// The samples of a profile, by ids that the store knows.
pub(super) struct ProfileSamples {
    pub(super) series: u128,
    width: usize,
    /// Stack and span of each row; span 0 is none.
    places: Vec<(u128, u64)>,
    /// One value for each sample type, row after row.
    values: Vec<i64>,
}

impl ProfileSamples {
    /// Adds what is new in the profile to `rows`.
    pub(super) fn new(new: &NewProfile, rows: &mut SymbolRows<'_>) -> ProfileSamples {
        let profile = &new.profile;
        let series = rows.series(&new.labels, profile.time_nanos);
        let mut symbols = ProfileSymbols::new(new, rows);
        let width = profile.samples.width();
        let mut found = ProfileSamples { series, width, places: Vec::new(), values: Vec::new() };
        let mut index: FxHashMap<(u128, u64), usize> = FxHashMap::default();
        for i in 0..profile.samples.len() {
            let place = (symbols.stack(profile.samples.stack(i)), span_of(profile, i));
            let row = *index.entry(place).or_insert_with(|| {
                found.places.push(place);
                found.values.resize(found.places.len() * width, 0);
                found.places.len() - 1
            });
            let sums = &mut found.values[row * width..(row + 1) * width];
            for (sum, value) in sums.iter_mut().zip(profile.samples.values(i)) {
                *sum = sum.saturating_add(*value);
            }
        }
        found
    }

    /// Stack, span and value of each row.
    pub(super) fn of(&self, column: usize) -> impl Iterator<Item = (u128, u64, i64)> {
        let values = self.values.iter().skip(column).step_by(self.width.max(1));
        self.places.iter().zip(values).map(|(&(stack, span), &value)| (stack, span, value))
    }

    pub(super) fn digest(&self, id: &mut Id) {
        id.u64(self.places.len() as u64);
        for &(stack, span) in &self.places {
            id.u128(stack).u64(span);
        }
        for value in &self.values {
            id.i64(*value);
        }
    }
}

/// The number of a sample's span; 0 without one.
fn span_of(profile: &Profile, sample: usize) -> u64 {
    let span = profile.samples.labels(sample).iter().find_map(|label| match label.value {
        SampleLabelValue::Text(text) if profile.str(label.key) == SPAN_ID => span_number(profile.str(text)),
        _ => None,
    });
    span.unwrap_or(0)
}
