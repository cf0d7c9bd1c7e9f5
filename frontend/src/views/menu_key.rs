//! Keys that run entries of a function's menu.

/// The key of a menu entry, see [`super::menu_entries`].
pub(super) fn key_of(key: &str) -> Option<char> {
    let mut chars = key.chars();
    let first = chars.next().filter(|c| matches!(c, 'o' | 's' | 'f' | 'F' | 'h' | 'x' | 'c' | 'p'));
    first.filter(|_| chars.next().is_none())
}
