//! Frames of each location of a profile: call sites mapped to functions.

use crate::frame_table::{FrameId, FrameInterner, FrameTable, FrameText};
use crate::profile::{Location, Mapping, Profile};
use crate::stack_table::LocationId;

/// For each location of a profile its frames, outermost first: the function itself, then what was inlined
/// into it. A location without a named line is one frame, `file+0xaddress`, that is not symbolized.
#[derive(Clone, Debug, Default)]
pub struct LocationFrames {
    frames: FrameInterner,
    ends: Vec<u32>,
    path: Vec<FrameId>,
}

impl LocationFrames {
    /// Resolves all locations of `profile`.
    pub fn new(profile: &Profile) -> Self {
        let mut resolved = LocationFrames::default();
        resolved.ends.reserve_exact(profile.locations.len());
        resolved.extend(profile, profile.locations.len());
        resolved
    }

    /// Resolves the next locations of `profile`, until `count` are resolved or there are no more. Frames of known ones
    /// keep their ids.
    pub fn extend(&mut self, profile: &Profile, count: usize) {
        let LocationFrames { frames, ends, path } = self;
        for i in ends.len()..count.min(profile.locations.len()) {
            let location = profile.locations.get(i);
            let mapping = location.mapping.and_then(|m| profile.mappings.get(m as usize));
            let before = path.len();
            path.extend(location.lines.iter().rev().filter_map(|line| {
                let text = function_text(profile, line.function.index(), mapping)?;
                Some(frames.intern(text))
            }));
            if path.len() == before {
                path.push(intern_address(frames, profile, &location, mapping));
            }
            ends.push(path.len() as u32);
        }
    }

    /// How many locations are resolved.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no location is resolved.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All frames of the locations.
    pub fn frames(&self) -> &FrameTable {
        self.frames.table()
    }

    /// The frames of a location, outermost first; never empty.
    ///
    /// # Panics
    /// When the profile has no such location.
    pub fn of(&self, location: LocationId) -> &[FrameId] {
        let i = location.index();
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.path[start..self.ends[i] as usize]
    }
}

/// The name for people, or else the linker's; `None` when the function has neither, or does not exist.
pub(crate) fn function_name(profile: &Profile, function: usize) -> Option<&str> {
    let function = profile.functions.get(function)?;
    let names = [function.name, function.system_name].map(|id| profile.str(id));
    names.into_iter().find(|n| !n.is_empty())
}

fn function_text<'a>(
    profile: &'a Profile,
    function: usize,
    mapping: Option<&Mapping>,
) -> Option<FrameText<'a>> {
    let name = function_name(profile, function)?;
    let function = profile.functions.get(function)?;
    Some(FrameText {
        name,
        file: profile.str(function.file),
        line: u32::try_from(function.start_line).unwrap_or(0),
        mapping: mapping.map_or("", |m| profile.str(m.file)),
        symbolized: true,
    })
}

/// Addresses inside a mapping are given relative to its file, so that the same place in the code has the
/// same name in every process, wherever the loader put it.
fn intern_address(
    frames: &mut FrameInterner,
    profile: &Profile,
    location: &Location<'_>,
    mapping: Option<&Mapping>,
) -> FrameId {
    let mut address = location.address;
    let (mut file, mut binary) = ("", "[unknown]");
    if let Some(mapping) = mapping {
        file = profile.str(mapping.file);
        let base_name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let named = [base_name, profile.str(mapping.build_id)].into_iter().find(|n| !n.is_empty());
        binary = named.unwrap_or(binary);
        if (mapping.start..mapping.limit).contains(&address) {
            address = (address - mapping.start).wrapping_add(mapping.file_offset);
        }
    }
    let name = format!("{binary}+{address:#x}");
    frames.intern(FrameText { name: &name, mapping: file, ..FrameText::default() })
}
