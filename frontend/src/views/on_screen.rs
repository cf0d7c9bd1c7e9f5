//! What is on screen, for those that save it: pictures and profiles tell of themselves here while they are shown.
//!
//! Only handles are kept, and none that keeps anything alive.

use crate::canvas::palette::Palette;
use crate::canvas::surface::Size;
use crate::reactive::Signal;
use crate::state::loaded_profile::LoadedProfile;
use crate::views::flame_graph::scene::Scene;
use flarepath_profile::call_tree::CallTree;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// A picture as it was drawn last.
pub(crate) struct Drawn<'a> {
    /// What was drawn.
    pub(crate) scene: &'a Scene,
    /// In which colours.
    pub(crate) palette: &'a Palette,
    /// Whose names.
    pub(crate) tree: &'a CallTree,
    /// What it is called.
    pub(crate) label: String,
    /// How large, in CSS pixels.
    pub(crate) size: Size,
    /// Left and top edge in the window, in CSS pixels.
    pub(crate) at: (f64, f64),
    /// Width of a character.
    pub(crate) advance: f64,
}

/// A canvas that shows boxes.
pub(crate) trait Shown {
    /// Hands out what it drew last, if anything.
    fn drawn(&self, see: &mut dyn FnMut(Drawn<'_>));
}

thread_local! {
    static PICTURES: RefCell<Vec<Weak<dyn Shown>>> = const { RefCell::new(Vec::new()) };
    static PROFILES: RefCell<Vec<Signal<Option<LoadedProfile>>>> = const { RefCell::new(Vec::new()) };
}

/// Tells of a picture.
pub(crate) fn tell_picture(picture: Weak<dyn Shown>) {
    PICTURES.with_borrow_mut(|all| {
        all.retain(|one| one.strong_count() > 0);
        all.push(picture);
    });
}

/// Tells of a profile.
pub(crate) fn tell_profile(profile: Signal<Option<LoadedProfile>>) {
    PROFILES.with_borrow_mut(|all| {
        all.retain(|one| one.try_get_untracked().is_some());
        all.push(profile);
    });
}

/// The pictures on screen.
pub(crate) fn pictures() -> Vec<Rc<dyn Shown>> {
    PICTURES.with_borrow(|all| all.iter().filter_map(Weak::upgrade).collect())
}

/// The profiles on screen.
pub(crate) fn profiles() -> Vec<LoadedProfile> {
    PROFILES.with_borrow(|all| all.iter().filter_map(|one| one.try_get_untracked().flatten()).collect())
}
