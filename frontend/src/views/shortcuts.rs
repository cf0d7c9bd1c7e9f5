//! The keys and gestures of the profile views, for the help dialog.

/// Key or gesture, and what it does.
pub const SHORTCUTS: &[(&str, &str)] = &[
    ("1 2 3 4", "Flame graph, table, both, sandwich"),
    ("/", "Search"),
    ("n, Shift+N", "Next, previous match"),
    ("↑ ↓ ← →", "Move to caller, callee, siblings (in the table: rows)"),
    ("Enter", "Zoom to the selected box (in the table: mark the function)"),
    ("Esc, Backspace", "One step out"),
    ("0, double click beside the boxes", "Show all"),
    ("+ −", "Zoom in, out"),
    ("a d", "Pan left, right"),
    ("m, right click, long press", "Menu: focus, sandwich, hide, copy"),
    ("s", "Sandwich of the selected function (in the table)"),
    ("i", "Turn the graph around: callers above callees"),
    ("Wheel", "Scroll; sideways or with Shift: pan"),
    ("Ctrl + wheel, pinch", "Zoom around the pointer"),
    ("Drag", "Pan"),
];
