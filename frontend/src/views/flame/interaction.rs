//! Gestures and keys: pointer, wheel and key events in, [`Action`]s out. Pure.
//!
//! The wheel scrolls (and scrolls the page where the canvas cannot), a horizontal wheel pans, and with Ctrl, Cmd or Alt it
//! zooms at the pointer; a pinch on a trackpad arrives as Ctrl + wheel.

use crate::views::menu_key::key_of;
use flarepath_profile::flame::{Move, within};

/// A pointer event. Positions are CSS pixels from the surface's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pointer {
    /// The browser's id of the pointer.
    pub(crate) id: i32,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) touch: bool,
    /// Time in milliseconds.
    pub(crate) time: f64,
}

/// What a gesture or a key does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    /// The pointer is at a point.
    Hover(f64, f64),
    /// The pointer left.
    Leave,
    /// A point was clicked or tapped.
    Click(f64, f64),
    /// A point was clicked or tapped twice; the first click was reported as such.
    DoubleClick(f64, f64),
    /// Moves the boxes by so many pixels.
    Pan(f64, f64),
    /// Zooms by a factor at x.
    Zoom {
        /// The point that stays in place.
        x: f64,
        /// Above 1 zooms in.
        factor: f64,
    },
    /// A continuous change has ended.
    Settle,
    /// Opens the menu at a point.
    Menu(f64, f64),
    /// Moves the selection.
    Select(Move),
    /// Moves the selection to the root.
    SelectRoot,
    ZoomToSelection,
    /// Zooms out one level.
    ZoomOut,
    /// Shows everything.
    Reset,
    /// Opens the menu of the selection.
    MenuOfSelection,
    /// Runs the entry of that menu that has this key.
    Key(char),
}

/// Movement below which a press is a click, in pixels.
const CLICK_SLOP: f64 = 5.0;
/// Time in which a second click makes a double click, in milliseconds.
const DOUBLE_CLICK_MS: f64 = 400.0;
/// Distance between the two taps of a double tap, in pixels: fingers are less exact than a mouse.
const DOUBLE_CLICK_SLOP: f64 = 16.0;
/// How long a finger rests before the menu opens.
pub(crate) const LONG_PRESS_MS: f64 = 500.0;
/// Pixels of a wheel turn that double the zoom, about five notches.
const WHEEL_DOUBLE: f64 = 300.0;

/// The pointers between press and release.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gesture {
    down: Vec<(Pointer, Pointer)>,
    moved: bool,
    pinched: bool,
    /// The last click, until it is part of a double click.
    clicked: Option<Pointer>,
}

/// Whether two pointers are less than so many pixels apart.
fn is_near(a: Pointer, b: Pointer, slop: f64) -> bool {
    let (dx, dy) = (a.x - b.x, a.y - b.y);
    dx * dx + dy * dy < slop * slop
}

impl Gesture {
    /// A pointer was pressed.
    pub(crate) fn press(&mut self, pointer: Pointer) {
        if self.down.len() >= 2 {
            return;
        }
        self.down.retain(|(start, _)| start.id != pointer.id);
        if self.down.is_empty() {
            (self.moved, self.pinched) = (false, false);
        }
        self.down.push((pointer, pointer));
        self.pinched |= self.down.len() == 2;
    }

    /// A pointer moved, pressed or not.
    pub(crate) fn drag(&mut self, pointer: Pointer) -> Vec<Action> {
        let Some(at) = self.down.iter().position(|(start, _)| start.id == pointer.id) else {
            return if pointer.touch { vec![] } else { vec![Action::Hover(pointer.x, pointer.y)] };
        };
        let (start, last) = self.down[at];
        if !self.moved && !self.pinched {
            if is_near(pointer, start, CLICK_SLOP) {
                return vec![];
            }
            self.moved = true;
        }
        self.down[at].1 = pointer;
        match self.down.get(1 - at.min(1)).filter(|_| self.down.len() == 2) {
            None => vec![Action::Leave, Action::Pan(pointer.x - last.x, pointer.y - last.y)],
            Some((_, other)) => {
                // Nearer fingers would turn a tremor into a leap.
                let apart = |p: Pointer| (p.x - other.x).abs().max(20.0);
                let middle = (pointer.x + other.x) / 2.0;
                let (dx, dy) = ((pointer.x - last.x) / 2.0, (pointer.y - last.y) / 2.0);
                vec![Action::Pan(dx, dy), Action::Zoom { x: middle, factor: apart(pointer) / apart(last) }]
            }
        }
    }

    /// A pointer was released.
    pub(crate) fn release(&mut self, pointer: Pointer) -> Option<Action> {
        let at = self.down.iter().position(|(start, _)| start.id == pointer.id)?;
        let (start, _) = self.down.remove(at);
        if self.moved || self.pinched {
            return self.down.is_empty().then_some(Action::Settle);
        }
        let long = pointer.touch && pointer.time - start.time >= LONG_PRESS_MS;
        // A long press opened its menu while the finger was down.
        if long {
            return None;
        }
        let again = self.clicked.take().is_some_and(|last| {
            pointer.time - last.time < DOUBLE_CLICK_MS && is_near(pointer, last, DOUBLE_CLICK_SLOP)
        });
        if again {
            return Some(Action::DoubleClick(pointer.x, pointer.y));
        }
        self.clicked = Some(pointer);
        Some(Action::Click(pointer.x, pointer.y))
    }

    /// The browser took the pointer, for instance to scroll.
    pub(crate) fn cancel(&mut self) {
        self.down.clear();
    }

    /// The menu, if a finger still rests where it was pressed.
    pub(crate) fn rests(&self) -> Option<Action> {
        match self.down[..] {
            [(start, _)] if start.touch && !self.moved && !self.pinched => {
                Some(Action::Menu(start.x, start.y))
            }
            _ => None,
        }
    }
}

/// A turn of the wheel, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wheel {
    /// Pointer position.
    pub(crate) x: f64,
    /// To the right.
    pub(crate) dx: f64,
    /// Down.
    pub(crate) dy: f64,
    /// Whether a modifier for zooming is held.
    pub(crate) zoom: bool,
    /// Whether the canvas can scroll that way.
    pub(crate) scrolls: bool,
    /// Whether part of the width is out of sight.
    pub(crate) pans: bool,
}

/// The action of a wheel turn; `None` leaves it to the page.
pub(crate) fn wheel(turn: Wheel) -> Option<Action> {
    if turn.zoom {
        let doublings = within(-turn.dy / WHEEL_DOUBLE, -1.0, 1.0);
        // Not `exp2`, whose table would add 3 KB to the download.
        let factor = (doublings * std::f64::consts::LN_2).exp();
        return Some(Action::Zoom { x: turn.x, factor });
    }
    if turn.dx.abs() > turn.dy.abs() {
        return turn.pans.then_some(Action::Pan(-turn.dx, 0.0));
    }
    turn.scrolls.then_some(Action::Pan(0.0, -turn.dy))
}

/// The action of a key; zoom keys zoom at the middle of `width`.
pub(crate) fn key(key: &str, width: f64) -> Option<Action> {
    Some(match key {
        "ArrowUp" => Action::Select(Move::Parent),
        "ArrowDown" => Action::Select(Move::FirstChild),
        "ArrowLeft" => Action::Select(Move::PreviousSibling),
        "ArrowRight" => Action::Select(Move::NextSibling),
        "Home" => Action::SelectRoot,
        "Enter" | " " => Action::ZoomToSelection,
        "Escape" | "Backspace" => Action::ZoomOut,
        "0" => Action::Reset,
        "+" | "=" => Action::Zoom { x: width / 2.0, factor: 1.5 },
        "-" => Action::Zoom { x: width / 2.0, factor: 1.0 / 1.5 },
        "a" => Action::Pan(width / 8.0, 0.0),
        "d" => Action::Pan(-width / 8.0, 0.0),
        "m" | "ContextMenu" => Action::MenuOfSelection,
        _ => return key_of(key).map(Action::Key),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(id: i32, x: f64, time: f64) -> Pointer {
        Pointer { id, x, y: 10.0, touch: id > 0, time }
    }

    #[test]
    fn press_without_movement_is_a_click() {
        let mut gesture = Gesture::default();
        gesture.press(at(0, 50.0, 0.0));
        assert_eq!(gesture.drag(at(0, 52.0, 5.0)), []);
        assert_eq!(gesture.release(at(0, 52.0, 9.0)), Some(Action::Click(52.0, 10.0)));
    }

    #[test]
    fn third_click_is_a_single_click_again() {
        let mut gesture = Gesture::default();
        let mut click = |x, time| {
            gesture.press(at(0, x, time));
            gesture.release(at(0, x, time + 50.0))
        };
        assert_eq!(click(50.0, 0.0), Some(Action::Click(50.0, 10.0)));
        assert_eq!(click(51.0, 150.0), Some(Action::DoubleClick(51.0, 10.0)));
        assert_eq!(click(51.0, 300.0), Some(Action::Click(51.0, 10.0)));
        assert_eq!(click(51.0, 900.0), Some(Action::Click(51.0, 10.0)));
        assert_eq!(click(99.0, 950.0), Some(Action::Click(99.0, 10.0)));
    }

    #[test]
    fn drag_pans_and_settles() {
        let mut gesture = Gesture::default();
        gesture.press(at(0, 50.0, 0.0));
        assert_eq!(gesture.drag(at(0, 60.0, 5.0)), [Action::Leave, Action::Pan(10.0, 0.0)]);
        assert_eq!(gesture.drag(at(0, 57.0, 6.0)), [Action::Leave, Action::Pan(-3.0, 0.0)]);
        assert_eq!(gesture.release(at(0, 57.0, 9.0)), Some(Action::Settle));
    }

    #[test]
    fn pinch_zooms_at_the_middle_of_the_fingers() {
        let mut gesture = Gesture::default();
        gesture.press(at(1, 100.0, 0.0));
        gesture.press(at(2, 200.0, 1.0));
        let actions = gesture.drag(at(2, 300.0, 2.0));
        assert_eq!(actions, [Action::Pan(50.0, 0.0), Action::Zoom { x: 200.0, factor: 2.0 }]);
        assert_eq!(gesture.release(at(1, 100.0, 3.0)), None);
        assert_eq!(gesture.release(at(2, 300.0, 4.0)), Some(Action::Settle));
    }

    #[test]
    fn long_press_opens_the_menu_without_a_click() {
        let mut gesture = Gesture::default();
        gesture.press(at(1, 100.0, 0.0));
        assert_eq!(gesture.rests(), Some(Action::Menu(100.0, 10.0)));
        assert_eq!(gesture.release(at(1, 100.0, LONG_PRESS_MS)), None);
    }

    #[test]
    fn wheel_scrolls_the_page_when_the_canvas_does_not() {
        let turn = Wheel { x: 5.0, dx: 0.0, dy: 100.0, zoom: false, scrolls: false, pans: false };
        assert_eq!(wheel(turn), None);
        assert_eq!(wheel(Wheel { scrolls: true, ..turn }), Some(Action::Pan(0.0, -100.0)));
        let Some(Action::Zoom { factor, .. }) = wheel(Wheel { zoom: true, dy: -300.0, ..turn }) else {
            panic!()
        };
        assert_eq!(factor, 2.0);
    }
}
