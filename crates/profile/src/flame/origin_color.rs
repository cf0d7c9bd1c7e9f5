//! Colors of frames by the origin of their code, as indices into the page's palette, after those of [`super::color`].
//!
//! | origin | shades | what chooses one |
//! |---|---|---|
//! | own | 3 × 4, hues 18 to 46 | package, file or family of names: the row; name: the hue in it |
//! | library, runtime | 3 each | package, file or family of names |
//! | memory, kernel, waiting | 2 each | name |
//! | unknown | 1, hatched | |
//!
//! So functions stay distinguishable where all of them are own code.

use super::color::{fnv1a, group};
use crate::frame_table::{FrameId, FrameTable};
use crate::origin::Origin;

/// Colors of packages and names, which come first in the palette.
pub const HASHED: u8 = 16;
/// Shades of each origin, in the order of [`Origin::ALL`].
const SHADES: [u8; Origin::ALL.len()] = [12, 3, 3, 2, 2, 2, 1];
/// Hues in a row of own code.
const HUES: u32 = 4;
/// Colors in all, those of packages and names included.
pub const COLORS: u8 = first(Origin::Unknown) + 1;
/// The color of what is unknown, which is hatched.
pub const UNKNOWN: u8 = first(Origin::Unknown);

/// The first color of an origin.
pub const fn first(origin: Origin) -> u8 {
    let mut color = HASHED;
    let mut at = 0;
    while at < origin as usize {
        color += SHADES[at];
        at += 1;
    }
    color
}

/// The color that stands for an origin in a legend.
pub fn sample(origin: Origin) -> u8 {
    // Of own code the first shade is its reddest.
    first(origin) + if origin == Origin::Own { 2 } else { 0 }
}

/// For each frame the color of its origin, from [`HASHED`] to below [`COLORS`]. `origins` has one for each frame, as
/// [`crate::origin::origins`] gives them.
pub fn origin_colors(frames: &FrameTable, origins: &[Origin]) -> Vec<u8> {
    let of = |(at, &origin): (usize, &Origin)| {
        let text = frames.text(FrameId(at as u32));
        let shades = u32::from(SHADES[origin as usize]);
        let shade = match origin {
            Origin::Own => fnv1a(group(text)) % (shades / HUES) * HUES + fnv1a(text.name) % HUES,
            Origin::Library | Origin::Runtime => fnv1a(group(text)) % shades,
            _ => fnv1a(text.name) % shades,
        };
        first(origin) + shade as u8
    };
    origins.iter().take(frames.len()).enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::tree;
    use crate::origin::origins;
    use crate::own_code::OwnCode;
    use std::collections::BTreeSet;

    #[test]
    fn palette_has_all_colors() {
        assert_eq!((first(Origin::Own), UNKNOWN, COLORS), (16, 40, 41));
    }

    #[test]
    fn colors_are_those_of_the_origin() {
        let tree = tree("main.main;runtime.mallocgc 1\n main.main;encoding/json.Marshal 1");
        let origins = origins(tree.frames(), &OwnCode::default());
        let colors = origin_colors(tree.frames(), &origins);
        for (color, origin) in colors.into_iter().zip(origins) {
            assert!((first(origin)..first(origin) + SHADES[origin as usize]).contains(&color));
        }
    }

    #[test]
    fn own_code_alone_is_not_one_flat_color() {
        let tree = tree("main;handle_order;price 1\n main;handle_cart;total 1\n main;render;escape 1");
        let colors = origin_colors(tree.frames(), &origins(tree.frames(), &OwnCode::default()));
        let distinct: BTreeSet<u8> = colors[1..].iter().copied().collect();
        assert!(distinct.len() >= 4, "{distinct:?}");
    }
}
