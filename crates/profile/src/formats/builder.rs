//! Profile builder for formats that identify functions by name only.

use super::room::Room;
use super::{NamedProfile, Normalised, Notes, TooMuch};
use crate::limits::{MAX_SAMPLES, MAX_STACK_DEPTH};
use crate::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use crate::sample::{SampleLabel, Samples};
use crate::stack_table::{LocationId, StackId};
use crate::string_table::StrId;
use rustc_hash::FxHashMap;

/// Frames of all stacks together: 256 MiB of them. A tree of a few megabytes can spell out more than that.
const MAX_STACK_ENTRIES: usize = 64 << 20;

/// Bytes of a function that no other frame has, with its location, its name's place and what finds them again.
const FRAME_BYTES: usize = 160;
/// Bytes of a sample and its stack besides its frames and values.
const SAMPLE_BYTES: usize = 24;

/// Mapping, address and lines of machine code.
type CodeKey = (Option<u32>, u64, Box<[Line]>);

/// A profile being built. Equal frames become one location.
pub(crate) struct ProfileBuilder {
    profile: Profile,
    /// Location of a frame with nothing but a name, by the name's id; `u32::MAX` if there is none yet.
    by_name: Vec<u32>,
    /// Functions by name and file.
    functions: FxHashMap<(StrId, StrId), FunctionId>,
    /// Locations of frames with a file or a line.
    by_place: FxHashMap<Line, LocationId>,
    /// Locations of machine code: mapping, address and lines.
    by_address: FxHashMap<CodeKey, LocationId>,
    mappings: FxHashMap<Mapping, u32>,
    entries_left: usize,
    /// Bytes that the tables may take, and how many of them they have taken.
    room: Room,
    taken: usize,
    /// Repairs that were made.
    pub(crate) notes: Notes,
}

impl ProfileBuilder {
    /// A profile without samples, of sample types given as kind and unit.
    pub(crate) fn new(sample_types: &[(&str, &str)]) -> Self {
        let mut profile = Profile { samples: Samples::new(sample_types.len()), ..Profile::default() };
        for (kind, unit) in sample_types {
            let (kind, unit) = (profile.strings.intern(kind), profile.strings.intern(unit));
            profile.sample_types.push(ValueType { kind, unit });
        }
        ProfileBuilder {
            profile,
            by_name: Vec::new(),
            functions: FxHashMap::default(),
            by_place: FxHashMap::default(),
            by_address: FxHashMap::default(),
            mappings: FxHashMap::default(),
            entries_left: MAX_STACK_ENTRIES,
            room: Room::default(),
            taken: 0,
            notes: Notes::default(),
        }
    }

    /// Keeps within this room; without, within that of the largest input.
    pub(crate) fn within(self, room: Room) -> Self {
        ProfileBuilder { room, ..self }
    }

    /// Bytes that the tables take, an estimate: lists have doubled and are half empty.
    fn used(&self) -> usize {
        let Profile { strings, locations, functions, stacks, samples, .. } = &self.profile;
        let frames = locations.len().max(functions.len()).max(strings.len());
        let each = SAMPLE_BYTES + 8 * samples.width();
        2 * (strings.text_len() + stacks.frames() * 4 + samples.len() * each) + frames * FRAME_BYTES
    }

    /// Takes what the tables have grown by.
    ///
    /// # Errors
    /// When there is no room for it.
    fn take_room(&mut self) -> Result<(), TooMuch> {
        let used = self.used();
        self.room.take(used.saturating_sub(self.taken), 1)?;
        self.taken = used.max(self.taken);
        Ok(())
    }

    /// The location of a frame that has only a name.
    #[inline]
    pub(crate) fn frame(&mut self, name: &str) -> LocationId {
        let name = self.profile.strings.intern(name);
        match self.by_name.get(name.index()) {
            Some(&location) if location != u32::MAX => LocationId(location),
            _ => self.add_frame(name),
        }
    }

    #[cold]
    fn add_frame(&mut self, name: StrId) -> LocationId {
        let function = self.function(name, StrId::EMPTY);
        let location = self.profile.locations.push(None, 0, [Line { function, line: 0, column: 0 }]);
        if self.by_name.len() <= name.index() {
            self.by_name.resize(name.index() + 1, u32::MAX);
        }
        self.by_name[name.index()] = location;
        LocationId(location)
    }

    /// The location of a frame with a place in the source; `line` and `column` are 0 if unknown.
    pub(crate) fn frame_at(&mut self, name: &str, file: &str, line: i64, column: i64) -> LocationId {
        if file.is_empty() && line == 0 && column == 0 {
            return self.frame(name);
        }
        let line = Line { function: self.function_at(name, file, 0), line, column };
        self.place(line)
    }

    /// The location of one line of source that belongs to no mapping.
    pub(crate) fn place(&mut self, line: Line) -> LocationId {
        let locations = &mut self.profile.locations;
        *self.by_place.entry(line).or_insert_with(|| LocationId(locations.push(None, 0, [line])))
    }

    /// The location of machine code: an address in a mapping, with the lines that it stands for, innermost
    /// first; none if its function is unknown.
    pub(crate) fn code(&mut self, mapping: Option<u32>, address: u64, lines: &[Line]) -> LocationId {
        let locations = &mut self.profile.locations;
        let key = (mapping, address, lines.into());
        *self
            .by_address
            .entry(key)
            .or_insert_with(|| LocationId(locations.push(mapping, address, lines.iter().copied())))
    }

    /// A function by name and file; `start_line` is 0 if unknown.
    pub(crate) fn function_at(&mut self, name: &str, file: &str, start_line: i64) -> FunctionId {
        let (name, file) = (self.profile.strings.intern(name), self.profile.strings.intern(file));
        let id = self.function(name, file);
        let function = &mut self.profile.functions[id.index()];
        if function.start_line == 0 {
            function.start_line = start_line;
        }
        id
    }

    /// The index of a mapping, added if it is new. Its text is in [`ProfileBuilder::profile`]'s strings.
    pub(crate) fn mapping(&mut self, mapping: Mapping) -> u32 {
        let mappings = &mut self.profile.mappings;
        *self.mappings.entry(mapping).or_insert_with(|| {
            mappings.push(mapping);
            mappings.len() as u32 - 1
        })
    }

    /// The profile so far, for what stands outside of samples and places: times, period, text.
    pub(crate) fn profile(&mut self) -> &mut Profile {
        &mut self.profile
    }

    fn function(&mut self, name: StrId, file: StrId) -> FunctionId {
        let functions = &mut self.profile.functions;
        *self.functions.entry((name, file)).or_insert_with(|| {
            functions.push(Function { name, system_name: name, file, start_line: 0 });
            FunctionId(functions.len() as u32 - 1)
        })
    }

    /// Appends a sample; what is too deep is cut at the root end.
    ///
    /// # Errors
    /// When there are too many samples or stack entries.
    pub(crate) fn sample(
        &mut self,
        leaf_first: impl IntoIterator<Item = LocationId>,
        values: &[i64],
        labels: &[SampleLabel],
    ) -> Result<(), TooMuch> {
        let stack = self.stack(leaf_first)?;
        self.sample_at(None, stack, values, labels)
    }

    /// Appends a sample of a stack that is there already, taken at `at` (nanoseconds) if that is known.
    ///
    /// # Errors
    /// When there are too many samples.
    pub(crate) fn sample_at(
        &mut self,
        at: Option<u64>,
        stack: StackId,
        values: &[i64],
        labels: &[SampleLabel],
    ) -> Result<(), TooMuch> {
        if self.profile.samples.len() == MAX_SAMPLES {
            return Err(TooMuch { what: "samples", limit: MAX_SAMPLES });
        }
        self.take_room()?;
        let samples = &mut self.profile.samples;
        match at {
            Some(at) => samples.push_at(at, stack, values, labels),
            None => samples.push(stack, values, labels),
        }
        Ok(())
    }

    /// Adds to the values of the last sample. False, and nothing added, if there is none or a sum would be too large.
    pub(crate) fn add_to_last(&mut self, values: &[i64]) -> bool {
        self.profile.samples.add_to_last(values)
    }

    /// Appends a stack, for any number of samples; what is too deep is cut at the root end.
    ///
    /// # Errors
    /// When there are too many stack entries.
    pub(crate) fn stack(
        &mut self,
        leaf_first: impl IntoIterator<Item = LocationId>,
    ) -> Result<StackId, TooMuch> {
        let mut frames = leaf_first.into_iter();
        let stack = self.profile.stacks.push(frames.by_ref().take(MAX_STACK_DEPTH));
        if frames.next().is_some() {
            self.notes.add(Normalised::DeepStack, 1);
        }
        let used = self.profile.stacks.get(stack).len();
        let too_much = TooMuch { what: "frames in its stacks", limit: MAX_STACK_ENTRIES };
        self.entries_left = self.entries_left.checked_sub(used).ok_or(too_much)?;
        self.take_room()?;
        Ok(stack)
    }

    /// Samples so far.
    pub(crate) fn samples(&self) -> usize {
        self.profile.samples.len()
    }

    /// The profile under a name, which is empty if the file has none.
    pub(crate) fn named(self, name: impl Into<String>) -> NamedProfile {
        NamedProfile { name: name.into(), profile: self.profile, notes: self.notes }
    }

    /// The profile, and the repairs that were made.
    pub(crate) fn finish(self) -> (Profile, Notes) {
        (self.profile, self.notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_frames_are_one_location() {
        let mut builder = ProfileBuilder::new(&[("samples", "count")]);
        let a = builder.frame("a");
        let b = builder.frame_at("a", "a.rs", 3, 0);
        let c = builder.frame_at("a", "a.rs", 4, 0);
        assert_eq!(builder.frame("a"), a);
        assert_eq!(builder.frame_at("a", "", 0, 0), a);
        assert_eq!(builder.frame_at("a", "a.rs", 3, 0), b);
        assert!(a != b && b != c);
        builder.sample([a, b, c], &[1], &[]).unwrap();
        builder.sample(vec![a; MAX_STACK_DEPTH + 1], &[1], &[]).unwrap();
        let (profile, notes) = builder.finish();
        assert_eq!(profile.functions.len(), 2, "one without a file, one in a.rs");
        assert_eq!(notes.count(Normalised::DeepStack), 1);
        assert_eq!(profile.stacks.get(profile.samples.stack(1)).len(), MAX_STACK_DEPTH);
    }

    #[test]
    fn tables_keep_within_the_room_of_the_input() {
        let mut builder = ProfileBuilder::new(&[("samples", "count")]);
        builder.room = Room::with(100_000);
        let mut added = 0;
        let refused = loop {
            let frame = builder.frame(&format!("f{added}"));
            match builder.sample([frame], &[1], &[]) {
                Ok(()) => added += 1,
                Err(refused) => break refused,
            }
        };
        assert_eq!(refused, TooMuch { what: "bytes in memory", limit: 100_000 });
        assert!((200..600).contains(&added), "{added}");
        // Samples of known frames take little.
        let mut builder = ProfileBuilder::new(&[("samples", "count")]);
        builder.room = Room::with(100_000);
        let frame = builder.frame("f");
        assert!((0..1000).all(|_| builder.sample([frame], &[1], &[]).is_ok()));
    }

    #[test]
    fn truncates_deep_stacks() {
        let mut builder = ProfileBuilder::new(&[("samples", "count")]);
        builder.entries_left = 5;
        let a = builder.frame("a");
        assert_eq!(builder.sample([a, a, a], &[1], &[]), Ok(()));
        assert!(builder.sample([a, a, a], &[1], &[]).is_err());
    }
}
