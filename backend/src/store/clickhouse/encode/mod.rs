//! Encodes a batch of pushed profiles as inserts. Pure.
//!
//! - [`symbols`]: functions, call sites, stacks and label sets that the server does not have yet.
//! - [`samples`]: the values of a profile by stack and span.
//! - [`rows`]: rows of one table, in inserts of bounded size.
//!
//! The same batch gives the same rows of profiles and samples, and with them the same tokens, whenever it is encoded.

mod rows;
mod samples;
mod symbols;

use super::client::Insert;
use super::hours::hour_of;
use super::ids::Id;
use super::known::Known;
use crate::store::NewProfile;
use flarepath_profile::profile_type::ProfileType;
use rows::Rows;
use rustc_hash::FxHashMap;
use samples::ProfileSamples;
use symbols::SymbolRows;

const PROFILE_COLUMNS: &str = "service, type, hour, series, start, profile, duration, period, total";
const SAMPLE_COLUMNS: &str = "service, type, hour, stack, series, start, value, span, profile";

/// A batch as it is sent.
pub(super) struct Encoded {
    /// In the order in which they have to be stored: what a row refers to comes first.
    pub(super) inserts: Vec<Insert>,
    /// What [`Known`] has to learn once all are stored.
    pub(super) fresh: FxHashMap<u128, u16>,
}

/// Encodes a batch. Not on an async thread.
pub(super) fn encode(batch: &[NewProfile], known: &Known) -> Encoded {
    let mut symbols = SymbolRows::new(known);
    let encoded: Vec<ProfileSamples> =
        batch.iter().map(|new| ProfileSamples::new(new, &mut symbols)).collect();
    let digest = digest(batch, &encoded);
    let mut profiles = Rows::new("profiles", PROFILE_COLUMNS);
    let mut samples = Rows::new("samples", SAMPLE_COLUMNS);
    for ((number, new), found) in (0u64..).zip(batch).zip(&encoded) {
        let number = Id::of("flarepath clickhouse profile 1").u128(digest).u64(number).finish() as u64;
        for (column, profile_type) in types_of(new).iter().enumerate() {
            put_profile(&mut profiles, new, found, (column, profile_type), number);
            put_samples(&mut samples, new, found, (column, profile_type), number);
        }
    }
    let (mut tables, fresh) = symbols.finish();
    tables.extend([profiles, samples]);
    Encoded { inserts: tables.into_iter().flat_map(|rows| rows.inserts(digest)).collect(), fresh }
}

/// The types of a profile as texts, one for each sample type.
fn types_of(new: &NewProfile) -> Vec<String> {
    let p = &new.profile;
    let text = |id| p.str(id).to_owned();
    let types = p.sample_types.iter().map(|sample| {
        let profile_type = ProfileType {
            name: new.name.clone(),
            sample_type: text(sample.kind),
            sample_unit: text(sample.unit),
            period_type: text(p.period_type.kind),
            period_unit: text(p.period_type.unit),
        };
        profile_type.to_string()
    });
    types.collect()
}

/// Tells a batch from all others.
fn digest(batch: &[NewProfile], encoded: &[ProfileSamples]) -> u128 {
    let mut id = Id::of("flarepath clickhouse batch 1");
    id.u64(batch.len() as u64);
    for (new, found) in batch.iter().zip(encoded) {
        let p = &new.profile;
        id.u128(found.series).i64(p.time_nanos).i64(p.duration_nanos).i64(p.period);
        let types = types_of(new);
        id.u64(types.len() as u64);
        for profile_type in &types {
            id.text(profile_type);
        }
        found.digest(&mut id);
    }
    id.finish()
}

fn put_profile(
    rows: &mut Rows,
    new: &NewProfile,
    found: &ProfileSamples,
    (column, profile_type): (usize, &String),
    number: u64,
) {
    let p = &new.profile;
    let row = rows.row();
    row.text(new.labels.service());
    row.text(profile_type);
    row.u32(hour_of(p.time_nanos));
    row.u128(found.series);
    row.i64(p.time_nanos);
    row.u64(number);
    row.i64(p.duration_nanos);
    row.i64(p.period);
    row.i64(p.samples.total(column));
}

fn put_samples(
    rows: &mut Rows,
    new: &NewProfile,
    found: &ProfileSamples,
    (column, profile_type): (usize, &String),
    number: u64,
) {
    let start = new.profile.time_nanos;
    for (stack, span, value) in found.of(column) {
        // Whether a profile has a sample in a span counts even when its value is 0.
        if value == 0 && span == 0 {
            continue;
        }
        let row = rows.row();
        row.text(new.labels.service());
        row.text(profile_type);
        row.u32(hour_of(start));
        row.u128(stack);
        row.u128(found.series);
        row.i64(start);
        row.i64(value);
        row.u64(span);
        row.u64(if span == 0 { 0 } else { number });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::{ProfileSpec, SampleSpec, new_profile};

    fn batch(value: i64) -> Vec<NewProfile> {
        let sample = |path: &[u8], span| SampleSpec { path: path.to_vec(), value, span };
        let samples =
            vec![sample(&[1, 6, 10], 0), sample(&[1, 6, 10], 0), sample(&[1, 6, 10], 3), sample(&[], 0)];
        vec![new_profile(&ProfileSpec { start_ns: 7_200_000_000_001, samples, ..ProfileSpec::default() })]
    }

    fn tables(encoded: &Encoded) -> Vec<&'static str> {
        encoded.inserts.iter().map(|insert| insert.table).collect()
    }

    #[test]
    fn what_a_row_refers_to_is_stored_before_it() {
        let encoded = encode(&batch(5), &Known::default());
        assert_eq!(tables(&encoded), ["functions", "locations", "stacks", "series", "profiles", "samples"]);
        // Two types, three pairs of stack and span; texts of both tables are the service's and the type's.
        let samples = &encoded.inserts[5].rows;
        let texts = "service-0".len() + 2 + "process_cpu:samples:count:cpu:nanoseconds".len();
        let more = "cpu:nanoseconds".len() - "samples:count".len();
        assert_eq!(samples.len(), 3 * (2 * (texts + 4 + 16 + 16 + 8 + 8 + 8 + 8) + more));
    }

    #[test]
    fn a_batch_that_is_sent_again_has_the_same_tokens_and_no_symbols_that_are_known() {
        let known = Known::default();
        let first = encode(&batch(5), &known);
        let tokens = |encoded: &Encoded| -> Vec<String> {
            let last =
                encoded.inserts.iter().filter(|insert| ["profiles", "samples"].contains(&insert.table));
            last.map(|insert| insert.token.clone()).collect()
        };
        assert_eq!(tokens(&first), tokens(&encode(&batch(5), &known)));
        known.add(first.fresh.clone());
        let again = encode(&batch(5), &known);
        assert_eq!(tables(&again), ["profiles", "samples"]);
        assert_eq!(tokens(&first), tokens(&again));
        assert_ne!(tokens(&first), tokens(&encode(&batch(6), &known)));
    }
}
