//! Samples of a pprof: stacks, values, labels. No allocation per sample.

use super::PprofError;
use super::entries::Entries;
use super::ids::Ids;
use super::tables::{Strings, numbers};
use super::wire::{Reader, Value};
use crate::formats::room::Room;
use crate::formats::{Normalised, Notes};
use crate::limits::MAX_STACK_DEPTH;
use crate::profile::{LocationTable, Profile};
use crate::sample::{SampleLabel, SampleLabelValue, Samples};
use crate::stack_table::LocationId;
use std::ops::Range;

/// Values of all samples together: four sample types for the most samples allowed.
const MAX_VALUES: usize = 16_000_000;
/// Labels of all samples together.
const MAX_SAMPLE_LABELS: usize = 8_000_000;

pub(super) fn read_samples(
    bytes: &[u8],
    entries: &Entries,
    (locations, strings): (&Ids, &Strings),
    profile: &mut Profile,
    room: &Room,
    notes: &mut Notes,
) -> Result<(), PprofError> {
    let width = profile.sample_types.len();
    if entries.len().saturating_mul(width) > MAX_VALUES {
        return Err(PprofError::TooMany { what: "values", limit: MAX_VALUES });
    }
    let deepest_location = deepest(&profile.locations);
    let mut labels_left = MAX_SAMPLE_LABELS;
    let mut sample = Scratch::default();
    profile.samples = Samples::new(width);
    profile.samples.reserve(entries.len());
    for (i, at) in entries.iter().enumerate() {
        sample.read(bytes, at.clone(), locations, strings, notes)?;
        let found = sample.values.len();
        if found != width {
            return Err(PprofError::ValueCount { sample: i, found, expected: width, offset: at.end });
        }
        let too_many = PprofError::TooMany { what: "sample labels", limit: MAX_SAMPLE_LABELS };
        labels_left = labels_left.checked_sub(sample.labels.len()).ok_or(too_many)?;
        if sample.stack.len().saturating_mul(deepest_location) > MAX_STACK_DEPTH {
            sample.cut(&profile.locations, notes);
        }
        room.take(sample.labels.len(), size_of::<SampleLabel>())?;
        room.take(sample.stack.len(), size_of::<LocationId>())?;
        let stack = profile.stacks.push(sample.stack.iter().copied());
        profile.samples.push(stack, &sample.values, &sample.labels);
    }
    Ok(())
}

/// Frames of the location that has the most; a location without a symbol is one frame.
fn deepest(locations: &LocationTable) -> usize {
    (0..locations.len()).map(|i| locations.get(i).lines.len()).max().unwrap_or(0).max(1)
}

/// One sample being read; reused, so that its vectors are allocated once.
#[derive(Default)]
struct Scratch {
    stack: Vec<LocationId>,
    values: Vec<i64>,
    labels: Vec<SampleLabel>,
}

impl Scratch {
    fn read(
        &mut self,
        bytes: &[u8],
        at: Range<usize>,
        locations: &Ids,
        strings: &Strings,
        notes: &mut Notes,
    ) -> Result<(), PprofError> {
        self.stack.clear();
        self.values.clear();
        self.labels.clear();
        let mut reader = Reader::new(bytes, at.clone());
        while let Some(field) = reader.field()? {
            match field.number {
                1 => match &field.value {
                    Value::Varint(id) => self.stack.push(LocationId(locations.get(*id, at.end)?)),
                    Value::Bytes(range) => self.read_stack(bytes, range.clone(), locations)?,
                    Value::Fixed(_) => return Err(field.wrong_type("location ids (varint)").into()),
                },
                2 => numbers(bytes, &field, |n| self.values.push(n as i64))?,
                3 => match read_label(bytes, field.bytes()?, strings)? {
                    Some(label) => self.labels.push(label),
                    None => notes.add(Normalised::LabelWithoutKey, 1),
                },
                _ => {}
            }
        }
        Ok(())
    }

    /// The inner loop: two bytes and one comparison a frame.
    fn read_stack(&mut self, bytes: &[u8], packed: Range<usize>, locations: &Ids) -> Result<(), PprofError> {
        let mut ids = Reader::new(bytes, packed);
        while !ids.is_done() {
            let id = ids.varint()?;
            self.stack.push(LocationId(locations.get(id, ids.offset())?));
        }
        Ok(())
    }

    /// Drops the frames at the root end that are too many.
    fn cut(&mut self, locations: &LocationTable, notes: &mut Notes) {
        let mut frames = 0;
        let keep = self.stack.iter().position(|location| {
            frames += locations.get(location.index()).lines.len().max(1);
            frames > MAX_STACK_DEPTH
        });
        if let Some(keep) = keep {
            self.stack.truncate(keep);
            notes.add(Normalised::DeepStack, 1);
        }
    }
}

fn read_label(bytes: &[u8], at: Range<usize>, strings: &Strings) -> Result<Option<SampleLabel>, PprofError> {
    let (mut key, mut text, mut number, mut unit) = (0, 0, 0, 0);
    let mut reader = Reader::new(bytes, at.clone());
    while let Some(field) = reader.field()? {
        match field.number {
            1 => key = field.varint()?,
            2 => text = field.varint()?,
            3 => number = field.varint()? as i64,
            4 => unit = field.varint()?,
            _ => {}
        }
    }
    if key == 0 {
        return Ok(None);
    }
    let value = match text {
        0 => SampleLabelValue::Number(number, strings.get(unit, at.end)?),
        text => SampleLabelValue::Text(strings.get(text, at.end)?),
    };
    Ok(Some(SampleLabel { key: strings.get(key, at.end)?, value }))
}
