//! The functions of the profiles on screen, for the palette.

use crate::browser::lower_case;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::palette::{Entry, Group, Target};
use crate::views::on_screen;
use flarepath_profile::frame_table::{FrameId, FrameTable};
use flarepath_profile::search::frames_containing_lower;
use flarepath_profile::top_table::top_table;
use std::cmp::Reverse;
use std::collections::HashSet;

/// The most that one profile contributes, those of the highest cost: what begins with the text is among them in practice.
const MOST: usize = 500;

/// What tells the profiles on screen from others.
pub(super) fn generations() -> Vec<u64> {
    on_screen::profiles().iter().map(|profile| profile.generation).collect()
}

/// The profiles on screen, each with its functions in the order of their cost.
pub(super) struct Functions(Vec<(LoadedProfile, Vec<FrameId>)>);

fn frames(profile: &LoadedProfile) -> &FrameTable {
    profile.diff.as_ref().map_or_else(|| profile.tree.frames(), |diff| diff.frames())
}

/// Differences have two costs, and are not sorted.
fn by_cost(profile: &LoadedProfile) -> Vec<FrameId> {
    if profile.diff.is_some() {
        return (1..frames(profile).len() as u32).map(FrameId).collect();
    }
    let mut rows = top_table(&profile.tree);
    rows.sort_by_key(|row| Reverse(row.total));
    rows.into_iter().map(|row| row.frame).collect()
}

impl Functions {
    pub(super) fn on_screen() -> Functions {
        let with_order = |profile: LoadedProfile| {
            let order = by_cost(&profile);
            (profile, order)
        };
        Functions(on_screen::profiles().into_iter().map(with_order).collect())
    }

    /// Those whose names contain the text, each name once; none for an empty text.
    pub(super) fn matching(&self, text: &str) -> Vec<Entry> {
        let text = text.trim();
        if text.is_empty() {
            return Vec::new();
        }
        let mut names: HashSet<&str> = HashSet::new();
        let mut entries = Vec::new();
        for (profile, order) in &self.0 {
            let frames = frames(profile);
            let marks = frames_containing_lower(frames, text, lower_case::of);
            let found = order.iter().filter(|frame| marks.get(frame.index()) == Some(&true)).take(MOST);
            for name in found.map(|frame| frames.name(*frame)) {
                if names.insert(name) {
                    entries.push(Entry::new(Group::Functions, name, "", Target::Function(name.to_owned())));
                }
            }
        }
        entries
    }
}
