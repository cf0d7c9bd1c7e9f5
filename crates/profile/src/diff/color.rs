//! Colors of changes, as indices into a palette of [`COLORS`] that the page owns.
//!
//! Strength goes by the **ratio** of both sides and not by the difference: a wide box shows by its width already how
//! much there is, and the ratio says how much of it moved. Steps are fixed, so a colour means the same in every
//! picture and a legend can name it: see [`THRESHOLDS`].
//!
//! | index | meaning | colour-blind safe (default) | red and green |
//! |---|---|---|---|
//! | 0 | same, or by less than 2 % | neutral | neutral |
//! | 1…6 | shrank, from weak to strong | blue | green |
//! | 7…12 | grew, from weak to strong | orange to vermillion | red |
//! | 13 | new | the strongest of grew, with a pattern | |
//! | 14 | gone | the strongest of shrank, with another pattern | |
//!
//! New and gone differ from grew and shrank by pattern and not by hue alone, so that they are distinguished in print
//! and by everyone.

use super::rank::is_placeholder;
use super::{Change, DiffTree, Pair, Presence, Scale, Side};
use crate::call_tree::NodeId;

/// Ratio of the larger to the smaller side from which each step on begins.
pub(crate) const THRESHOLDS: [f64; 6] = [1.02, 1.1, 1.25, 1.5, 2.0, 4.0];
/// Colours of each direction.
pub const STEPS: u8 = THRESHOLDS.len() as u8;
/// Neither grew nor shrank.
pub const NEUTRAL: u8 = 0;
/// The weakest colour of what shrank; the strongest is `FIRST_SHRANK + STEPS - 1`.
pub const FIRST_SHRANK: u8 = 1;
/// The weakest colour of what grew; the strongest is `FIRST_GREW + STEPS - 1`.
pub const FIRST_GREW: u8 = FIRST_SHRANK + STEPS;
/// What only the comparison has.
pub const NEW: u8 = FIRST_GREW + STEPS;
/// What only the baseline has.
pub const GONE: u8 = NEW + 1;
/// Colours in all.
pub const COLORS: u8 = GONE + 1;

/// The colour of something with these values.
pub fn color(scale: &Scale, pair: Pair, presence: Presence) -> u8 {
    let first = match scale.change(pair, presence) {
        Change::New => return NEW,
        Change::Gone => return GONE,
        Change::Same => return NEUTRAL,
        Change::Grew => FIRST_GREW,
        Change::Shrank => FIRST_SHRANK,
    };
    match step(scale, pair) {
        0 => NEUTRAL,
        step => first + step - 1,
    }
}

/// The colour of something of which it is not known whether it grew, as values are of unknown times: new, gone, or neither.
pub fn presence_color(presence: Presence) -> u8 {
    match (presence.baseline, presence.comparison) {
        (false, true) => NEW,
        (true, false) => GONE,
        _ => NEUTRAL,
    }
}

/// How many thresholds the ratio has reached. From or to nothing, or from one sign to the other, is beyond all.
fn step(scale: &Scale, pair: Pair) -> u8 {
    let [before, after] = Side::BOTH.map(|side| scale.value(side, pair.of(side)));
    let (small, large) = (before.abs().min(after.abs()), before.abs().max(after.abs()));
    if small == 0.0 || (before < 0.0) != (after < 0.0) {
        return STEPS;
    }
    // A tenth more is a tenth more, though 11 / 10 is not 1.1 to the last bit.
    let ratio = large / small * (1.0 + 1e-12);
    THRESHOLDS.iter().filter(|&&t| ratio >= t).count() as u8
}

impl DiffTree {
    /// The colour of each node, by its total. What was merged for privacy is neither new nor gone, and has none. O(nodes).
    pub fn colors(&self, scale: &Scale) -> Vec<u8> {
        (0..self.len() as u32).map(|i| self.color(scale, NodeId(i))).collect()
    }

    /// The same where it is not known what grew; see [`presence_color`].
    pub fn presence_colors(&self) -> Vec<u8> {
        let nodes = (0..self.len() as u32).map(NodeId);
        let of = |node| match is_placeholder(self.name(node)) {
            true => NEUTRAL,
            false => presence_color(self.presence(node)),
        };
        nodes.map(of).collect()
    }

    /// The colour of a node.
    pub fn color(&self, scale: &Scale, node: NodeId) -> u8 {
        match is_placeholder(self.name(node)) {
            true => NEUTRAL,
            false => color(scale, self.total(node), self.presence(node)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::tree;
    use crate::diff::diff;
    use proptest::prelude::*;
    use rstest::rstest;

    const BOTH: Presence = Presence { baseline: true, comparison: true };

    #[rstest]
    #[case(100, 100, NEUTRAL)]
    #[case(1000, 1019, NEUTRAL)]
    #[case(100, 102, FIRST_GREW)]
    #[case(102, 100, FIRST_SHRANK)]
    #[case(10, 11, FIRST_GREW + 1)]
    #[case(100, 125, FIRST_GREW + 2)]
    #[case(150, 100, FIRST_SHRANK + 3)]
    #[case(50, 100, FIRST_GREW + 4)]
    #[case(1, 4, FIRST_GREW + 5)]
    #[case(1, i64::MAX, FIRST_GREW + 5)]
    #[case(5, 0, FIRST_SHRANK + 5)]
    #[case(-5, 5, FIRST_GREW + 5)]
    #[case(-20, -10, FIRST_GREW + 4)]
    #[case(-10, -20, FIRST_SHRANK + 4)]
    #[case(0, 0, NEUTRAL)]
    fn colors_depend_on_the_ratio(#[case] baseline: i64, #[case] comparison: i64, #[case] expected: u8) {
        assert_eq!(color(&Scale::absolute(), Pair { baseline, comparison }, BOTH), expected);
    }

    #[test]
    fn indices_match_the_style_sheet() {
        assert_eq!([NEUTRAL, FIRST_SHRANK, FIRST_GREW, NEW, GONE, COLORS], [0, 1, 7, 13, 14, 15]);
        let both = diff(&tree("a;b 2\n c 2"), &tree("a;d 2\n c 2"));
        let colors = both.colors(&Scale::share(both.total(NodeId::ROOT)));
        assert_eq!(colors, [NEUTRAL, NEUTRAL, GONE, NEW, NEUTRAL]);
        let merged = diff(&tree("a 2"), &tree("a 2\n (other) 2"));
        assert_eq!(merged.colors(&Scale::absolute()), [FIRST_GREW + 4, NEUTRAL, NEUTRAL]);
        let unknown = diff(&tree("a 2\nb 1"), &tree("a 9\n(other) 2\nc 1"));
        let colors = unknown.presence_colors();
        let of = |name: &str| {
            (0..colors.len()).find(|i| unknown.name(NodeId(*i as u32)) == name).map(|i| colors[i])
        };
        assert_eq!(["a", "b", "c", "(other)"].map(of), [Some(NEUTRAL), Some(GONE), Some(NEW), Some(NEUTRAL)]);
    }

    proptest! {
        #[test]
        fn swapping_the_sides_mirrors_the_color(b: i64, c: i64, tb: i64, tc: i64, in_b: bool, in_c: bool) {
            let of = |b, c, tb, tc, in_b, in_c| {
                let scale = Scale::share(Pair { baseline: tb, comparison: tc });
                let presence = Presence { baseline: in_b, comparison: in_c };
                color(&scale, Pair { baseline: b, comparison: c }, presence)
            };
            let there = of(b, c, tb, tc, in_b, in_c);
            prop_assert!(there < COLORS);
            let mirrored = match there {
                NEUTRAL => NEUTRAL,
                NEW => GONE,
                GONE => NEW,
                shrank if shrank < FIRST_GREW => shrank + STEPS,
                grew => grew - STEPS,
            };
            prop_assert_eq!(of(c, b, tc, tb, in_c, in_b), mirrored);
        }
    }
}
