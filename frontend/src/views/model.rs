//! What the views show, derived step by step from the profile and the view. Every step is computed when it
//! is first needed, and again only when what it depends on changes.

use super::derive;
use super::flame_graph::Zoom;
use super::on_screen;
use super::parts::Parts;
use super::picture::{Measure, Picture};
use super::sandwich::Sides;
use super::search::{self, Found};
use crate::browser::event::on_window_resize;
use crate::browser::media;
use crate::components::search_bar::SearchStatus;
use crate::reactive::{Callback, Memo, RwSignal, Signal};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::transform::{Transform, inverts, toggle_invert};
use crate::state::view::{HistoryMode, Mode, View};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{self, DiffTree};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::top_table::TopRow;

type Marks = Result<Option<Shared<Vec<bool>>>, String>;
type Colours = Option<Shared<Vec<u8>>>;

/// The derived state of one profile view. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Model {
    pub(super) view: Signal<View>,
    on_view: Callback<(View, HistoryMode)>,
    /// What the numbers mean.
    pub(super) measure: Signal<Measure>,
    /// The trees compared, if it is two.
    pub(super) both: Memo<Option<Result<Shared<DiffTree>, String>>>,
    /// The tree looked at, or why there is none.
    pub(super) tree: Memo<Option<Result<Shared<CallTree>, String>>>,
    /// The tree laid out.
    pub(super) picture: Memo<Option<Shared<Picture>>>,
    /// Colours of its frames.
    pub(super) colours: Memo<Colours>,
    marks: Memo<Marks>,
    found: Memo<Option<Shared<Found>>>,
    /// Rows of the table.
    pub(super) rows: Memo<Shared<Vec<TopRow>>>,
    /// The same stacks with callers above callees, whichever way the picture is turned.
    pub(super) upright: Memo<Option<Result<Shared<CallTree>, String>>>,
    /// Both sides of the sandwich's function.
    pub(super) sides: Memo<Option<Result<Sides, String>>>,
    /// The totals after all steps and before them; of both sides, where two trees are compared.
    left: Memo<Option<Vec<(i64, i64)>>>,
    /// Name of the function that is marked.
    pub(super) marked: RwSignal<Option<String>>,
    narrow: RwSignal<bool>,
    step_at: RwSignal<Option<usize>>,
    /// The node that the flame graph should go to.
    pub(super) jump: RwSignal<Option<(u64, NodeId)>>,
}

fn part<T: PartialEq + Send + Sync + 'static>(
    view: Signal<View>,
    f: impl Fn(&View) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move || view.with(&f))
}

impl Model {
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(super) fn new(
        profile: Signal<Option<LoadedProfile>>,
        view: Signal<View>,
        on_view: Callback<(View, HistoryMode)>,
        scale: Signal<derive::Scaling>,
    ) -> Model {
        let measure =
            Memo::new(move || profile.with(|p| p.as_ref().map_or_else(Measure::unknown, Measure::of)));
        let whole = Memo::new(move || profile.with(|p| p.as_ref().map(|p| Shared::from_arc(p.tree.clone()))));
        let steps = part(view, |v| v.transforms.clone());
        let compared = Memo::new(move || {
            profile.with(|p| p.as_ref().and_then(|p| p.diff.clone()).map(Shared::from_arc))
        });
        let kernels = Parts::of_program().and_then(|parts| parts.kernels);
        let both = Memo::new(move || {
            compared.get().zip(kernels).map(|(t, k)| (k.diff_steps)(t.arc(), &steps.get()))
        });
        let tree = Memo::new(move || {
            if let Some(both) = both.get() {
                return kernels.map(|k| both.and_then(|both| (k.sums)(&both)));
            }
            let (whole, steps) = (whole.get()?, steps.get());
            if steps.is_empty() {
                return Some(Ok(whole));
            }
            kernels.map(|k| (k.steps)(whole.arc(), &steps).map(Shared::from_arc))
        });
        let order = part(view, |v| v.order);
        let picture = Memo::new(move || {
            let order = order.get();
            let tree = tree.get().and_then(Result::ok)?;
            Some(match both.get().and_then(Result::ok).zip(kernels) {
                Some((both, k)) => (k.diff_picture)(&both, &tree, scale.get(), order),
                None => derive::picture(&tree, order),
            })
        });
        let by = part(view, |v| v.colour);
        let colours =
            Memo::new(move || tree.get().and_then(Result::ok).map(|t| derive::colours(&t, by.get())));
        let wanted = part(view, |v| (v.search.clone(), v.regex));
        let marks = Memo::new(move || {
            let (text, regex) = wanted.get();
            tree.get().and_then(Result::ok).map_or(Ok(None), |t| marks_of(&t, &text, regex))
        });
        let found = Memo::new(move || {
            let (marks, picture) = (marks.get().ok().flatten()?, picture.get()?);
            Some(Shared::new(search::find(&picture, &marks)))
        });
        let functions = Memo::new(move || tree.get().and_then(Result::ok).map(|t| derive::functions(&t)));
        let sort = part(view, |v| (v.sort, v.sort_reversed));
        let rows = Memo::new(move || {
            let (by, reversed) = sort.get();
            match (tree.get().and_then(Result::ok), functions.get()) {
                (Some(tree), Some(functions)) => {
                    let marks = marks.get().ok().flatten();
                    derive::table_rows(&tree, &functions, marks.as_ref().map(|m| m.as_slice()), by, reversed)
                }
                _ => Shared::new(Vec::new()),
            }
        });
        let function = part(view, |v| v.function.clone());
        // A tree turned around twice is what it was, so that the sandwich is of the same stacks as the picture.
        let upright = Memo::new(move || {
            let tree = tree.get()?;
            Some(match tree {
                Ok(tree) if steps.with(|s| inverts(s)) => (kernels?.turned)(&tree).map(Shared::new),
                other => other,
            })
        });
        let sides = Memo::new(move || {
            let (tree, function) = (upright.get()?, function.get()?);
            let sides = kernels?.sides;
            Some(tree.and_then(|tree| sides(&tree, &function, order.get())))
        });
        let left = Memo::new(move || {
            let pair = |tree: &DiffTree| diff::Side::BOTH.map(|side| tree.total(NodeId::ROOT).of(side));
            let (whole, shown) = match (compared.get(), both.get()) {
                (Some(whole), Some(shown)) => (pair(&whole).to_vec(), pair(&*shown.ok()?).to_vec()),
                _ => {
                    let root = |tree: &CallTree| vec![tree.total(NodeId::ROOT)];
                    (root(&*whole.get()?), root(&*tree.get()?.ok()?))
                }
            };
            Some(shown.into_iter().zip(whole).collect())
        });
        let narrow = RwSignal::new(media::is_narrow());
        on_window_resize(move || {
            let now = media::is_narrow();
            if narrow.try_get_untracked().is_some_and(|n| n != now) {
                narrow.set(now);
            }
        });
        on_screen::tell_profile(profile);
        Model {
            view,
            on_view,
            measure,
            both,
            tree,
            picture,
            colours,
            marks,
            found,
            rows,
            upright,
            sides,
            left,
            marked: RwSignal::new(None),
            narrow,
            step_at: RwSignal::new(None),
            jump: RwSignal::new(None),
        }
    }

    /// The picture on screen: what the view says, or what suits the screen.
    pub(super) fn mode(self) -> Mode {
        let default = if self.narrow.get() { Mode::Table } else { Mode::Flame };
        self.view.with(|v| v.mode).unwrap_or(default)
    }

    /// Asks for another view.
    pub(super) fn change(self, mode: HistoryMode, f: impl FnOnce(&mut View)) {
        let mut view = self.view.get_untracked();
        let before = view.clone();
        f(&mut view);
        if view != before {
            self.on_view.run((view, mode));
        }
    }

    /// Asks for another shape of tree, in which the zoom has no meaning.
    pub(super) fn reshape(self, f: impl FnOnce(&mut View)) {
        self.change(HistoryMode::Push, |view| {
            f(view);
            *view = view.unzoomed();
        });
    }

    /// Does one more step before the tree is drawn.
    pub(super) fn transform(self, step: Transform) {
        self.reshape(|view| {
            if view.transforms.last() != Some(&step) {
                view.transforms.push(step);
            }
        });
    }

    /// Turns the tree around.
    pub(super) fn turn(self) {
        self.reshape(|view| toggle_invert(&mut view.transforms));
    }

    /// What share of the total the steps have left.
    pub(super) fn left(self) -> String {
        let measure = self.measure.get();
        let shares: Vec<String> =
            self.left.get().iter().flatten().map(|(shown, whole)| measure.share(*shown, *whole)).collect();
        match &shares[..] {
            [share] => format!("{share} of the total is left"),
            [before, after] => format!("{before} of the baseline and {after} of the comparison are left"),
            _ => String::new(),
        }
    }

    pub(super) fn zoom(self) -> Signal<Zoom> {
        part(self.view, |v| Zoom { path: v.zoom.clone(), window: v.window })
    }

    pub(super) fn on_zoom(self) -> Callback<(Zoom, HistoryMode)> {
        Callback::new(move |(zoom, mode): (Zoom, HistoryMode)| {
            self.change(mode, |view| (view.zoom, view.window) = (zoom.path, zoom.window));
        })
    }

    /// The frames to mark in a tree of its own frame table: by the search, or else the marked function.
    pub(super) fn marks_in(
        self,
        tree: impl Fn() -> Option<Shared<Picture>> + Send + Sync + 'static,
    ) -> Memo<Option<Shared<Vec<bool>>>> {
        let wanted = part(self.view, |v| (v.search.clone(), v.regex));
        Memo::new(move || {
            let picture = tree()?;
            let (text, regex) = wanted.get();
            if let Some(marks) = marks_of(&picture.tree, &text, regex).ok().flatten() {
                return Some(marks);
            }
            self.marked.get().map(|name| Shared::new(picture.tree.frames().named(&name)))
        })
    }

    /// The frame of the marked function in the shown tree.
    pub(super) fn marked_frame(self) -> Signal<Option<FrameId>> {
        Memo::new(move || {
            let (name, tree) = (self.marked.get()?, self.tree.get()?.ok()?);
            let at = tree.frames().named(&name).iter().position(|named| *named)?;
            Some(FrameId(at as u32))
        })
    }

    /// What the search came to.
    pub(super) fn search_status(self) -> Signal<SearchStatus> {
        Signal::derive(move || {
            if let Err(error) = self.marks.get() {
                return SearchStatus { error: Some(error), ..SearchStatus::default() };
            }
            let (Some(found), Some(picture)) = (self.found.get(), self.picture.get()) else {
                return SearchStatus::default();
            };
            let nodes = found.matches.nodes.len();
            let share = share_found(&found, &picture, &self.measure.get());
            let at = self.step_at.get().filter(|at| *at < nodes).map(|at| format!("{} of ", at + 1));
            let summary = match nodes {
                0 => "no match".to_owned(),
                _ => format!(
                    "{share} · {}{nodes} boxes · {} functions",
                    at.unwrap_or_default(),
                    found.functions
                ),
            };
            SearchStatus { summary, error: None, any: nodes > 0 }
        })
    }

    /// Goes to the next match or the previous one.
    pub(super) fn step(self, forward: bool) {
        let Some(found) = self.found.get_untracked() else { return };
        let at = self.step_at.get_untracked().filter(|at| *at < found.matches.nodes.len());
        let Some(to) = search::step(found.matches.nodes.len(), at, forward) else { return };
        self.step_at.set(Some(to));
        let turn = self.jump.get_untracked().map_or(0, |(turn, _)| turn) + 1;
        self.jump.set(Some((turn, found.matches.nodes[to])));
    }

    /// Searches for something else.
    pub(super) fn search(self, text: String, regex: bool) {
        self.step_at.set(None);
        // A letter typed is no step to go back to; another way of reading the text is.
        let toggled = self.view.with_untracked(|v| v.regex) != regex;
        let mode = if toggled { HistoryMode::Push } else { HistoryMode::Replace };
        self.change(mode, |view| (view.search, view.regex) = (text, regex));
    }
}

fn share_found(found: &Found, picture: &Picture, measure: &Measure) -> String {
    match &picture.changes {
        None => {
            format!("{} of total", measure.share(found.matches.total, picture.tree.total(NodeId::ROOT)))
        }
        Some(changes) => {
            let whole = changes.both.total(NodeId::ROOT);
            let [before, after] =
                diff::Side::BOTH.map(|side| measure.share(found.both.of(side), whole.of(side)));
            format!("{before} before, {after} now")
        }
    }
}

fn marks_of(tree: &CallTree, text: &str, regex: bool) -> Marks {
    let marks = search::marks(tree.frames(), text, regex).map_err(|e| e.to_string())?;
    Ok(marks.map(Shared::new))
}
