//! What a person means: pointer, wheel and key events in, [`Action`]s out. Pure.
//!
//! Wheel: plain turning scrolls (and is left to the page when there is nothing to scroll), sideways turning
//! pans, with Ctrl, Cmd or Alt it zooms around the pointer; a pinch on a trackpad arrives as Ctrl + wheel.

use crate::views::menu::key_of;
use flarepath_profile::flame::Move;

/// A pointer event. Positions are CSS pixels from the surface's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pointer {
    /// Which finger or mouse.
    pub(crate) id: i32,
    /// From the left.
    pub(crate) x: f64,
    /// From the top.
    pub(crate) y: f64,
    /// Whether it is a finger.
    pub(crate) touch: bool,
    /// When, in milliseconds.
    pub(crate) time: f64,
}

/// What is to happen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    /// The pointer rests over a place.
    Hover(f64, f64),
    /// The pointer left.
    Leave,
    /// A place was clicked or tapped.
    Click(f64, f64),
    /// A place was clicked or tapped a second time at once; the click before was reported as such.
    DoubleClick(f64, f64),
    /// Move the picture by so many pixels.
    Pan(f64, f64),
    /// Widen the picture by a factor around x.
    Zoom {
        /// What stays in place.
        x: f64,
        /// Above 1 is closer.
        factor: f64,
    },
    /// A continuous change is over.
    Settle,
    /// Open the menu at a place.
    Menu(f64, f64),
    /// Move the selection.
    Select(Move),
    /// Move the selection to the root.
    SelectRoot,
    /// Zoom to the selection.
    ZoomToSelection,
    /// One step out: to the parent of the zoomed box.
    ZoomOut,
    /// Show everything.
    Reset,
    /// Menu of the selection.
    MenuOfSelection,
    /// The entry of that menu that has this key.
    Key(char),
}

/// Movement below which a press is a click.
const CLICK_SLOP: f64 = 5.0;
/// Time in which a second click makes a double click, in milliseconds.
const DOUBLE_CLICK_MS: f64 = 400.0;
/// A finger does not hit the same place twice as exactly as a mouse; in pixels.
const DOUBLE_CLICK_SLOP: f64 = 16.0;
/// How long a finger rests before it means the menu.
pub(crate) const LONG_PRESS_MS: f64 = 500.0;
/// Pixels of a wheel turn that double the zoom, about five notches.
const WHEEL_DOUBLE: f64 = 300.0;

/// The fingers and the mouse between press and release.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gesture {
    down: Vec<(Pointer, Pointer)>,
    moved: bool,
    pinched: bool,
    /// The last click, until it is old or part of a double click.
    clicked: Option<Pointer>,
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
            if (pointer.x - start.x).hypot(pointer.y - start.y) < CLICK_SLOP {
                return vec![];
            }
            self.moved = true;
        }
        self.down[at].1 = pointer;
        match self.down.get(1 - at.min(1)).filter(|_| self.down.len() == 2) {
            None => vec![Action::Leave, Action::Pan(pointer.x - last.x, pointer.y - last.y)],
            Some((_, other)) => {
                // Fingers nearer than this sideways would make a tremor a leap.
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
        // A long press has opened its menu while the finger was down.
        if long {
            return None;
        }
        let again = self.clicked.take().is_some_and(|last| {
            pointer.time - last.time < DOUBLE_CLICK_MS
                && (pointer.x - last.x).hypot(pointer.y - last.y) < DOUBLE_CLICK_SLOP
        });
        if again {
            return Some(Action::DoubleClick(pointer.x, pointer.y));
        }
        self.clicked = Some(pointer);
        Some(Action::Click(pointer.x, pointer.y))
    }

    /// A pointer was lost, to the browser's own scrolling for instance.
    pub(crate) fn cancel(&mut self) {
        self.down.clear();
    }

    /// Whether a pressed finger still means a long press.
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
    /// Where.
    pub(crate) x: f64,
    /// Sideways.
    pub(crate) dx: f64,
    /// Downward.
    pub(crate) dy: f64,
    /// Whether a key that means zoom is held.
    pub(crate) zoom: bool,
    /// Whether the picture can scroll that way.
    pub(crate) scrolls: bool,
    /// Whether part of the width is out of sight.
    pub(crate) pans: bool,
}

/// What a turn of the wheel does; `None` leaves it to the page.
pub(crate) fn wheel(turn: Wheel) -> Option<Action> {
    if turn.zoom {
        let doublings = (-turn.dy / WHEEL_DOUBLE).clamp(-1.0, 1.0);
        // Not `exp2`, whose table alone would be 3 KB of the page's download.
        let factor = (doublings * std::f64::consts::LN_2).exp();
        return Some(Action::Zoom { x: turn.x, factor });
    }
    if turn.dx.abs() > turn.dy.abs() {
        return turn.pans.then_some(Action::Pan(-turn.dx, 0.0));
    }
    turn.scrolls.then_some(Action::Pan(0.0, -turn.dy))
}

/// What a key does in the flame graph; `width` is that of the surface, which the zoom keys zoom around.
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
    fn a_press_that_stays_is_a_click() {
        let mut gesture = Gesture::default();
        gesture.press(at(0, 50.0, 0.0));
        assert_eq!(gesture.drag(at(0, 52.0, 5.0)), []);
        assert_eq!(gesture.release(at(0, 52.0, 9.0)), Some(Action::Click(52.0, 10.0)));
    }

    #[test]
    fn two_clicks_at_once_are_a_double_click_and_the_third_begins_anew() {
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
    fn a_press_that_moves_pans_and_settles() {
        let mut gesture = Gesture::default();
        gesture.press(at(0, 50.0, 0.0));
        assert_eq!(gesture.drag(at(0, 60.0, 5.0)), [Action::Leave, Action::Pan(10.0, 0.0)]);
        assert_eq!(gesture.drag(at(0, 57.0, 6.0)), [Action::Leave, Action::Pan(-3.0, 0.0)]);
        assert_eq!(gesture.release(at(0, 57.0, 9.0)), Some(Action::Settle));
    }

    #[test]
    fn two_fingers_pinch_around_their_middle() {
        let mut gesture = Gesture::default();
        gesture.press(at(1, 100.0, 0.0));
        gesture.press(at(2, 200.0, 1.0));
        let actions = gesture.drag(at(2, 300.0, 2.0));
        assert_eq!(actions, [Action::Pan(50.0, 0.0), Action::Zoom { x: 200.0, factor: 2.0 }]);
        assert_eq!(gesture.release(at(1, 100.0, 3.0)), None);
        assert_eq!(gesture.release(at(2, 300.0, 4.0)), Some(Action::Settle));
    }

    #[test]
    fn a_finger_that_rests_means_the_menu_and_no_click() {
        let mut gesture = Gesture::default();
        gesture.press(at(1, 100.0, 0.0));
        assert_eq!(gesture.rests(), Some(Action::Menu(100.0, 10.0)));
        assert_eq!(gesture.release(at(1, 100.0, LONG_PRESS_MS)), None);
    }

    #[test]
    fn the_wheel_is_left_to_the_page_when_nothing_scrolls() {
        let turn = Wheel { x: 5.0, dx: 0.0, dy: 100.0, zoom: false, scrolls: false, pans: false };
        assert_eq!(wheel(turn), None);
        assert_eq!(wheel(Wheel { scrolls: true, ..turn }), Some(Action::Pan(0.0, -100.0)));
        let Some(Action::Zoom { factor, .. }) = wheel(Wheel { zoom: true, dy: -300.0, ..turn }) else {
            panic!()
        };
        assert_eq!(factor, 2.0);
    }
}
