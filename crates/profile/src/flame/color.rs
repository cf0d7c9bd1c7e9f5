//! Colors of frames by package or name, as indices into a palette that the page owns. For colors by origin see
//! [`super::origin_color`].
//!
//! Equal packages (or names) have equal colours in every picture, on every machine and in every version: the
//! index comes from a hash that is fixed here (FNV-1a, 32 bits).

use crate::frame_table::{FrameId, FrameTable, FrameText};
use crate::package::package;

/// What gives frames their colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorBy {
    /// The package, see [`package()`]; where there is none, the file, or else the family of names.
    #[default]
    Package,
    /// The name.
    Name,
}

/// For each frame its colour, below `colors` (at least 1 is assumed).
pub fn frame_buckets(frames: &FrameTable, by: ColorBy, colors: u8) -> Vec<u8> {
    let bucket = |i| {
        let text = frames.text(FrameId(i));
        let key = match by {
            ColorBy::Package => group(text),
            ColorBy::Name => text.name,
        };
        (fnv1a(key) % u32::from(colors.max(1))) as u8
    };
    (0..frames.len() as u32).map(bucket).collect()
}

/// What a function is grouped by: its package, or else its file, or else its family of names.
pub(super) fn group(text: FrameText<'_>) -> &str {
    match (package(text), text.file) {
        ("", "") => family(text.name),
        ("", file) => file,
        (package, _) => package,
    }
}

/// The first word of a name: `handle` of `handle_order`, `handleOrder` and `handle order`.
fn family(name: &str) -> &str {
    let is_end = |(at, c): &(usize, char)| *at > 0 && (c.is_uppercase() || !c.is_alphanumeric());
    let end = name.char_indices().find(is_end).map_or(name.len(), |(at, _)| at);
    &name[..end]
}

pub(super) fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_stable() {
        assert_eq!(fnv1a("foobar"), 0xbf9c_f968);
    }

    #[test]
    fn functions_without_a_package_are_grouped_by_file_or_family() {
        let of = |name, file| group(FrameText { name, file, symbolized: true, ..FrameText::default() });
        assert_eq!(
            [of("handle_order", ""), of("handleCart", ""), of("été", "")],
            ["handle", "handle", "été"]
        );
        assert_eq!([of("price", "shop.c"), of("shop::price", "shop.rs"), of("", "")], ["shop.c", "shop", ""]);
    }
}
