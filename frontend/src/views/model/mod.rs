//! Derived state of one profile view: trees, layout, colours, matches, table rows. Each step is computed when it is first
//! needed, and again only when something that it depends on changes.

mod matches;
pub(crate) mod trees;

use super::derive;
use super::flame::graph::Zoom;
use super::kernels::Kernels;
use super::on_screen;
use super::picture::{Measure, Picture};
use super::sandwich::Sides;
use super::scales::Scaling;
use crate::browser::media;
use crate::components::search_bar::SearchStatus;
use crate::reactive::{Callback, Memo, RwSignal, Signal};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::transform::{Transform, toggle_invert};
use crate::state::view::{HistoryMode, Mode, View};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::top_table::TopRow;
use matches::{Matches, marks_of};
use trees::Trees;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Model {
    pub(super) view: Signal<View>,
    on_view: Callback<(View, HistoryMode)>,
    /// Unit of the numbers.
    pub(super) measure: Signal<Measure>,
    pub(super) trees: Trees,
    /// The tree laid out.
    pub(super) picture: Memo<Option<Shared<Picture>>>,
    /// Colour of each frame.
    pub(super) colours: Memo<Option<Shared<Vec<u8>>>>,
    pub(super) matches: Matches,
    /// Rows of the table of functions.
    pub(super) rows: Memo<Shared<Vec<TopRow>>>,
    /// The function in the middle of the sandwich: as chosen, or the first of the table.
    pub(super) function: Memo<Option<String>>,
    /// Its callers and callees.
    pub(super) sides: Memo<Option<Result<Sides, String>>>,
    /// Name of the highlighted function.
    pub(super) marked: RwSignal<Option<String>>,
    pub(super) narrow: RwSignal<bool>,
}

/// A part of the view that is followed on its own.
fn slice<T: PartialEq + Send + Sync + 'static>(
    view: Signal<View>,
    f: impl Fn(&View) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move || view.with(&f))
}

#[inline(never)]
fn picture(
    view: Signal<View>,
    trees: Trees,
    scale: Signal<Scaling>,
    kernels: Option<Kernels>,
) -> Memo<Option<Shared<Picture>>> {
    let order = slice(view, |v| v.order);
    Memo::new(move || {
        let (order, tree) = (order.get(), trees.get()?);
        Some(match trees.diff.get().and_then(Result::ok).zip(kernels) {
            Some((diff, k)) => (k.diff_picture)(&diff, &tree, scale.get(), order),
            None => derive::picture(&tree, order),
        })
    })
}

#[inline(never)]
fn rows(view: Signal<View>, trees: Trees, matches: Matches) -> Memo<Shared<Vec<TopRow>>> {
    let functions = Memo::new(move || trees.get().map(|tree| derive::functions(&tree)));
    let sort = slice(view, |v| (v.sort, v.sort_reversed));
    Memo::new(move || {
        let ((by, reversed), marks) = (sort.get(), matches.marks());
        match (trees.get(), functions.get()) {
            (Some(tree), Some(functions)) => {
                let marks = marks.as_ref().map(|m| m.as_slice());
                derive::table_rows(&tree, &functions, marks, by, reversed)
            }
            _ => Shared::new(Vec::new()),
        }
    })
}

#[inline(never)]
fn function(view: Signal<View>, trees: Trees, rows: Memo<Shared<Vec<TopRow>>>) -> Memo<Option<String>> {
    let chosen = slice(view, |v| v.function.clone());
    Memo::new(move || {
        chosen.get().or_else(|| {
            let first = rows.with(|rows| rows.first().map(|row| row.frame))?;
            trees.get().map(|tree| tree.frames().name(first).to_owned())
        })
    })
}

#[inline(never)]
fn sides(
    view: Signal<View>,
    trees: Trees,
    function: Memo<Option<String>>,
    kernels: Option<Kernels>,
) -> Memo<Option<Result<Sides, String>>> {
    let order = slice(view, |v| v.order);
    Memo::new(move || {
        let (tree, function) = (trees.upright.get()?, function.get()?);
        let sides = kernels?.sides;
        Some(tree.and_then(|tree| sides(&tree, &function, order.get())))
    })
}

impl Model {
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(super) fn new(
        profile: Signal<Option<LoadedProfile>>,
        view: Signal<View>,
        on_view: Callback<(View, HistoryMode)>,
        scale: Signal<Scaling>,
    ) -> Model {
        let kernels = Kernels::of_program();
        let measure =
            Memo::new(move || profile.with(|p| p.as_ref().map_or_else(Measure::unknown, Measure::of)));
        let trees = Trees::new(profile, view, kernels);
        let picture = picture(view, trees, scale, kernels);
        let by = slice(view, |v| v.colour);
        let colours = Memo::new(move || {
            // The boxes of a difference have the colours of their changes.
            let tree = trees.get().filter(|_| trees.diff.with(Option::is_none))?;
            Some(derive::colours(&tree, by.get(), || trees.origins(&tree)))
        });
        let matches = Matches::new(view, trees, picture);
        let rows = rows(view, trees, matches);
        let function = function(view, trees, rows);
        on_screen::add_profile(profile);
        Model {
            view,
            on_view,
            measure,
            trees,
            picture,
            colours,
            matches,
            rows,
            function,
            sides: sides(view, trees, function, kernels),
            marked: RwSignal::new(None),
            narrow: media::narrow(),
        }
    }

    /// The same with another layout of its tree.
    pub(super) fn drawn_as(self, picture: Memo<Option<Shared<Picture>>>) -> Model {
        Model { picture, matches: Matches::new(self.view, self.trees, picture), ..self }
    }

    /// The view mode: as chosen, or what suits the width of the window.
    pub(super) fn mode(self) -> Mode {
        // On a phone, the table comes first, and the graph is below it.
        let default = if self.narrow.get() { Mode::Both } else { Mode::Flame };
        self.view.with(|v| v.mode).unwrap_or(default)
    }

    /// Whether the window is as narrow as a phone.
    pub(super) fn is_narrow(self) -> bool {
        self.narrow.get()
    }

    /// Changes the view.
    pub(super) fn change(self, mode: HistoryMode, f: impl FnOnce(&mut View)) {
        let mut view = self.view.get_untracked();
        let before = view.clone();
        f(&mut view);
        if view != before {
            self.on_view.run((view, mode));
        }
    }

    /// Changes the view in a way that changes the tree, for which the zoom has no meaning.
    pub(super) fn reshape(self, f: impl FnOnce(&mut View)) {
        self.change(HistoryMode::Push, |view| {
            f(view);
            *view = view.unzoomed();
        });
    }

    /// Adds a transform.
    pub(super) fn transform(self, step: Transform) {
        self.reshape(|view| {
            if view.transforms.last() != Some(&step) {
                view.transforms.push(step);
            }
        });
    }

    /// Inverts the tree, or no longer.
    pub(super) fn invert(self) {
        self.reshape(|view| toggle_invert(&mut view.transforms));
    }

    pub(super) fn zoom(self) -> Signal<Zoom> {
        slice(self.view, |v| Zoom { path: v.zoom.clone(), window: v.window })
    }

    pub(super) fn on_zoom(self) -> Callback<(Zoom, HistoryMode)> {
        Callback::new(move |(zoom, mode): (Zoom, HistoryMode)| {
            self.change(mode, |view| (view.zoom, view.window) = (zoom.path, zoom.window));
        })
    }

    /// The frames to highlight in a picture with its own frame table: matches of the search, or else the highlighted
    /// function.
    pub(super) fn marks_in(
        self,
        picture: impl Fn() -> Option<Shared<Picture>> + Send + Sync + 'static,
    ) -> Memo<Option<Shared<Vec<bool>>>> {
        let wanted = slice(self.view, |v| (v.search.clone(), v.regex));
        Memo::new(move || {
            let picture = picture()?;
            let (text, regex) = wanted.get();
            if let Some(marks) = marks_of(&picture.tree, &text, regex).ok().flatten() {
                return Some(marks);
            }
            self.marked.get().map(|name| Shared::new(picture.tree.frames().named(&name)))
        })
    }

    /// The frame of the highlighted function in the tree shown.
    pub(super) fn marked_frame(self) -> Signal<Option<FrameId>> {
        self.frame_named(move || self.marked.get())
    }

    /// The frame of the function with this name in the tree shown.
    pub(super) fn frame_named(
        self,
        name: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Signal<Option<FrameId>> {
        Memo::new(move || {
            let (name, tree) = (name()?, self.trees.get()?);
            let at = tree.frames().named(&name).iter().position(|named| *named)?;
            Some(FrameId(at as u32))
        })
    }

    /// Result of the search.
    pub(super) fn search_status(self) -> Signal<SearchStatus> {
        Signal::derive(move || self.matches.status(self.picture, &self.measure.get()))
    }

    /// Searches.
    pub(super) fn search(self, text: String, regex: bool) {
        self.matches.restart();
        // Typing replaces the entry in the history; switching between text and pattern adds one.
        let toggled = self.view.with_untracked(|v| v.regex) != regex;
        let mode = if toggled { HistoryMode::Push } else { HistoryMode::Replace };
        self.change(mode, |view| (view.search, view.regex) = (text, regex));
    }
}
