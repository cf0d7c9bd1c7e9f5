//! Shortens a function's name to the width of its box. Names are cut at the start, as a function's own name is at the end.

use std::ops::Range;

/// The part of a name that fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fitted {
    /// Bytes of the name.
    pub(crate) part: Range<usize>,
    /// Whether an ellipsis comes before them.
    pub(crate) cut: bool,
    /// How many of these bytes are the package, which is dimmed.
    pub(crate) package: usize,
    /// Whether all of the function's own name is there.
    pub(crate) has_own_name: bool,
}

#[cfg(test)]
impl Fitted {
    /// The shortened name.
    fn text(&self, name: &str) -> String {
        format!("{}{}", if self.cut { "…" } else { "" }, &name[self.part.clone()])
    }
}

/// What of `name` to show in `chars` characters, of which an ellipsis takes one. Arguments go first, then packages from the outermost
/// on.
pub(crate) fn fit(name: &str, chars: usize) -> Fitted {
    let end = arguments_start(name);
    let own = own_start(name, end);
    let (part, cut) = if fits(name, chars) {
        (0..name.len(), false)
    } else if fits(&name[..end], chars) {
        (0..end, false)
    } else {
        (cut_start(&name[..end], own, chars.saturating_sub(1).max(1))..end, true)
    };
    let (package, has_own_name) = (own.saturating_sub(part.start), part.start <= own);
    Fitted { part, cut, package, has_own_name }
}

/// End of the path before the name: of `github.com/x/pkg.F`, the start of `pkg.F`.
pub(crate) fn path_end(name: &str) -> usize {
    // In types and arguments, a slash is not part of a path.
    let head = name.find(['(', '<', ' ', '[']).unwrap_or(name.len());
    name[..head].rfind('/').map_or(0, |i| i + 1)
}

/// Where the last `chars` characters start, or a part of the package within them.
fn cut_start(text: &str, own: usize, chars: usize) -> usize {
    let start = text.char_indices().rev().nth(chars - 1).map_or(0, |(at, _)| at);
    let is_part = |at: &usize| {
        let before = text.as_bytes()[..*at].last();
        *at == own || matches!(before, Some(b'/' | b'.')) || text.as_bytes()[..*at].ends_with(b"::")
    };
    (start..=own).find(is_part).unwrap_or(start)
}

/// Start of a function's own name: of `shop::cart::Cart::add`, the start of `add`. A closure belongs to its function.
fn own_start(name: &str, end: usize) -> usize {
    let bytes = &name.as_bytes()[..end];
    let (mut depth, mut before, mut start) = (0_i32, 0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        let is_path = match byte {
            b'.' | b'/' | b'#' => true,
            // `::<T>` are the arguments of the name before it.
            b':' => at > 0 && bytes[at - 1] == b':' && bytes.get(at + 1) != Some(&b'<'),
            _ => false,
        };
        match byte {
            b'<' | b'(' | b'[' | b'{' => depth += 1,
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' | b')' | b']' | b'}' => depth = (depth - 1).max(0),
            _ if is_path && depth == 0 && at + 1 < end => (before, start) = (start, at + 1),
            _ => {}
        }
    }
    if name[start..].starts_with("{{") || name[start..].starts_with("{closure") { before } else { start }
}

/// Start of the arguments at the end: of `ns::f(int)`, the end of `ns::f`. The end of the name if there are none.
fn arguments_start(name: &str) -> usize {
    let all = name.len();
    if !name.ends_with(')') {
        return all;
    }
    let mut depth = 0_i32;
    for (at, byte) in name.bytes().enumerate().rev() {
        depth += match byte {
            b')' => 1,
            b'(' => -1,
            _ => 0,
        };
        if depth == 0 {
            // `(anonymous)` is a name, and `pkg.(*T)` ends with a type.
            let is_name = at > 0 && !name[..at].ends_with(['.', ' ']);
            return if is_name { at } else { all };
        }
    }
    all
}

fn fits(text: &str, chars: usize) -> bool {
    // Fast path: there are never more characters than bytes.
    text.len() <= chars || text.chars().count() <= chars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, chars: usize) -> String {
        let fitted = fit(name, chars);
        let text = fitted.text(name);
        assert!(text.chars().count() <= chars.max(2), "{text}");
        text
    }

    #[test]
    fn names_are_cut_at_the_start() {
        let go = "github.com/acme/shop/cart.(*Cart).Add";
        assert_eq!(
            [99, 20, 16, 12, 4].map(|chars| shown(go, chars)),
            [go, "…cart.(*Cart).Add", "…(*Cart).Add", "…(*Cart).Add", "…Add"]
        );
        let rust = "server::checkout::handle_order";
        assert_eq!(
            [28, 14, 10].map(|chars| shown(rust, chars)),
            ["…checkout::handle_order", "…handle_order", "…dle_order"]
        );
        assert_eq!(shown("größenordnung", 5), "…nung");
    }

    #[test]
    fn arguments_go_before_the_package() {
        assert_eq!(shown("ns::Reader::read(char*, int)", 20), "ns::Reader::read");
        assert_eq!(shown("(anonymous)", 6), "…mous)");
        assert_eq!(shown("ns::read(char*)", 6), "…read");
    }

    #[test]
    fn the_package_is_what_is_before_the_own_name() {
        let own = |name: &str| {
            let fitted = fit(name, 999);
            name[fitted.package..].to_owned()
        };
        assert_eq!(own("server::checkout::handle_order"), "handle_order");
        assert_eq!(own("shop/cart.(*Cart).Total"), "Total");
        assert_eq!(own("java.util.HashMap.put(Object)"), "put(Object)");
        assert_eq!(own("<alloc::vec::Vec<T> as core::ops::Drop>::drop"), "drop");
        assert_eq!(own("shop::serve::{{closure}}"), "serve::{{closure}}");
        assert_eq!(
            own("core::ptr::drop_in_place::<alloc::vec::Vec<u8>>"),
            "drop_in_place::<alloc::vec::Vec<u8>>"
        );
        assert_eq!(
            [own("malloc"), own("(anonymous)"), own("::"), own("")],
            ["malloc", "(anonymous)", "::", ""]
        );
    }

    #[test]
    fn paths_end_at_the_last_slash_before_types() {
        assert_eq!(path_end("github.com/x/pkg.F[a/b.T]"), "github.com/x/".len());
    }
}
