//! Sub-second offsets of the local file: the map that was made, and the call trees of its parts.

use crate::browser::profile_worker::Message;
use crate::local_file::offsets::{MapAsk, MapMessage, PartAsk, tree};
use crate::local_file::protocol::answer;
use crate::reactive::RwSignal;
use flarepath_profile::call_tree::CallTree;
use prost::Message as _;
use std::sync::Arc;

/// An answer of the worker and what it is about. Compared by what it is about: of one file, the same question has one
/// answer.
#[derive(Clone, Debug)]
pub(crate) struct Made<A, T> {
    /// What was asked.
    pub(crate) of: A,
    /// The answer, or why there is none.
    pub(crate) made: Result<Arc<T>, String>,
}

impl<A: PartialEq, T> PartialEq for Made<A, T> {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.made, &other.made) {
            (Ok(a), Ok(b)) => Arc::ptr_eq(a, b),
            (Err(a), Err(b)) => a == b,
            _ => false,
        };
        same && self.of == other.of
    }
}

/// A map.
pub(crate) type MadeMap = Made<MapAsk, MapMessage>;
/// The call tree of a part.
pub(crate) type MadePart = Made<PartAsk, CallTree>;

/// Trees that are kept: more than two, so that a new one never takes the place of the other that is seen.
const PARTS: usize = 4;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct LocalOffsets {
    /// The newest map.
    pub(crate) map: RwSignal<Option<MadeMap>>,
    /// Parts, those that are wanted first; some more, for the way back.
    pub(crate) parts: RwSignal<Vec<MadePart>>,
}

impl LocalOffsets {
    /// Nothing asked yet.
    pub(crate) fn new() -> LocalOffsets {
        LocalOffsets { map: RwSignal::new(None), parts: RwSignal::new(Vec::new()) }
    }

    /// Forgets what was of another file.
    pub(crate) fn forget(self) {
        self.map.set(None);
        self.parts.set(Vec::new());
    }

    /// Puts the parts that are wanted first, and says which of them are not there yet.
    pub(crate) fn keep(self, wanted: &[PartAsk]) -> Vec<PartAsk> {
        let mut parts = self.parts.get_untracked();
        parts.sort_by_key(|part| !wanted.contains(&part.of));
        let missing = wanted.iter().filter(|of| parts.iter().all(|part| part.of != **of)).copied().collect();
        self.parts.set(parts);
        missing
    }

    /// Takes an answer of the worker.
    pub(crate) fn hear(self, message: &Message) {
        let numbers =
            |count: usize| (1..=count as u32).map(|i| message.number(i) as usize).collect::<Vec<_>>();
        let map = |made| Some(Made { of: MapAsk::from_numbers(&numbers(MapAsk::NUMBERS)), made });
        let last = |count: usize| count as u32 + 1;
        match message.name().as_str() {
            answer::OFFSETS => {
                let bytes = message.bytes(last(MapAsk::NUMBERS));
                self.map
                    .set(map(MapMessage::decode(bytes.as_slice()).map(Arc::new).map_err(|e| e.to_string())));
            }
            answer::NO_OFFSETS => self.map.set(map(Err(message.text(last(MapAsk::NUMBERS))))),
            name @ (answer::PART | answer::NO_PART) => {
                let at = last(PartAsk::NUMBERS);
                let made = if name == answer::PART {
                    tree(&message.bytes(at)).map(Arc::new)
                } else {
                    Err(message.text(at))
                };
                let of = PartAsk::from_numbers(&numbers(PartAsk::NUMBERS));
                self.parts.update(|parts| {
                    parts.insert(0, Made { of, made });
                    parts.truncate(PARTS);
                });
            }
            _ => {}
        }
    }
}

impl Default for LocalOffsets {
    fn default() -> Self {
        LocalOffsets::new()
    }
}
