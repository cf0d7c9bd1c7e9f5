//! First pass over a pprof: finds the tables and where their entries start.

use super::entries::Entries;
use super::samples::read_samples;
use super::tables::{Strings, read_functions, read_locations, read_mappings};
use super::wire::Reader;
use super::{PprofError, tables};
use crate::formats::Notes;
use crate::formats::room::Room;
use crate::limits::{MAX_PROFILE_BYTES, MAX_SAMPLES};
use crate::profile::Profile;
use std::ops::Range;

/// Entries of any one table but the samples. Generous: a whole browser has about a million functions.
const MAX_ENTRIES: usize = 4_000_000;
/// Sample types of one profile.
const MAX_SAMPLE_TYPES: usize = 64;

/// Decodes an inflated pprof, and says what had to be normalised.
///
/// Each sample gets a stack of its own; positions in the tables follow their order in the input.
/// Normalised: invalid UTF-8, over-long names, over-deep stacks, mappings that don't exist, lines without a
/// function, sample labels without a key. Memory stays within four times the input, or 64 MiB.
///
/// # Errors
/// [`PprofError`]; there is no partial result.
pub fn read(bytes: &[u8]) -> Result<(Profile, Notes), PprofError> {
    if bytes.len() > MAX_PROFILE_BYTES {
        return Err(PprofError::TooLarge { found: bytes.len(), limit: MAX_PROFILE_BYTES });
    }
    let parts = Parts::find(bytes)?;
    if parts.sample_types.is_empty() {
        return Err(PprofError::NoSampleTypes);
    }
    let room = Room::of(bytes.len());
    parts.take_from(&room)?;
    let mut notes = Notes::default();
    let mut profile = Profile::default();
    let strings = Strings::read(bytes, &parts.strings, &mut profile.strings, &mut notes)?;
    read_header(bytes, &parts, &strings, &mut profile)?;
    let mappings = read_mappings(bytes, &parts.mappings, &strings, &mut profile.mappings)?;
    let functions = read_functions(bytes, &parts.functions, &strings, &mut profile.functions)?;
    let known = (&mappings, &functions);
    let locations =
        read_locations(bytes, &parts.locations, known, &mut profile.locations, &room, &mut notes)?;
    read_samples(bytes, &parts.samples, (&locations, &strings), &mut profile, &room, &mut notes)?;
    Ok((profile, notes))
}

fn read_header(
    bytes: &[u8],
    parts: &Parts,
    strings: &Strings,
    profile: &mut Profile,
) -> Result<(), PprofError> {
    for at in &parts.sample_types {
        profile.sample_types.push(tables::value_type(bytes, at.clone(), strings)?);
    }
    if let Some(at) = &parts.period_type {
        profile.period_type = tables::value_type(bytes, at.clone(), strings)?;
    }
    for &index in &parts.comments {
        profile.comments.push(strings.get(index, bytes.len())?);
    }
    profile.default_sample_type = strings.get(parts.default_sample_type, bytes.len())?;
    profile.period = parts.period;
    profile.time_nanos = parts.time_nanos;
    profile.duration_nanos = parts.duration_nanos;
    Ok(())
}

/// Where the entries of each table are. Tables with many entries keep 8 bytes an entry.
#[derive(Default)]
struct Parts {
    sample_types: Vec<Range<usize>>,
    samples: Entries,
    mappings: Entries,
    locations: Entries,
    functions: Entries,
    strings: Entries,
    period_type: Option<Range<usize>>,
    comments: Vec<u64>,
    default_sample_type: u64,
    period: i64,
    time_nanos: i64,
    duration_nanos: i64,
}

impl Parts {
    fn find(bytes: &[u8]) -> Result<Parts, PprofError> {
        let mut parts = Parts::default();
        let mut reader = Reader::new(bytes, 0..bytes.len());
        while let Some(field) = reader.field()? {
            match field.number {
                1 if parts.sample_types.len() == MAX_SAMPLE_TYPES => {
                    return Err(PprofError::TooMany { what: "sample types", limit: MAX_SAMPLE_TYPES });
                }
                1 => parts.sample_types.push(field.bytes()?),
                2 => parts.samples.push(field.bytes()?, "samples", MAX_SAMPLES)?,
                3 => parts.mappings.push(field.bytes()?, "mappings", MAX_ENTRIES)?,
                4 => parts.locations.push(field.bytes()?, "locations", MAX_ENTRIES)?,
                5 => parts.functions.push(field.bytes()?, "functions", MAX_ENTRIES)?,
                6 => parts.strings.push(field.bytes()?, "strings", MAX_ENTRIES)?,
                9 => parts.time_nanos = field.varint()? as i64,
                10 => parts.duration_nanos = field.varint()? as i64,
                11 => parts.period_type = Some(field.bytes()?),
                12 => parts.period = field.varint()? as i64,
                13 => tables::numbers(bytes, &field, |n| parts.comments.push(n))?,
                14 => parts.default_sample_type = field.varint()?,
                _ => {}
            }
        }
        Ok(parts)
    }

    /// Takes what the tables need besides lines, stacks and labels: where entries are, the entries, and what finds them by id.
    fn take_from(&self, room: &Room) -> Result<(), PprofError> {
        room.take(self.strings.iter().map(|text| text.len()).sum(), 1)?;
        room.take(self.strings.len(), 32)?;
        room.take(self.mappings.len(), 88)?;
        room.take(self.functions.len(), 56)?;
        room.take(self.locations.len(), 48)?;
        Ok(room.take(self.samples.len(), 28 + 8 * self.sample_types.len())?)
    }
}
