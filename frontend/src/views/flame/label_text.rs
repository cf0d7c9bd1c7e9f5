//! Shortens a function's name to the width of its box.

use std::ops::Range;

/// The part of `name` to show in `chars` characters, and whether an ellipsis takes the last of them. A path
/// (`github.com/x/`) is cut first, then leading packages: the function's own name is at the end.
pub(crate) fn fit(name: &str, chars: usize) -> (Range<usize>, bool) {
    let all = name.len();
    if fits(name, chars) {
        return (0..all, false);
    }
    let head = head_end(name);
    let slash = path_end(name);
    if slash > 0 && fits(&name[slash..], chars) {
        return (slash..all, false);
    }
    let mut start = slash;
    while let Some(step) = name[start..head.max(start)].find("::") {
        start += step + 2;
        if fits(&name[start..], chars) {
            return (start..all, false);
        }
    }
    let keep = chars.saturating_sub(1).max(1);
    let end = name[start..].char_indices().nth(keep).map_or(all, |(i, _)| start + i);
    (start..end, end < all)
}

/// End of the path before the name: of `github.com/x/pkg.F`, the start of `pkg.F`.
pub(crate) fn path_end(name: &str) -> usize {
    name[..head_end(name)].rfind('/').map_or(0, |i| i + 1)
}

/// Start of types and arguments, in which a slash is not part of a path.
fn head_end(name: &str) -> usize {
    name.find(['(', '<', ' ', '[']).unwrap_or(name.len())
}

fn fits(text: &str, chars: usize) -> bool {
    // Fast path: there are never more characters than bytes.
    text.len() <= chars || text.chars().count() <= chars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_distinctive_end_of_names() {
        let name = "github.com/acme/shop/cart.(*Cart).Add";
        let shown = |chars| {
            let (part, cut) = fit(name, chars);
            (&name[part], cut)
        };
        assert_eq!(shown(99), (name, false));
        assert_eq!(shown(16), ("cart.(*Cart).Add", false));
        assert_eq!(shown(8), ("cart.(*", true));
        assert_eq!(fit("core::fmt::write", 5), (11..16, false));
        assert_eq!(fit("größe", 4), (0..4, true));
    }
}
