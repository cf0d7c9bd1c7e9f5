//! Keys of the call tree: → and ← expand, collapse and move between levels, `*` expands all below, `e` the hottest path. Those that move
//! between rows are the grid's.

use super::Tree;
use crate::components::virtual_grid::GridKey;
use crate::views::menu_key::key_of;
use flarepath_profile::tree_table::TreeRow;

/// What an arrow does in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Expand,
    Collapse,
    /// Moves to the row at this index.
    Go(usize),
}

impl Tree {
    /// Handles a key on a row; says whether it did.
    pub(super) fn key(self, index: usize, key: GridKey<'_>) -> bool {
        let Some(row) = self.rows.with_untracked(|rows| rows.get(index).copied()) else { return false };
        match key {
            GridKey::Choose => self.select(row.node),
            GridKey::Menu(anchor) => self.menu(row.node, anchor),
            GridKey::Other(arrow @ ("ArrowRight" | "ArrowLeft")) => {
                let forward = arrow == "ArrowRight";
                match self.rows.with_untracked(|rows| step(rows, index, forward)) {
                    Some(Step::Go(to)) => self.grid.go(to),
                    Some(step) => self.set(index, row.node, step == Step::Expand),
                    None => {}
                }
            }
            GridKey::Other("*") => self.expand_below(row.node),
            GridKey::Other("e") => self.expand_hottest(row.node),
            GridKey::Other(key) => match key_of(key) {
                Some(key) => self.press(row.node, key),
                None => return false,
            },
        }
        true
    }
}

/// What → (`forward`) or ← does in the row at an index.
fn step(rows: &[TreeRow], index: usize, forward: bool) -> Option<Step> {
    let row = rows.get(index)?;
    match (row.expanded, forward) {
        (Some(false), true) => Some(Step::Expand),
        (Some(true), true) => Some(Step::Go(index + 1)),
        (None, true) => None,
        (Some(true), false) => Some(Step::Collapse),
        (_, false) => rows[..index].iter().rposition(|above| above.level < row.level).map(Step::Go),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::NodeId;

    #[test]
    fn arrows_expand_collapse_and_move_between_levels() {
        let row = |level, expanded| TreeRow { node: NodeId(0), level, position: 1, siblings: 1, expanded };
        let rows = [row(1, Some(true)), row(2, Some(true)), row(3, None), row(3, None), row(2, Some(false))];
        let right = |index| step(&rows, index, true);
        let left = |index| step(&rows, index, false);
        assert_eq!([right(0), right(3), right(4)], [Some(Step::Go(1)), None, Some(Step::Expand)]);
        assert_eq!([left(1), left(3), left(4)], [Some(Step::Collapse), Some(Step::Go(1)), Some(Step::Go(0))]);
        assert_eq!(step(&[row(1, None)], 0, false), None);
    }
}
