//! Cursor and selection of the timeline: a state and an input give the next state and perhaps a selection. Buckets are
//! counted from 0. Pure.

/// A pointer or key event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The pointer is over a bucket.
    Hover(usize),
    /// The pointer went down on a bucket.
    Press(usize),
    /// The pointer came up.
    Release,
    /// The pointer left.
    Leave,
    /// Arrow keys: how many buckets to the right, and whether the selection grows.
    Step(isize, bool),
    /// Home or End: whether to the end, and whether the selection grows.
    Edge(bool, bool),
    /// Enter.
    Accept,
    /// Escape.
    Cancel,
}

/// The cursor and the selection being made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The bucket under the cursor.
    pub(crate) at: Option<usize>,
    /// The other end of the selection.
    pub(crate) anchor: Option<usize>,
    dragging: bool,
}

/// The next state, and the first and last bucket of a completed selection. `count` is the number of buckets.
pub(crate) fn update(cursor: Cursor, input: Input, count: usize) -> (Cursor, Option<(usize, usize)>) {
    let Some(last) = count.checked_sub(1) else { return (Cursor::default(), None) };
    let selected = |cursor: Cursor| {
        let (at, anchor) = (cursor.at?, cursor.anchor?);
        Some((at.min(anchor), at.max(anchor)))
    };
    match input {
        Input::Hover(at) => (Cursor { at: Some(at.min(last)), ..cursor }, None),
        Input::Press(at) => {
            (Cursor { at: Some(at.min(last)), anchor: Some(at.min(last)), dragging: true }, None)
        }
        // A click without a drag selects nothing: an accidental click must not change the range.
        Input::Release => {
            let chosen = selected(cursor).filter(|(first, end)| cursor.dragging && first != end);
            (Cursor { anchor: None, dragging: false, ..cursor }, chosen)
        }
        Input::Leave if cursor.dragging => (cursor, None),
        Input::Leave | Input::Cancel => (Cursor::default(), None),
        Input::Step(by, extend) => {
            let at = cursor.at.map_or(last, |at| at.saturating_add_signed(by).min(last));
            (moved(cursor, at, extend), None)
        }
        Input::Edge(end, extend) => (moved(cursor, if end { last } else { 0 }, extend), None),
        Input::Accept => match selected(cursor) {
            Some(chosen) => (Cursor { anchor: None, ..cursor }, Some(chosen)),
            None => (cursor, cursor.at.map(|at| (at, at))),
        },
    }
}

fn moved(cursor: Cursor, at: usize, extend: bool) -> Cursor {
    let anchor = extend.then(|| cursor.anchor.or(cursor.at).unwrap_or(at));
    Cursor { at: Some(at), anchor, dragging: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(inputs: &[Input]) -> (Cursor, Vec<(usize, usize)>) {
        let mut chosen = Vec::new();
        let cursor = inputs.iter().fold(Cursor::default(), |cursor, input| {
            let (next, selection) = update(cursor, *input, 10);
            chosen.extend(selection);
            next
        });
        (cursor, chosen)
    }

    #[test]
    fn drag_selects_in_either_direction() {
        assert_eq!(play(&[Input::Press(6), Input::Hover(4), Input::Hover(2), Input::Release]).1, [(2, 6)]);
        assert_eq!(play(&[Input::Press(2), Input::Leave, Input::Hover(9), Input::Release]).1, [(2, 9)]);
    }

    #[test]
    fn click_selects_nothing() {
        assert_eq!(play(&[Input::Press(6), Input::Release]).1, []);
        assert_eq!(play(&[Input::Press(6), Input::Hover(3), Input::Cancel, Input::Release]).1, []);
    }

    #[test]
    fn keyboard_selects() {
        let keys =
            [Input::Step(-1, false), Input::Step(-1, false), Input::Step(-1, true), Input::Step(-1, true)];
        assert_eq!(play(&keys).0, Cursor { at: Some(6), anchor: Some(8), dragging: false });
        assert_eq!(play(&[&keys[..], &[Input::Accept]].concat()).1, [(6, 8)]);
        assert_eq!(play(&[Input::Edge(false, false), Input::Edge(true, true), Input::Accept]).1, [(0, 9)]);
        assert_eq!(play(&[Input::Edge(true, false), Input::Step(5, false), Input::Accept]).1, [(9, 9)]);
    }

    #[test]
    fn ignores_input_without_buckets() {
        assert_eq!(update(Cursor::default(), Input::Press(3), 0), (Cursor::default(), None));
    }
}
