//! Fill of a box: what its colour stands for, and how strong it is. The painter looks the colour up in the palette.

use crate::canvas::palette::FILLS;
use flarepath_profile::diff::color::{COLORS, Mark, mark};
use flarepath_profile::flame::origin_color::UNKNOWN;

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// One of the palette's colours.
    Colour(u8),
    /// A change between two profiles, see [`flarepath_profile::diff::color`].
    Change(u8),
    /// The root.
    Root,
    /// Boxes too small to be drawn on their own.
    Rest,
}

/// How much of its colour a box has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    Full,
    /// A box of few pixels, which would shout otherwise.
    Thin,
    /// Not matched by the search, or an ancestor of the box that fills the width.
    Faded,
}

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fill {
    pub(crate) role: Role,
    pub(crate) strength: Strength,
}

/// Number of roles.
const ROLES: usize = FILLS + COLORS as usize + 2;
const _: () = assert!(3 * ROLES <= u8::MAX as usize);
const CHANGES_FROM: usize = FILLS;
const ROOT: usize = CHANGES_FROM + COLORS as usize;

impl Fill {
    /// Number of fills.
    pub(crate) const COUNT: u8 = (3 * ROLES) as u8;

    /// A number below [`Fill::COUNT`].
    pub(crate) fn index(self) -> u8 {
        let role = match self.role {
            Role::Colour(i) => usize::from(i).min(FILLS - 1),
            Role::Change(i) => CHANGES_FROM + usize::from(i.min(COLORS - 1)),
            Role::Root => ROOT,
            Role::Rest => ROOT + 1,
        };
        (self.strength as usize * ROLES + role) as u8
    }

    /// The fill with this number.
    pub(crate) fn at(index: u8) -> Fill {
        let (strength, role) = (usize::from(index) / ROLES, usize::from(index) % ROLES);
        let strength = match strength {
            0 => Strength::Full,
            1 => Strength::Thin,
            _ => Strength::Faded,
        };
        let role = match role {
            ROOT => Role::Root,
            i if i > ROOT => Role::Rest,
            i if i >= CHANGES_FROM => Role::Change((i - CHANGES_FROM) as u8),
            i => Role::Colour(i as u8),
        };
        Fill { role, strength }
    }

    /// How opaque its colour is on the background.
    pub(crate) fn alpha(self) -> f64 {
        match self.strength {
            Strength::Full => 1.0,
            Strength::Thin => 0.65,
            Strength::Faded => 0.3,
        }
    }

    /// The mark of what is new or gone.
    pub(crate) fn mark(self) -> Option<Mark> {
        match self.role {
            Role::Change(colour) => mark(colour),
            _ => None,
        }
    }

    /// Whether it is hatched: its origin is unknown.
    pub(crate) fn is_hatched(self) -> bool {
        self.role == Role::Colour(UNKNOWN) && self.strength == Strength::Full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fill_has_a_number() {
        assert!((0..Fill::COUNT).all(|index| Fill::at(index).index() == index));
        let hatched: Vec<u8> = (0..Fill::COUNT).filter(|index| Fill::at(*index).is_hatched()).collect();
        assert_eq!(hatched, [UNKNOWN]);
    }
}
