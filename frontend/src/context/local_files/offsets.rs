//! Sub-second offsets of a local file: the heat map, and the call trees of its parts.

use crate::browser::profile_worker::Message;
use crate::local_file::offsets::{OffsetCells, OffsetMapQuery, OffsetPartQuery, tree};
use crate::local_file::protocol::answer;
use crate::reactive::RwSignal;
use crate::state::identity::Shared;
use flarepath_profile::call_tree::CallTree;
use prost::Message as _;

/// An answer of the worker and its query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer<A, T> {
    /// The query.
    pub(crate) of: A,
    /// The answer, or why there is none.
    pub(crate) result: Result<Shared<T>, String>,
}

pub(crate) type MapAnswer = Answer<OffsetMapQuery, OffsetCells>;
/// The call tree of a part.
pub(crate) type PartAnswer = Answer<OffsetPartQuery, CallTree>;

/// Call trees kept: more than two, so that a new one never evicts the other one on screen.
const PARTS: usize = 4;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct LocalOffsets {
    /// The newest map.
    pub(crate) map: RwSignal<Option<MapAnswer>>,
    /// Call trees of parts, requested ones first; a few more for the back button.
    pub(crate) parts: RwSignal<Vec<PartAnswer>>,
}

impl LocalOffsets {
    /// Nothing loaded yet.
    pub(crate) fn new() -> LocalOffsets {
        LocalOffsets { map: RwSignal::new(None), parts: RwSignal::new(Vec::new()) }
    }

    /// Drops the data of the previous file.
    pub(crate) fn forget(self) {
        self.map.set(None);
        self.parts.set(Vec::new());
    }

    /// Moves the wanted parts to the front; returns those that are missing.
    pub(crate) fn keep(self, wanted: &[OffsetPartQuery]) -> Vec<OffsetPartQuery> {
        let mut parts = self.parts.get_untracked();
        parts.sort_by_key(|part| !wanted.contains(&part.of));
        let missing = wanted.iter().filter(|of| parts.iter().all(|part| part.of != **of)).copied().collect();
        self.parts.set(parts);
        missing
    }

    /// Handles an answer of the worker.
    pub(crate) fn handle(self, message: &Message) {
        let numbers =
            |count: usize| (1..=count as u32).map(|i| message.number(i) as usize).collect::<Vec<_>>();
        let map = |result| {
            Some(Answer { of: OffsetMapQuery::from_numbers(&numbers(OffsetMapQuery::NUMBERS)), result })
        };
        let last = |count: usize| count as u32 + 1;
        match message.name().as_str() {
            answer::OFFSETS => {
                let bytes = message.bytes(last(OffsetMapQuery::NUMBERS));
                self.map.set(map(OffsetCells::decode(bytes.as_slice())
                    .map(Shared::new)
                    .map_err(|e| e.to_string())));
            }
            answer::NO_OFFSETS => self.map.set(map(Err(message.text(last(OffsetMapQuery::NUMBERS))))),
            name @ (answer::PART | answer::NO_PART) => {
                let at = last(OffsetPartQuery::NUMBERS);
                let result = if name == answer::PART {
                    tree(&message.bytes(at)).map(Shared::new)
                } else {
                    Err(message.text(at))
                };
                let of = OffsetPartQuery::from_numbers(&numbers(OffsetPartQuery::NUMBERS));
                self.parts.update(|parts| {
                    parts.insert(0, Answer { of, result });
                    parts.truncate(PARTS);
                });
            }
            _ => {}
        }
    }
}
