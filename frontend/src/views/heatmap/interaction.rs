//! Cursor and selection of a heat map: a state and an input give the next state and perhaps an outcome. Pure.

use flarepath_profile::heatmap::Cell;

/// A pointer or key event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The pointer is over a cell.
    Hover(Cell),
    /// The pointer went down on a cell.
    Press(Cell),
    /// The pointer came up.
    Release,
    /// The pointer left.
    Leave,
    /// The gesture was cancelled.
    Break,
    /// Arrow keys: by how many rows and columns, and whether the selection grows.
    Step(isize, isize, bool),
    /// Home or End, with Ctrl to the first or last row.
    Edge {
        /// To the end instead of the start.
        end: bool,
        /// To the first or last row instead of column.
        rows: bool,
        /// Whether the selection grows.
        extend: bool,
    },
    /// Space: selects the cell.
    Choose,
    /// Enter.
    Open,
    /// Escape.
    Clear,
}

/// The cursor and the selection being drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The cell under the cursor.
    pub(crate) at: Option<Cell>,
    /// The other end of the selection.
    pub(crate) anchor: Option<Cell>,
    /// Whether the pointer draws it.
    pub(crate) dragging: bool,
}

/// What an input results in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Selects cells.
    Select {
        /// The first corner.
        from: Cell,
        /// The opposite corner.
        to: Cell,
        /// Whether this replaces the selection made just before.
        grows: bool,
    },
    /// Opens the selection, or else this cell.
    Open(Option<Cell>),
    /// Clears the selections.
    Clear,
}

/// The next state and outcome in a map of so many rows and columns.
pub(crate) fn update(
    cursor: Cursor,
    input: Input,
    (rows, columns): (usize, usize),
) -> (Cursor, Option<Outcome>) {
    let (Some(last_row), Some(last_column)) = (rows.checked_sub(1), columns.checked_sub(1)) else {
        return (Cursor::default(), None);
    };
    let inside = |cell: Cell| Cell { row: cell.row.min(last_row), column: cell.column.min(last_column) };
    match input {
        Input::Hover(cell) => {
            // The pointer does not continue a selection of the keyboard.
            let anchor = cursor.anchor.filter(|_| cursor.dragging);
            (Cursor { at: Some(inside(cell)), anchor, ..cursor }, None)
        }
        Input::Press(cell) => {
            let cell = Some(inside(cell));
            (Cursor { at: cell, anchor: cell, dragging: true }, None)
        }
        Input::Release => {
            let ends = cursor.anchor.zip(cursor.at).filter(|_| cursor.dragging);
            let chosen = ends.map(|(from, to)| Outcome::Select { from, to, grows: false });
            (Cursor { anchor: None, dragging: false, ..cursor }, chosen)
        }
        Input::Leave if cursor.dragging => (cursor, None),
        Input::Leave => (Cursor { at: None, ..cursor }, None),
        Input::Break => (Cursor::default(), None),
        Input::Step(down, right, extend) => {
            let to = cursor.at.map_or(Cell::default(), |at| Cell {
                row: at.row.saturating_add_signed(down).min(last_row),
                column: at.column.saturating_add_signed(right).min(last_column),
            });
            moved(cursor, to, extend)
        }
        Input::Edge { end, rows, extend } => {
            let at = cursor.at.unwrap_or_default();
            let to = match (rows, end) {
                (true, end) => Cell { row: if end { last_row } else { 0 }, ..at },
                (false, end) => Cell { column: if end { last_column } else { 0 }, ..at },
            };
            moved(cursor, to, extend)
        }
        Input::Choose => {
            let at = cursor.at.unwrap_or_default();
            let alone = Cursor { at: Some(at), anchor: None, dragging: false };
            (alone, Some(Outcome::Select { from: at, to: at, grows: false }))
        }
        Input::Open => (cursor, Some(Outcome::Open(cursor.at))),
        Input::Clear => (Cursor { anchor: None, dragging: false, ..cursor }, Some(Outcome::Clear)),
    }
}

/// Moves the cursor; a selection that grows starts where it was.
fn moved(cursor: Cursor, to: Cell, extend: bool) -> (Cursor, Option<Outcome>) {
    if !extend {
        return (Cursor { at: Some(to), anchor: None, dragging: false }, None);
    }
    let from = cursor.anchor.or(cursor.at).unwrap_or(to);
    let grows = cursor.anchor.is_some();
    (Cursor { at: Some(to), anchor: Some(from), dragging: false }, Some(Outcome::Select { from, to, grows }))
}

/// The input of a key. `upward` maps have their first row at the bottom.
pub(crate) fn key(key: &str, shift: bool, ctrl: bool, upward: bool) -> Option<Input> {
    let down = if upward { -1 } else { 1 };
    Some(match key {
        "ArrowLeft" => Input::Step(0, -1, shift),
        "ArrowRight" => Input::Step(0, 1, shift),
        "ArrowUp" => Input::Step(-down, 0, shift),
        "ArrowDown" => Input::Step(down, 0, shift),
        "PageUp" => Input::Step(0, -10, shift),
        "PageDown" => Input::Step(0, 10, shift),
        "Home" => Input::Edge { end: ctrl && upward, rows: ctrl, extend: shift },
        "End" => Input::Edge { end: !(ctrl && upward), rows: ctrl, extend: shift },
        " " => Input::Choose,
        "Enter" => Input::Open,
        "Escape" => Input::Clear,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: usize, column: usize) -> Cell {
        Cell { row, column }
    }

    fn play(inputs: &[Input]) -> (Cursor, Vec<Outcome>) {
        let mut outcomes = Vec::new();
        let cursor = inputs.iter().fold(Cursor::default(), |cursor, input| {
            let (next, outcome) = update(cursor, *input, (5, 10));
            outcomes.extend(outcome);
            next
        });
        (cursor, outcomes)
    }

    fn select(from: Cell, to: Cell, grows: bool) -> Outcome {
        Outcome::Select { from, to, grows }
    }

    #[test]
    fn drag_selects_in_any_direction_and_click_one_cell() {
        let drag = [Input::Press(cell(3, 6)), Input::Hover(cell(1, 2)), Input::Leave, Input::Release];
        assert_eq!(play(&drag).1, [select(cell(3, 6), cell(1, 2), false)]);
        assert_eq!(
            play(&[Input::Press(cell(9, 99)), Input::Release]).1,
            [select(cell(4, 9), cell(4, 9), false)]
        );
        assert_eq!(
            play(&[Input::Press(cell(1, 1)), Input::Break, Input::Release]),
            (Cursor::default(), vec![])
        );
    }

    #[test]
    fn shift_and_arrows_extend_the_selection() {
        let right = Input::Step(0, 1, true);
        let (cursor, outcomes) = play(&[Input::Step(1, 0, false), right, right, Input::Step(1, 0, true)]);
        assert_eq!(
            outcomes,
            [
                select(cell(0, 0), cell(0, 1), false),
                select(cell(0, 0), cell(0, 2), true),
                select(cell(0, 0), cell(1, 2), true)
            ]
        );
        assert_eq!(cursor.at, Some(cell(1, 2)));
        let (_, outcomes) = play(&[right, Input::Step(0, 1, false), right]);
        assert_eq!(outcomes[1], select(cell(0, 1), cell(0, 2), false), "a plain arrow ends it");
    }

    #[test]
    fn keys_open_clear_and_go_to_the_edges() {
        let to_end = key("End", false, false, false).unwrap();
        let (cursor, outcomes) = play(&[to_end, Input::Choose, Input::Open, Input::Clear]);
        assert_eq!(cursor.at, Some(cell(0, 9)));
        assert_eq!(
            outcomes,
            [select(cell(0, 9), cell(0, 9), false), Outcome::Open(Some(cell(0, 9))), Outcome::Clear]
        );
        assert_eq!(key("ArrowUp", false, false, true), Some(Input::Step(1, 0, false)));
        let top = play(&[key("Home", false, true, true).unwrap()]).0;
        assert_eq!(top.at, Some(cell(4, 0)), "the top of a map whose rows begin at the bottom");
    }

    #[test]
    fn ignores_input_without_cells() {
        assert_eq!(update(Cursor::default(), Input::Press(cell(1, 1)), (0, 4)), (Cursor::default(), None));
    }
}
