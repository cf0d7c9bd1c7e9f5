//! Positions of own functions: what is own code, decided once and kept with trees whose names have changed since.
//!
//! A position is the place of a function among all functions of a table, each pair of name and source file once, in their order. So it
//! does not depend on the order of frames.

use super::OwnCode;
use crate::frame_table::{FrameId, FrameTable, FrameText};
use std::collections::{BTreeMap, BTreeSet};

impl OwnCode {
    /// The positions of the functions that `is_own` holds for, by name and source file, ascending.
    pub fn positions(frames: &FrameTable, is_own: impl Fn(&str, &str) -> bool) -> Vec<u32> {
        let all = (0..).zip(functions(frames));
        all.filter(|(_, (name, file))| is_own(name, file)).map(|(position, _)| position).collect()
    }

    /// The functions at these positions, and no others.
    pub fn at(frames: &FrameTable, positions: &[u32]) -> OwnCode {
        let wanted: BTreeSet<u32> = positions.iter().copied().collect();
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (position, (name, file)) in (0..).zip(functions(frames)) {
            if wanted.contains(&position) {
                known.entry(name.to_owned()).or_default().insert(file.to_owned());
            }
        }
        OwnCode::of_functions(known)
    }
}

/// Name and source file of all functions. The root is none.
fn functions(frames: &FrameTable) -> BTreeSet<(&str, &str)> {
    let of = |id: u32| {
        let FrameText { name, file, .. } = frames.text(FrameId(id));
        (name, file)
    };
    (1..frames.len() as u32).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::tree;

    #[test]
    fn positions_do_not_depend_on_the_order_of_frames() {
        let (one, other) =
            (tree("main;shop;parse 1\n main;zlib 2"), tree("main;zlib 2\n main;shop;parse 1\n shop 3"));
        let positions = OwnCode::positions(one.frames(), |name, _| ["main", "shop"].contains(&name));
        assert_eq!(positions, [0, 2]);
        let own = OwnCode::at(other.frames(), &positions);
        let is_own = |name| own.is_own(FrameText { name, symbolized: true, ..FrameText::default() });
        assert_eq!(["main", "parse", "shop", "zlib"].map(is_own), [true, false, true, false]);
        assert!(!OwnCode::at(one.frames(), &[99]).is_own(FrameText {
            name: "main",
            symbolized: true,
            ..FrameText::default()
        }));
    }
}
