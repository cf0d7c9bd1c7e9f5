//! Colors of frames, as indices into a palette that the page owns.
//!
//! Equal packages (or names) have equal colours in every picture, on every machine and in every version: the
//! index comes from a hash that is fixed here (FNV-1a, 32 bits).

use crate::frame_table::{FrameId, FrameTable};
use crate::package::package;

/// What gives frames their colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorBy {
    /// The package, see [`package()`].
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
            ColorBy::Package => package(text),
            ColorBy::Name => text.name,
        };
        (fnv1a(key) % u32::from(colors.max(1))) as u8
    };
    (0..frames.len() as u32).map(bucket).collect()
}

fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_stable() {
        assert_eq!(fnv1a("foobar"), 0xbf9c_f968);
    }
}
