//! Writer of pprof: our tables as they are, with sequential ids from 1.

use super::wire::{put_bytes, put_number};
use crate::profile::{Function, Line, Location, Mapping, Profile, ValueType};
use crate::sample::{SampleLabel, SampleLabelValue};
use crate::stack_table::LocationId;
use crate::string_table::StrId;
use crate::varint::put;

/// The profile as an uncompressed pprof. Reading it gives an equal profile, except that times of single
/// samples are omitted, which pprof cannot say, and that each sample has a stack of its own.
pub fn write(profile: &Profile) -> Vec<u8> {
    let mut out = Vec::with_capacity(profile.strings.text_len() + profile.samples.len() * 48);
    let mut message = Vec::new();
    for value_type in &profile.sample_types {
        nested(&mut out, &mut message, 1, |m| put_value_type(m, value_type));
    }
    put_samples(&mut out, profile);
    for (i, mapping) in profile.mappings.iter().enumerate() {
        nested(&mut out, &mut message, 3, |m| put_mapping(m, i as u64 + 1, mapping));
    }
    let mut line = Vec::new();
    for i in 0..profile.locations.len() {
        let location = profile.locations.get(i);
        nested(&mut out, &mut message, 4, |m| put_location(m, &mut line, i as u64 + 1, location));
    }
    for (i, function) in profile.functions.iter().enumerate() {
        nested(&mut out, &mut message, 5, |m| put_function(m, i as u64 + 1, function));
    }
    for text in profile.strings.iter() {
        put_bytes(&mut out, 6, text.as_bytes());
    }
    put_number(&mut out, 9, profile.time_nanos as u64);
    put_number(&mut out, 10, profile.duration_nanos as u64);
    if profile.period_type != ValueType::default() {
        nested(&mut out, &mut message, 11, |m| put_value_type(m, &profile.period_type));
    }
    put_number(&mut out, 12, profile.period as u64);
    if !profile.comments.is_empty() {
        packed(&mut out, &mut message, 13, profile.comments.iter().map(|c| u64::from(c.0)));
    }
    put_text(&mut out, 14, profile.default_sample_type);
    out
}

/// Writes a message through `scratch`, because its length comes before it.
fn nested(out: &mut Vec<u8>, scratch: &mut Vec<u8>, field: u32, content: impl FnOnce(&mut Vec<u8>)) {
    scratch.clear();
    content(scratch);
    put_bytes(out, field, scratch);
}

fn packed(out: &mut Vec<u8>, scratch: &mut Vec<u8>, field: u32, numbers: impl Iterator<Item = u64>) {
    nested(out, scratch, field, |m| numbers.for_each(|n| put(m, n)));
}

fn put_text(out: &mut Vec<u8>, field: u32, id: StrId) {
    put_number(out, field, u64::from(id.0));
}

fn put_value_type(out: &mut Vec<u8>, value_type: &ValueType) {
    put_text(out, 1, value_type.kind);
    put_text(out, 2, value_type.unit);
}

fn put_samples(out: &mut Vec<u8>, profile: &Profile) {
    let (mut message, mut scratch) = (Vec::new(), Vec::new());
    for i in 0..profile.samples.len() {
        message.clear();
        let stack: &[LocationId] = profile.stacks.get(profile.samples.stack(i));
        packed(&mut message, &mut scratch, 1, stack.iter().map(|l| u64::from(l.0) + 1));
        packed(&mut message, &mut scratch, 2, profile.samples.values(i).iter().map(|&v| v as u64));
        for label in profile.samples.labels(i) {
            nested(&mut message, &mut scratch, 3, |m| put_label(m, label));
        }
        put_bytes(out, 2, &message);
    }
}

fn put_label(out: &mut Vec<u8>, label: &SampleLabel) {
    put_text(out, 1, label.key);
    match label.value {
        SampleLabelValue::Text(text) => put_text(out, 2, text),
        SampleLabelValue::Number(number, unit) => {
            put_number(out, 3, number as u64);
            put_text(out, 4, unit);
        }
    }
}

fn put_mapping(out: &mut Vec<u8>, id: u64, mapping: &Mapping) {
    put_number(out, 1, id);
    put_number(out, 2, mapping.start);
    put_number(out, 3, mapping.limit);
    put_number(out, 4, mapping.file_offset);
    put_text(out, 5, mapping.file);
    put_text(out, 6, mapping.build_id);
    put_number(out, 7, u64::from(mapping.has_functions));
}

fn put_location(out: &mut Vec<u8>, scratch: &mut Vec<u8>, id: u64, location: Location<'_>) {
    put_number(out, 1, id);
    put_number(out, 2, location.mapping.map_or(0, |m| u64::from(m) + 1));
    put_number(out, 3, location.address);
    for Line { function, line, column } in location.lines {
        nested(out, scratch, 4, |m| {
            put_number(m, 1, u64::from(function.0) + 1);
            put_number(m, 2, *line as u64);
            put_number(m, 3, *column as u64);
        });
    }
}

fn put_function(out: &mut Vec<u8>, id: u64, function: &Function) {
    put_number(out, 1, id);
    put_text(out, 2, function.name);
    put_text(out, 3, function.system_name);
    put_text(out, 4, function.file);
    put_number(out, 5, function.start_line as u64);
}
