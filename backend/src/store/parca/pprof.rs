//! The merged profile of an answer: a gzipped pprof with one sample type. Pure.
//!
//! Its time is not the range's, and it has neither duration nor period: what is not known is left at 0. Functions are
//! those that Parca looked up when it was asked.

use crate::store::StoreError;
use flarepath_profile::call_tree::{CallTree, from_profile};
use flarepath_profile::formats::pprof;
use flarepath_profile::limits::MAX_PROFILE_BYTES;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::string_table::StrId;
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Reads the profile of an answer, whose values are in the unit of `wanted`.
///
/// # Errors
/// [`StoreError::Invalid`] when it is no such profile, [`StoreError::TooLarge`] beyond [`MAX_PROFILE_BYTES`]; both name the store.
pub(super) fn read(store: &str, gzipped: &[u8], wanted: &ProfileType) -> Result<Profile, StoreError> {
    let invalid = |reason: String| StoreError::Invalid(format!("{store}: {reason}"));
    let mut plain = Vec::new();
    let mut inflated = MultiGzDecoder::new(gzipped).take(MAX_PROFILE_BYTES as u64 + 1);
    inflated.read_to_end(&mut plain).map_err(|error| invalid(format!("the merged profile: {error}")))?;
    if plain.len() > MAX_PROFILE_BYTES {
        let text = format!("{store}: the merged profile has more than {} MiB", MAX_PROFILE_BYTES >> 20);
        return Err(StoreError::TooLarge(text));
    }
    let (profile, _) = pprof::read(&plain).map_err(|error| invalid(error.to_string()))?;
    let [found] = profile.sample_types[..] else {
        return Err(invalid(format!("the merged profile has {} sample types", profile.sample_types.len())));
    };
    let unit = profile.str(found.unit);
    if unit != wanted.sample_unit {
        return Err(invalid(format!("the merged profile is in `{unit}`, not in `{}`", wanted.sample_unit)));
    }
    Ok(profile)
}

/// The call tree of a profile of [`read`].
///
/// # Errors
/// [`StoreError::TooLarge`], naming the store.
pub(super) fn tree(store: &str, profile: &Profile) -> Result<CallTree, StoreError> {
    from_profile(profile, 0).map_err(|error| StoreError::TooLarge(format!("{store}: {error}")))
}

/// One profile of all samples of `parts`, with `wanted` as its only sample type.
pub(super) fn joined(parts: &[Profile], wanted: &ProfileType) -> Profile {
    let mut all = Profile::default();
    let mut id = |text: &str| all.strings.intern(text);
    let sample = ValueType { kind: id(&wanted.sample_type), unit: id(&wanted.sample_unit) };
    let period = ValueType { kind: id(&wanted.period_type), unit: id(&wanted.period_unit) };
    all.sample_types = vec![sample];
    all.default_sample_type = sample.kind;
    all.period_type = period;
    all.samples = Samples::new(1);
    parts.iter().for_each(|part| append(&mut all, part));
    all
}

/// Appends the tables and samples of `from`, without looking for what is already there.
fn append(all: &mut Profile, from: &Profile) {
    let strings: Vec<StrId> = from.strings.iter().map(|text| all.strings.intern(text)).collect();
    let text = |id: StrId| strings[id.index()];
    let first_mapping = all.mappings.len() as u32;
    let first_function = all.functions.len() as u32;
    let first_location = all.locations.len() as u32;
    let mapped = |m: &Mapping| Mapping { file: text(m.file), build_id: text(m.build_id), ..*m };
    all.mappings.extend(from.mappings.iter().map(mapped));
    all.functions.extend(from.functions.iter().map(|function| Function {
        name: text(function.name),
        system_name: text(function.system_name),
        file: text(function.file),
        start_line: function.start_line,
    }));
    for i in 0..from.locations.len() {
        let location = from.locations.get(i);
        let line = |line: &Line| Line { function: FunctionId(first_function + line.function.0), ..*line };
        let lines = location.lines.iter().map(line);
        all.locations.push(location.mapping.map(|m| first_mapping + m), location.address, lines);
    }
    for i in 0..from.samples.len() {
        let stack = from.stacks.get(from.samples.stack(i));
        let stack = all.stacks.push(stack.iter().map(|l| LocationId(first_location + l.0)));
        all.samples.push(stack, from.samples.values(i), &[]);
    }
}
