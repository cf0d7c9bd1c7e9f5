//! Colors of changes, as indices into a palette of [`FILLS`] that the page owns, and marks for what is new or gone.
//!
//! A color is as strong as both steps of a change allow:
//! - its **weight**, which is its size as a share of the larger total ([`WEIGHTS`]): a new frame of a millisecond is never as strong as
//!   what explains the change;
//! - its **ratio**, larger side to smaller ([`RATIOS`]): callers of what grew grew as much as that, but by a smaller part of what they
//!   were. What differs by less than 2 % is the same.
//!
//! Steps are fixed, so a color means the same in every picture and a legend can name it.
//!
//! | index | meaning | colour-blind safe (default) | red and green |
//! |---|---|---|---|
//! | 0 | same, or by next to nothing | neutral | neutral |
//! | 1…6 | shrank, from weak to strong | blue | green |
//! | 7…12 | grew, from weak to strong | orange to vermillion | red |
//! | 13…18 | new: as grew, with a line | | |
//! | 19…24 | gone: as shrank, with dashes | | |
//!
//! New and gone differ from grew and shrank by a mark and not by hue, so that they are distinguished in print and by everyone.

use super::rank::is_placeholder;
use super::{Change, DiffTree, Pair, Presence, Scale, Side};
use crate::call_tree::NodeId;

/// Ratio of the larger to the smaller side from which each step on begins.
pub const RATIOS: [f64; STEPS as usize] = [1.02, 1.1, 1.25, 1.5, 2.0, 4.0];
/// Size of the change as a share of the larger total from which each step on begins.
pub const WEIGHTS: [f64; STEPS as usize] = [0.0005, 0.002, 0.01, 0.03, 0.1, 0.25];
/// Colours of each direction.
pub const STEPS: u8 = 6;
/// Neither grew nor shrank.
pub const NEUTRAL: u8 = 0;
/// The weakest colour of what shrank; the strongest is `FIRST_SHRANK + STEPS - 1`.
pub const FIRST_SHRANK: u8 = 1;
/// The weakest colour of what grew; the strongest is `FIRST_GREW + STEPS - 1`.
pub const FIRST_GREW: u8 = FIRST_SHRANK + STEPS;
/// The weakest colour of what only the comparison has.
pub const FIRST_NEW: u8 = FIRST_GREW + STEPS;
/// The weakest colour of what only the baseline has.
pub const FIRST_GONE: u8 = FIRST_NEW + STEPS;
/// Colours in all, those with a mark included.
pub const COLORS: u8 = FIRST_GONE + STEPS;
/// Colours without a mark, which a palette has.
pub const FILLS: u8 = FIRST_NEW;

/// A mark on a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A line: only the comparison has it.
    New,
    /// Dashes: only the baseline has it.
    Gone,
}

/// The mark of a colour.
pub fn mark(color: u8) -> Option<Mark> {
    match (color >= FIRST_NEW, color >= FIRST_GONE) {
        (_, true) => Some(Mark::Gone),
        (true, false) => Some(Mark::New),
        (false, false) => None,
    }
}

/// The colour without its mark, below [`FILLS`].
pub fn fill(color: u8) -> u8 {
    match mark(color) {
        None => color,
        Some(Mark::New) => color - FIRST_NEW + FIRST_GREW,
        Some(Mark::Gone) => (color - FIRST_GONE).min(STEPS - 1) + FIRST_SHRANK,
    }
}

/// The colour of something with these values, in a whole of `whole`.
pub fn color(scale: &Scale, pair: Pair, whole: Pair, presence: Presence) -> u8 {
    let (first, least) = match scale.change(pair, presence) {
        Change::New => (FIRST_NEW, 1),
        Change::Gone => (FIRST_GONE, 1),
        Change::Same => return NEUTRAL,
        Change::Grew => (FIRST_GREW, 0),
        Change::Shrank => (FIRST_SHRANK, 0),
    };
    match weight_step(scale, pair, whole).min(ratio_step(scale, pair)).max(least) {
        0 => NEUTRAL,
        step => first + step - 1,
    }
}

/// The colour of something of which it is not known whether it grew, as values are of unknown times: new, gone, or neither. Its weight is
/// that of its share.
pub fn presence_color(pair: Pair, whole: Pair, presence: Presence) -> u8 {
    match (presence.baseline, presence.comparison) {
        (false, true) | (true, false) => color(&Scale::share(whole), pair, whole, presence),
        _ => NEUTRAL,
    }
}

/// How many of [`WEIGHTS`] a change has reached. In a whole of nothing, everything is all of it.
fn weight_step(scale: &Scale, pair: Pair, whole: Pair) -> u8 {
    let larger =
        Side::BOTH.map(|side| scale.value(side, whole.of(side)).abs()).into_iter().fold(0.0, f64::max);
    let delta = scale.delta(pair).abs();
    // A hundredth is a hundredth, though 1 / 100 of it is not 0.01 to the last bit.
    let weight = if larger > 0.0 { delta / larger * (1.0 + 1e-12) } else { 1.0 };
    WEIGHTS.iter().filter(|&&t| weight >= t).count() as u8
}

/// How many of [`RATIOS`] a change has reached. From or to nothing, or from one sign to the other, is beyond all.
fn ratio_step(scale: &Scale, pair: Pair) -> u8 {
    let [before, after] = Side::BOTH.map(|side| scale.value(side, pair.of(side)));
    let (small, large) = (before.abs().min(after.abs()), before.abs().max(after.abs()));
    if small == 0.0 || (before < 0.0) != (after < 0.0) {
        return STEPS;
    }
    // A tenth more is a tenth more, though 11 / 10 is not 1.1 to the last bit.
    let ratio = large / small * (1.0 + 1e-12);
    RATIOS.iter().filter(|&&t| ratio >= t).count() as u8
}

impl DiffTree {
    /// The colour of each node, by its total. What was merged for privacy is neither new nor gone, and has none. O(nodes).
    pub fn colors(&self, scale: &Scale) -> Vec<u8> {
        (0..self.len() as u32).map(|i| self.color(scale, NodeId(i))).collect()
    }

    /// The same where it is not known what grew; see [`presence_color`].
    pub fn presence_colors(&self) -> Vec<u8> {
        let whole = self.total(NodeId::ROOT);
        let of = |node| match is_placeholder(self.name(node)) {
            true => NEUTRAL,
            false => presence_color(self.total(node), whole, self.presence(node)),
        };
        (0..self.len() as u32).map(NodeId).map(of).collect()
    }

    /// The colour of a node.
    pub fn color(&self, scale: &Scale, node: NodeId) -> u8 {
        match is_placeholder(self.name(node)) {
            true => NEUTRAL,
            false => color(scale, self.total(node), self.total(NodeId::ROOT), self.presence(node)),
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
    const ONLY_AFTER: Presence = Presence { baseline: false, comparison: true };

    /// Where a change is most of the whole, the ratio decides.
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
        let pair = Pair { baseline, comparison };
        assert_eq!(color(&Scale::absolute(), pair, Pair { baseline: 1, comparison: 1 }, BOTH), expected);
    }

    #[rstest]
    #[case(4, FIRST_NEW)]
    #[case(5, FIRST_NEW)]
    #[case(20, FIRST_NEW + 1)]
    #[case(100, FIRST_NEW + 2)]
    #[case(300, FIRST_NEW + 3)]
    #[case(1000, FIRST_NEW + 4)]
    #[case(6200, FIRST_NEW + 5)]
    fn what_is_new_is_as_strong_as_its_weight(#[case] comparison: i64, #[case] expected: u8) {
        let (pair, whole) = (Pair { baseline: 0, comparison }, Pair { baseline: 8000, comparison: 10_000 });
        assert_eq!(color(&Scale::absolute(), pair, whole, ONLY_AFTER), expected);
    }

    /// The callers of what grew grew as much, but by less of what they were.
    #[test]
    fn callers_are_weaker_than_what_grew() {
        let both = diff(&tree("main;parse 90\n main;regex 10"), &tree("main;parse 90\n main;regex 50"));
        let of = |name: &str| {
            let node = (0..both.len() as u32).map(NodeId).find(|node| both.name(*node) == name);
            node.map(|node| both.color(&Scale::absolute(), node))
        };
        assert_eq!(
            ["main", "regex", "parse"].map(of),
            [Some(FIRST_GREW + 2), Some(FIRST_GREW + 5), Some(NEUTRAL)]
        );
    }

    #[test]
    fn a_large_part_that_is_the_same_and_a_small_part_that_doubled_are_quiet() {
        let whole = Pair { baseline: 100_000, comparison: 100_000 };
        let of = |baseline, comparison| color(&Scale::absolute(), Pair { baseline, comparison }, whole, BOTH);
        assert_eq!([of(90_000, 91_000), of(10, 20), of(100, 200)], [NEUTRAL, NEUTRAL, FIRST_GREW]);
    }

    #[test]
    fn indices_match_the_style_sheet() {
        assert_eq!([NEUTRAL, FIRST_SHRANK, FIRST_GREW, FIRST_NEW, FIRST_GONE, COLORS], [0, 1, 7, 13, 19, 25]);
        assert_eq!([0, 1, 12, 13, 18, 19, 24].map(fill), [0, 1, 12, 7, 12, 1, 6]);
        assert_eq!([12, 13, 18, 19].map(mark), [None, Some(Mark::New), Some(Mark::New), Some(Mark::Gone)]);
        let both = diff(&tree("a;b 2\n c 2"), &tree("a;d 2\n c 2"));
        let colors = both.colors(&Scale::share(both.total(NodeId::ROOT)));
        assert_eq!(colors, [NEUTRAL, NEUTRAL, FIRST_GONE + 5, FIRST_NEW + 5, NEUTRAL]);
        let merged = diff(&tree("a 2"), &tree("a 2\n (other) 2"));
        assert_eq!(merged.colors(&Scale::absolute()), [FIRST_GREW + 4, NEUTRAL, NEUTRAL]);
        let unknown = diff(&tree("a 2\nb 1"), &tree("a 9\n(other) 2\nc 1"));
        let colors = unknown.presence_colors();
        let of = |name: &str| {
            (0..colors.len()).find(|i| unknown.name(NodeId(*i as u32)) == name).map(|i| colors[i])
        };
        let expected = [NEUTRAL, FIRST_GONE + 5, FIRST_NEW + 3, NEUTRAL].map(Some);
        assert_eq!(["a", "b", "c", "(other)"].map(of), expected);
    }

    proptest! {
        #[test]
        fn swapping_the_sides_mirrors_the_color(b: i64, c: i64, tb: i64, tc: i64, in_b: bool, in_c: bool) {
            let of = |b, c, tb, tc, in_b, in_c| {
                let whole = Pair { baseline: tb, comparison: tc };
                let presence = Presence { baseline: in_b, comparison: in_c };
                color(&Scale::share(whole), Pair { baseline: b, comparison: c }, whole, presence)
            };
            let there = of(b, c, tb, tc, in_b, in_c);
            prop_assert!(there < COLORS && fill(there) < FILLS);
            // Steps of grew and shrank alternate with those of new and gone.
            let is_after = ((there + STEPS - FIRST_SHRANK) / STEPS).is_multiple_of(2);
            let mirrored = match there {
                NEUTRAL => NEUTRAL,
                later if is_after => later - STEPS,
                earlier => earlier + STEPS,
            };
            prop_assert_eq!(of(c, b, tc, tb, in_c, in_b), mirrored);
        }
    }
}
