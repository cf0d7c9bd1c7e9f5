//! The keys and gestures of the profile views, for the help dialog.

/// Key or gesture, and what it does.
pub(crate) const SHORTCUTS: &[(&str, &str)] = &[
    ("1 2 3 4", "Flame graph, table, both, sandwich"),
    ("/", "Search"),
    ("n, Shift+N", "Next, previous match"),
    ("↑ ↓ ← →", "Move to caller, callee, siblings (in the table: rows)"),
    ("Enter", "Zoom to the selected box (in the table: mark the function)"),
    ("Esc, Backspace", "One step out"),
    ("0, double click beside the boxes", "Show all"),
    ("+ −", "Zoom in, out"),
    ("a d", "Pan left, right"),
    ("m, right click, long press", "Menu of the selected function"),
    ("o", "Its details: over time, callers, callees, lines"),
    ("s", "Its sandwich: callers and callees"),
    ("f, Shift+F", "Keep only stacks through it; only the subtree below it"),
    ("h, x", "Merge it into its caller; drop all stacks through it"),
    ("c, p", "Fold its recursion; fold its package"),
    ("t", "Menu: transform the whole tree"),
    ("i", "Turn the graph around: callers above callees"),
    ("Wheel", "Scroll; sideways or with Shift: pan"),
    ("Ctrl + wheel, pinch", "Zoom around the pointer"),
    ("Drag", "Pan"),
];
