//! Registry of the pictures and profiles on screen, and of what is said about a comparison, for saving and sharing them.
//!
//! Holds weak handles only.

use crate::canvas::palette::Palette;
use crate::canvas::surface::Size;
use crate::reactive::Signal;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::verdict::Verdict;
use crate::views::flame::scene::Scene;
use flarepath_profile::call_tree::CallTree;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// A picture as drawn last.
pub(crate) struct Drawn<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) palette: &'a Palette,
    pub(crate) tree: &'a CallTree,
    /// Its accessible name.
    pub(crate) label: String,
    pub(crate) size: Size,
    /// Left and top edge in the window, in CSS pixels.
    pub(crate) at: (f64, f64),
    /// Width of a character, in CSS pixels.
    pub(crate) advance: f64,
}

/// A canvas that shows boxes.
pub(crate) trait Shown {
    /// Calls `see` with what it drew last, if anything.
    fn drawn(&self, see: &mut dyn FnMut(Drawn<'_>));
}

thread_local! {
    static PICTURES: RefCell<Vec<Weak<dyn Shown>>> = const { RefCell::new(Vec::new()) };
    static PROFILES: RefCell<Vec<Signal<Option<LoadedProfile>>>> = const { RefCell::new(Vec::new()) };
    static VERDICTS: RefCell<Vec<Signal<Option<Verdict>>>> = const { RefCell::new(Vec::new()) };
    static TOTALS: RefCell<Vec<Signal<Vec<String>>>> = const { RefCell::new(Vec::new()) };
}

/// Registers a picture.
pub(crate) fn add_picture(picture: Weak<dyn Shown>) {
    PICTURES.with_borrow_mut(|all| {
        all.retain(|one| one.strong_count() > 0);
        all.push(picture);
    });
}

/// Registers a profile.
pub(crate) fn add_profile(profile: Signal<Option<LoadedProfile>>) {
    PROFILES.with_borrow_mut(|all| {
        all.retain(|one| one.try_get_untracked().is_some());
        all.push(profile);
    });
}

/// Registers the verdict on a comparison.
pub(crate) fn add_verdict(verdict: Signal<Option<Verdict>>) {
    VERDICTS.with_borrow_mut(|all| {
        all.retain(|one| one.try_get_untracked().is_some());
        all.push(verdict);
    });
}

/// Registers the totals of both sides of a comparison, as text.
pub(crate) fn add_totals(totals: Signal<Vec<String>>) {
    TOTALS.with_borrow_mut(|all| {
        all.retain(|one| one.try_get_untracked().is_some());
        all.push(totals);
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

/// The verdict on screen.
pub(crate) fn verdict() -> Option<Verdict> {
    VERDICTS.with_borrow(|all| all.iter().find_map(|one| one.try_get_untracked().flatten()))
}

/// The totals of both sides on screen; empty without them.
pub(crate) fn totals() -> Vec<String> {
    TOTALS.with_borrow(|all| all.iter().find_map(|one| one.try_get_untracked()).unwrap_or_default())
}
